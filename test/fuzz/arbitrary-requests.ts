import fc, { type Arbitrary } from 'fast-check';
import { mutatedBody, rawBody, validBody } from './arbitrary-bodies.ts';
import { hostileRequest } from './arbitrary-hostile.ts';
import { anyText, validFor } from './arbitrary-values.ts';
import { type FuzzRequest, type Kind, toBytes } from './fuzz-request.ts';
import type { OpenApi, Operation, Parameter } from './openapi.ts';

type Pairs = readonly (readonly [string, string])[];

/** Requests of every kind for every operation of the document. */
export function anyRequest(api: OpenApi): Arbitrary<FuzzRequest> {
  // What changes something has the most to get wrong.
  const weight = ({ method, parameters }: Operation) =>
    method !== 'GET' ? 4 : parameters === undefined ? 1 : 2;
  return fc.oneof(
    ...api.operations.map((operation) => ({
      weight: weight(operation),
      arbitrary: requestFor(api, operation),
    })),
  );
}

function requestFor(api: OpenApi, operation: Operation): Arbitrary<FuzzRequest> {
  const valid = shaped(api, operation, 'valid');
  return fc.oneof(
    { weight: 5, arbitrary: valid },
    { weight: 4, arbitrary: shaped(api, operation, 'mutated') },
    { weight: 2, arbitrary: shaped(api, operation, 'raw') },
    { weight: 1, arbitrary: fc.tuple(valid, fc.nat()).map(([request, at]) => cut(request, at)) },
    { weight: 2, arbitrary: hostileRequest(valid) },
  );
}

/** `mutated`: of path, query, headers and body at least one is most probably wrong. */
function shaped(api: OpenApi, operation: Operation, kind: Kind): Arbitrary<FuzzRequest> {
  const { method, path, parameters = [], requestBody } = operation;
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const inHeader = parameters.filter((parameter) => parameter.in === 'header');
  const schema = requestBody?.content['application/json']?.schema;
  const mutate = (arbitrary: Arbitrary<Pairs>) =>
    kind === 'mutated'
      ? fc.oneof({ weight: 2, arbitrary }, { weight: 1, arbitrary: distorted(arbitrary) })
      : arbitrary;
  const body = schema === undefined ? unwantedBody(api, kind) : bodyFor(api, schema, kind);
  return fc
    .record({
      path: pathFor(path, kind),
      query: mutate(query(api, inQuery)),
      headers: mutate(headers(api, inHeader)).map((pairs) => pairs.map(sendable)),
      body,
      type: kind === 'raw' ? contentTypes : fc.constant('application/json'),
    })
    .map((parts) => ({
      kind,
      method,
      target: parts.path + asText(parts.query),
      headers: [
        ...parts.headers,
        ...(parts.body === undefined ? [] : [['Content-Type', parts.type] as const]),
      ],
      body: parts.body,
      mayPark: mayPark(operation, parts),
    }));
}

function bodyFor(api: OpenApi, schema: object, kind: Kind): Arbitrary<Buffer> {
  const valid = validBody(api, schema);
  const mutated = fc.oneof(
    { weight: 3, arbitrary: mutatedBody(api, schema) },
    { weight: 1, arbitrary: valid },
  );
  return kind === 'valid' ? valid : kind === 'mutated' ? mutated : rawBody(api, schema);
}

/** For an operation that takes none. */
function unwantedBody(api: OpenApi, kind: Kind): Arbitrary<Buffer | undefined> {
  const none = fc.constant(undefined);
  return kind === 'raw' ? fc.oneof(none, rawBody(api, {}), fc.constant(Buffer.from('{}'))) : none;
}

const contentTypes = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'text/plain',
    'application/json; charset=utf-16',
    'application/json;charset=utf-8',
    '',
    '/',
  ),
);

