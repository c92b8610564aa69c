import fc, { type Arbitrary } from 'fast-check';
import type { OpenApi, Schema } from './openapi.ts';

/** Text that breaks what takes text for granted. */
export const AWKWARD_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00\ud800',
  'a\u2028b\u2029c',
  'line\r\nbreak\n\ndata: {"seq":1}\n\n',
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007',
  '\u202eright to left\u202c \u2066\u2069',
  '\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627',
  '\u{1f469}\u200d\u{1f4bb}\u{e0100}',
  'e\u0301\u0301\u0301\u0301',
  '\ufeff\ufffe\uffff\u{10ffff}',
  '<script>alert(1)</script>',
  `'"\`;--\${x}{{x}}%s%n`,
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  'null',
  '-0',
];

export const anyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...AWKWARD_TEXTS),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

export const anyJson: Arbitrary<unknown> = fc.oneof(
  { depthSize: 'small', withCrossShrink: true },
  fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  anyText,
  fc.constantFrom(null, true, 0, -0, -1, 1.5, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 1e21, 5e-324, [], {}),
);

/** By the name of a field or a parameter: values that meet each other, or that lead somewhere. */
const TELLING: Readonly<Record<string, Arbitrary<unknown>>> = {
  'X-Session-Id': fc.constantFrom('s-1', 's-1', 's-1', 's-2'),
  session_id: fc.constantFrom('s-1', 's-2'),
  'Idempotency-Key': fc.constantFrom('key-1', 'key-2', 'key-3'),
  // One of the far future is given up by the client: the answer takes seconds.
  'Sallyport-Min-Seq': fc.constantFrom('0', '1'),
  'Last-Event-ID': fc.constantFrom('0', '1', '7f3a9c21-1'),
  last_event_id: fc.constantFrom('0', '1', '7f3a9c21-1'),
  id: fc.constantFrom('agent-1', 'agent-2', 'agent-3'),
  agent_id: fc.constantFrom('agent-1', 'agent-2', 'agent-3', null),
  kind: fc.constantFrom(
    'deploy.started',
    'host.notification',
    'host.other',
    'agent.registered',
    'approval.mine',
  ),
  resolution: fc.constantFrom('approve', 'deny'),
  approve_label: fc.constantFrom('approve', 'deny'),
  timeout_ms: fc.constantFrom(0, 1, 5),
};

/** Values that the document allows. */
export function validFor(api: OpenApi, named: Schema, name = ''): Arbitrary<unknown> {
  const schema = api.resolve(named);
  const telling = TELLING[name];
  const plain = plainFor(api, schema);
  if (telling === undefined) {
    return plain;
  }
  const fitting = telling.filter((value) => value !== null || typesOf(schema).includes('null'));
  // What waits long is given up after a moment, which takes time from all the others.
  return fc.oneof({ weight: name === 'timeout_ms' ? 40 : 4, arbitrary: fitting }, plain);
}

export function typesOf({ type }: Schema): readonly string[] {
  return type === undefined ? [] : [type].flat();
}

function plainFor(api: OpenApi, schema: Schema): Arbitrary<unknown> {
  if (schema.enum !== undefined) {
    return fc.constantFrom(...schema.enum);
  }
  const types = typesOf(schema);
  return types.length === 0 ? anyJson : fc.oneof(...types.map((type) => ofType(api, schema, type)));
}

function ofType(api: OpenApi, schema: Schema, type: string): Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? Number.MIN_SAFE_INTEGER,
        max: schema.maximum ?? Number.MAX_SAFE_INTEGER,
      });
    case 'array':
      return listFor(api, schema);
    case 'object':
      return objectFor(api, schema);
    case 'string':
      return textFor(schema);
    default:
      throw new Error(`no arbitrary for the type ${type}`);
  }
}

function listFor(api: OpenApi, { items, maxItems = 3, uniqueItems }: Schema): Arbitrary<unknown> {
  const item = validFor(api, items as Schema);
  const few = { maxLength: Math.min(maxItems, 4) };
  const full = { minLength: maxItems, maxLength: maxItems };
  const listOf = (size: object) => (uniqueItems ? fc.uniqueArray(item, size) : fc.array(item, size));
  return fc.oneof({ weight: 10, arbitrary: listOf(few) }, { weight: 1, arbitrary: listOf(full) });
}

function objectFor(api: OpenApi, { properties = {}, required = [] }: Schema): Arbitrary<unknown> {
  const members: Record<string, Arbitrary<unknown>> = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, validFor(api, schema, name)]),
  );
  return fc.record(members, { requiredKeys: [...required], noNullPrototype: true });
}

function textFor(schema: Schema): Arbitrary<string> {
  if (schema.format === 'date-time') {
    const min = new Date('0001-01-01');
    return fc
      .date({ min, max: new Date('9999-12-31'), noInvalidDate: true })
      .map((time) => time.toISOString());
  }
  if (schema.pattern !== undefined) {
    const pattern = new RegExp(schema.pattern);
    // fast-check makes no text for a lookahead: it is left out, and holds by the filter.
    const made = new RegExp(schema.pattern.replaceAll(/\(\?[=!][^)]*\)/g, ''));
    return fc.stringMatching(made).filter((text) => pattern.test(text));
  }
  const { minLength = 0, maxLength = 50 } = schema;
  const fits = (text: string) => [...text].length >= minLength && [...text].length <= maxLength;
  const atLimit = fc.constantFrom('x', '\u{1f600}', '\u0000', '\u2028');
  return fc.oneof(
    { weight: 10, arbitrary: anyText.filter(fits) },
    { weight: 1, arbitrary: atLimit.map((one) => one.repeat(maxLength)) },
  );
}
