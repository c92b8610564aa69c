import { test } from 'tap';
import { Locks } from '../../src/host/locks.ts';

test('a name that is free costs no turn', (t) => {
  const locks = new Locks();
  t.equal(locks.take('a'), undefined);
  t.equal(locks.take('b'), undefined, 'another name is another lock');
  locks.release('a');
  t.equal(locks.take('a'), undefined);
  t.end();
});

test('those who wait for a name get it one by one, in their order', async (t) => {
  const locks = new Locks();
  const got: number[] = [];
  t.equal(locks.take('a'), undefined);
  const turns = [1, 2, 3].map((number) => locks.take('a')?.then(() => got.push(number)));
  t.notOk(turns.includes(undefined));
  await new Promise(setImmediate);
  t.strictSame(got, []);
  for (const number of [1, 2, 3]) {
    locks.release('a');
    await new Promise(setImmediate);
    t.equal(got.at(-1), number);
    t.equal(got.length, number);
  }
  t.not(locks.take('a'), undefined, 'the last one still holds it');
  locks.release('a');
  locks.release('a');
  t.equal(locks.take('a'), undefined);
});
