import type { TSchema } from '@sinclair/typebox';
import { test } from 'tap';
import * as agent from '../../src/model/agent.ts';
import * as approval from '../../src/model/approval.ts';
import * as event from '../../src/model/event.ts';
import * as page from '../../src/model/page.ts';
import * as problem from '../../src/model/problem.ts';
import * as role from '../../src/model/role.ts';
import * as session from '../../src/model/session.ts';
import * as token from '../../src/model/token.ts';
import { errorsOf } from './checks.ts';

const EXPORTED: Record<string, unknown> = {
  ...agent,
  ...approval,
  ...event,
  ...page,
  ...problem,
  ...role,
  ...session,
  ...token,
};
const SCHEMAS = Object.entries(EXPORTED).filter((entry): entry is [string, TSchema] => isSchema(entry[1]));

function isSchema(exported: unknown): boolean {
  return typeof exported === 'object' && exported !== null && 'type' in exported;
}

/** Every schema inside `schema`, and itself. */
function* within(schema: TSchema, path: string): Generator<[string, TSchema]> {
  yield [path, schema];
  for (const [name, property] of Object.entries((schema.properties ?? {}) as Record<string, TSchema>)) {
    yield* within(property, `${path}.${name}`);
  }
  if (schema.items !== undefined) {
    yield* within(schema.items as TSchema, `${path}[]`);
  }
}

test('every example is what its schema says, and so is every default', (t) => {
  let examples = 0;
  for (const [name, exported] of SCHEMAS) {
    for (const [path, schema] of within(exported, name)) {
      for (const example of (schema.examples ?? []) as unknown[]) {
        t.strictSame(errorsOf(schema, example), [], `${path}: ${JSON.stringify(example)}`);
        examples += 1;
      }
      if (schema.default !== undefined) {
        t.strictSame(errorsOf(schema, schema.default), [], `the default of ${path}`);
      }
    }
  }
  t.ok(examples > 40, `${examples} examples`);
  t.end();
});

test('every object refuses what it does not know, and has a description of what it holds', (t) => {
  for (const [name, exported] of SCHEMAS) {
    for (const [path, schema] of within(exported, name)) {
      if (schema.properties !== undefined) {
        t.equal(schema.additionalProperties, false, path);
      }
    }
    if (exported.title !== undefined && exported.properties !== undefined) {
      t.ok(Array.isArray(exported.examples) || exported.description, `${name} explains itself`);
    }
  }
  t.end();
});

test('what may be null is null or its schema, and one of a set of words too', (t) => {
  const example = approval.Approval.examples[0];
  t.strictSame(errorsOf(approval.Approval, { ...example, outcome: null }), []);
  t.strictSame(errorsOf(approval.Approval, { ...example, outcome: 'denied' }), []);
  t.strictSame(errorsOf(approval.Approval, { ...example, outcome: 'pending' }), ['/outcome enum']);
  t.strictSame(errorsOf(approval.Approval, { ...example, requested_by: null }), []);
  t.strictSame(errorsOf(approval.Approval, { ...example, status: null }), ['/status type', '/status enum']);
  t.end();
});
