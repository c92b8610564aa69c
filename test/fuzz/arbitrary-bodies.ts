import fc, { type Arbitrary } from 'fast-check';
import { anyJson, anyText, typesOf, validFor } from './arbitrary-values.ts';
import type { OpenApi, Schema } from './openapi.ts';

type Members = Readonly<Record<string, unknown>>;

/** Bodies that the document allows. */
export function validBody(api: OpenApi, schema: Schema): Arbitrary<Buffer> {
  return validFor(api, schema).map(encoded);
}

/** Bodies that the document allows but for one member, which is missing, unknown, or something else than it should be. */
export function mutatedBody(api: OpenApi, named: Schema): Arbitrary<Buffer> {
  const { properties = {} } = api.resolve(named);
  const valid = validFor(api, named) as Arbitrary<Members>;
  const names = fc.constantFrom(...Object.keys(properties));
  const without = fc.tuple(valid, names).map(([body, name]) => omitted(body, name));
  const unknownName = fc.oneof(anyText, fc.constantFrom('Action', 'principal', 'seq', 'session_id', 'admin'));
  const withUnknown = fc.tuple(valid, unknownName, anyJson).map(([body, name, value]) => ({
    ...body,
    [name]: value,
  }));
  const changed = Object.entries(properties).map(([name, schema]) =>
    fc.tuple(valid, nearFor(api, schema)).map(([body, value]) => ({ ...body, [name]: value })),
  );
  return fc.oneof(without, withUnknown, ...changed).map(encoded);
}

/** Bytes that are not what a body is, or only just. */
export function rawBody(api: OpenApi, schema: Schema): Arbitrary<Buffer> {
  const valid = validBody(api, schema);
  const depth = fc.constantFrom(62, 63, 64, 65, 1000, 10_000);
  const texts = fc.oneof(
    fc.constantFrom(...NOT_A_BODY),
    depth.map((levels) => `{"payload":${'['.repeat(levels)}${']'.repeat(levels)}}`),
    depth.map((levels) => `{"details":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`),
    anyJson.map((value) => JSON.stringify(value)),
    fc.tuple(anyJson, anyJson).map(([one, other]) => `${JSON.stringify(one)}${JSON.stringify(other)}`),
  );
  return fc.oneof(
    { weight: 4, arbitrary: texts.map((text) => Buffer.from(text)) },
    { weight: 4, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 4,
      arbitrary: fc.tuple(valid, fc.nat()).map(([body, at]) => body.subarray(0, at % body.length)),
    },
    { weight: 4, arbitrary: fc.tuple(valid, fc.nat(), fc.nat(255)).map(([...change]) => flipped(...change)) },
    { weight: 2, arbitrary: valid.map((body) => Buffer.from(body.toString(), 'utf16le')) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1).map((more) => sized(262_144 + more)) },
  );
}

const NOT_A_BODY = [
  '{"action":"a","action":"b"}',
  '{"message":"a","\\u006dessage":"b"}',
  '{"__proto__":{"action":"a"},"action":"b"}',
  '{"action":"a","details":{"__proto__":{"admin":true}}}',
  '{"action":"a","details":{"constructor":{"prototype":{"admin":true}}}}',
  '{"payload":1e999}',
  '{"payload":-1e400}',
  '{"payload":123456789012345678901234567890}',
  `{"payload":${'9'.repeat(5000)}}`,
  '{"payload":0.1e-9999999999}',
  '{"payload":01}',
  '{"payload":NaN}',
  "{'payload':1}",
  '{"payload":"\\x41"}',
  '{"payload":"\\ud800"}',
  '{"payload":"a\nb"}',
  '{/**/}',
  '{"payload":1,}',
  '\ufeff{"payload":1}',
  '{"payload":1}\u0000',
  'null',
  '[]',
  '"{}"',
  '',
  ' \n',
  'a=b&c=d',
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
];

/** At, below and above its limits, of another type, or any JSON at all. */
function nearFor(api: OpenApi, named: Schema): Arbitrary<unknown> {
  const schema = api.resolve(named);
  const { minLength, maxLength, minimum, maximum, maxItems, items } = schema;
  const limits = [minLength, maxLength].filter((limit) => limit !== undefined);
  const texts = limits.flatMap((limit) => [limit - 1, limit, limit + 1].filter((length) => length >= 0));
  const numbers = [minimum, maximum].filter((limit) => limit !== undefined);
  const near: Arbitrary<unknown>[] = [anyJson, anyText];
  if (texts.length > 0) {
    const unit = fc.constantFrom('x', '\u00e9', '\u{1f600}', '\ud800');
    near.push(fc.tuple(fc.constantFrom(...texts), unit).map(([length, one]) => one.repeat(length)));
  }
  if (numbers.length > 0) {
    near.push(
      fc.constantFrom(...numbers.flatMap((limit) => [limit - 1, limit + 1, limit + 0.5, `${limit}`])),
    );
  }
  if (items !== undefined && maxItems !== undefined) {
    const length = fc.constantFrom(maxItems, maxItems + 1);
    near.push(length.map((count) => Array.from({ length: count }, (_, index) => `item ${index}`)));
    near.push(fc.array(nearFor(api, items), { maxLength: 3 }), fc.constant(['twice', 'twice']));
  }
  if (typesOf(schema).includes('object')) {
    near.push(
      fc.dictionary(fc.constantFrom(...Object.keys(schema.properties ?? { a: 1 }), 'other'), anyJson),
    );
  }
  return fc.oneof(...near);
}

function omitted(body: Members, name: string): Members {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
}

function flipped(body: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(body);
  copy[at % copy.length] = byte;
  return copy;
}

function sized(bytes: number): Buffer {
  return Buffer.from(`{"payload":"${'x'.repeat(bytes - '{"payload":""}'.length)}"}`);
}

function encoded(body: unknown): Buffer {
  return Buffer.from(JSON.stringify(body));
}