function pathFor(path: string, made: Kind): Arbitrary<string> {
  const [place] = /\{\w+\}/.exec(path) ?? [];
  if (place === undefined) {
    return fc.constant(path);
  }
  const kind = path.startsWith('/approvals') ? 'approval' : path.startsWith('/tokens') ? 'token' : 'agent';
  const known = fc.nat(7).map((index) => `{${kind}:${index}}`);
  const any = anyText.map((text) => encodeURIComponent(text.toWellFormed()));
  const id = fc.oneof(
    { weight: made === 'mutated' ? 2 : 8, arbitrary: known },
    { weight: 1, arbitrary: any },
  );
  return id.map((text) => path.replace(place, () => text));
}

function query(api: OpenApi, parameters: readonly Parameter[]): Arbitrary<Pairs> {
  const cursor = fc.nat(7).map((index) => `{cursor:${index}}`);
  const each = parameters.map(({ name, schema }) => {
    const values = name === 'cursor' ? cursor : validFor(api, schema, name).filter((value) => value !== null);
    const pairs = values.map((value) =>
      [value].flat().map((one) => [name, name === 'cursor' ? one : encoded(String(one))]),
    );
    return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: pairs });
  });
  return fc.tuple(...each).map((lists) => lists.flat() as unknown as Pairs);
}

function headers(api: OpenApi, parameters: readonly Parameter[]): Arbitrary<Pairs> {
  const each = parameters.map(({ name, schema, required }) => {
    const limited = name === 'Sallyport-Min-Seq' ? { enum: ['0', '1'] } : schema;
    const pairs = validFor(api, limited, name).map((value) => [[name, String(value)]]);
    return required
      ? pairs
      : fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: pairs });
  });
  return fc.tuple(...each).map((lists) => lists.flat() as unknown as Pairs);
}

/** One of them missing, twice, with another value, or one more that nobody knows. */
function distorted(pairs: Arbitrary<Pairs>): Arbitrary<Pairs> {
  const value = fc.oneof(
    anyText.map((text) => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom(
      '',
      '%00',
      '%ff',
      '-1',
      '01',
      '1e3',
      '1.0',
      '0x10',
      '99999999999999999999',
      'true',
      '[]',
      '*',
    ),
  );
  return fc
    .tuple(pairs, fc.nat(), value, fc.constantFrom('drop', 'twice', 'change', 'add'))
    .map(([all, at, other, how]) => {
      const index = at % (all.length + 1);
      const name = all[index]?.[0];
      if (name === undefined || how === 'add') {
        return [...all, ['unknown', other] as const];
      }
      const rest = all.filter((_, place) => place !== index);
      const own = all[index] as readonly [string, string];
      return how === 'drop' ? rest : [...rest, ...(how === 'twice' ? [own] : []), [name, other] as const];
    });
}

/** A request of which the end is missing: it must never be carried out. */
function cut(request: FuzzRequest, at: number): FuzzRequest {
  const bytes = toBytes({ ...request, headers: [['Host', 'localhost'], ...request.headers] });
  return { ...request, kind: 'raw', mayPark: true, bytes: bytes.subarray(0, at % bytes.length) };
}

/** A wait without a short limit of its own, and whatever asks for a state of the far future. */
function mayPark(
  { path }: Operation,
  parts: { query: Pairs; headers: Pairs; body?: Buffer | undefined },
): boolean {
  const [, seq = '0'] = parts.headers.findLast(([name]) => name === 'Sallyport-Min-Seq') ?? [];
  if (Number(seq) > 1) {
    return true;
  }
  const text = `${asText(parts.query)} ${parts.body?.toString() ?? ''}`;
  return /\/wait$/.test(path) && !/timeout_ms(?:=|":)[0-5]\b/.test(text);
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** What a header can carry: the bytes of the text, without what ends it. */
function sendable([name, value]: readonly [string, string]): readonly [string, string] {
  return [
    name,
    Buffer.from(value)
      .toString('latin1')
      .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ''),
  ];
}

function asText(query: Pairs): string {
  return query.length === 0 ? '' : `?${query.map(([name, value]) => `${name}=${value}`).join('&')}`;
}
