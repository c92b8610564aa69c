import { DatabaseError } from 'pg';
import { test } from 'tap';
import { storable } from '../../src/journal/postgres-encode.ts';
import { isRefusal, messageOf } from '../../src/journal/postgres-session.ts';
import { targetOf } from '../../src/journal/postgres-target.ts';

test('the schema is in the URL, and the rest is for the driver', (t) => {
  const { config, schema } = targetOf('postgres://u:p@h:5433/db?schema=team_a&sslmode=disable');
  t.equal(schema, 'team_a');
  t.equal(config.connectionString, 'postgres://u:p@h:5433/db?sslmode=disable');
  t.equal(targetOf('postgresql://h/db').schema, 'sallyport');
  for (const wrong of ['A', '1a', 'a-b', 'a"b', '', 'x'.repeat(60)]) {
    t.throws(() => targetOf(`postgres://h/db?schema=${wrong}`), /the schema must be a name/, wrong);
  }
  t.throws(() => targetOf('postgres://h:x/db'), /it must be a URL/);
  t.end();
});

test('only an answer that is an error of the statement says that it was rolled back', (t) => {
  const error = (severity: string, code: string) =>
    Object.assign(new DatabaseError('no', 1, 'error'), { severity, code });
  t.ok(isRefusal(error('ERROR', '53100')));
  t.notOk(isRefusal(error('FATAL', '57P01')), 'the backend may have committed before it was told to go');
  t.notOk(isRefusal(error('ERROR', '57P01')));
  t.notOk(isRefusal(error('ERROR', '08P01')), 'a pooler says so when it has lost the server');
  t.notOk(isRefusal(new Error('Connection terminated')));
  t.end();
});

test('an error of several addresses says what each met', (t) => {
  t.equal(messageOf(new AggregateError([new Error('a'), new Error('b')])), 'a; b');
  t.equal(messageOf(new Error('c')), 'c');
  t.end();
});

test('a name with a NUL in it is stored and looked up as one that has none', (t) => {
  t.equal(storable('a\0b'), 'a␀b');
  t.end();
});
