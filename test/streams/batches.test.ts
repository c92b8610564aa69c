import { mock } from 'node:test';
import { type Test, test } from 'tap';
import type { Entry } from '../../src/host/journal.ts';
import { Batches } from '../../src/streams/batches.ts';
import { range } from './publish.ts';

/** Batches whose sending takes as long as a test says. Time passes only when it says so, too. */
function batches(t: Test) {
  mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  t.teardown(() => mock.timers.reset());
  const clock = { now: 1000, sendingMs: 0 };
  const sent: number[][] = [];
  const made = new Batches(
    (entries) => {
      sent.push(entries.map(({ seq }) => seq));
      clock.now += clock.sendingMs;
    },
    () => clock.now,
  );
  let seq = 0;
  return {
    clock,
    sent,
    flush: () => made.flush(),
    happens(count = 1, length = 10): void {
      const entries = Array.from({ length: count }, () => {
        seq += 1;
        return { seq, head: '', payload: 'x'.repeat(length) } as Entry;
      });
      made.add(entries);
    },
    /** The clock that the batches read and the timers go together. Of 0 ms: the turn of the event loop ends. */
    pass(ms: number): void {
      clock.now += ms;
      mock.timers.tick(ms);
    },
  };
}

test('what happens in one turn goes out together, at its end', (t) => {
  const { sent, happens, pass } = batches(t);
  happens(2);
  happens();
  t.strictSame(sent, [], 'not before the end of the turn');
  pass(0);
  t.strictSame(sent, [[1, 2, 3]]);
  happens();
  pass(0);
  pass(1000);
  t.strictSame(sent, [[1, 2, 3], [4]], 'each once');
  t.end();
});

test('after a batch that took long to send the next one rests for twice as long', (t) => {
  const { clock, sent, happens, pass } = batches(t);
  clock.sendingMs = 4;
  happens(2);
  pass(0);
  for (const seq of range(3, 10)) {
    happens();
    pass(1);
    t.equal(sent.length, seq === 10 ? 2 : 1, `${seq - 2} ms later`);
  }
  t.strictSame(sent, [[1, 2], range(3, 10)], 'all that has happened meanwhile, in order');
  pass(8);
  happens();
  pass(0);
  t.strictSame(sent.at(-1), [11], 'at once after a quiet moment');
  t.end();
});

test('after one event alone the next one does not rest, however long it took', (t) => {
  const { clock, sent, happens, pass } = batches(t);
  clock.sendingMs = 4;
  for (const seq of range(1, 3)) {
    happens();
    pass(0);
    t.strictSame(sent.at(-1), [seq]);
  }
  t.end();
});

test('a batch that took no time to speak of is followed by the next one at once', (t) => {
  const { clock, sent, happens, pass } = batches(t);
  clock.sendingMs = 0.9;
  for (const seq of range(1, 5)) {
    happens(2);
    pass(0);
    t.strictSame(sent.at(-1), [2 * seq - 1, 2 * seq]);
  }
  t.end();
});

test('a batch rests for 20 ms at most', (t) => {
  const { clock, sent, happens, pass } = batches(t);
  clock.sendingMs = 500;
  happens(2);
  pass(0);
  happens();
  pass(19);
  t.equal(sent.length, 1);
  pass(1);
  t.strictSame(sent, [[1, 2], [3]]);
  t.end();
});

test('a long batch does not rest', (t) => {
  const { clock, sent, happens, pass } = batches(t);
  clock.sendingMs = 10;
  happens(2);
  pass(0);
  happens(1, 200_000);
  pass(0);
  t.equal(sent.length, 1);
  happens(1, 100_000);
  pass(0);
  t.strictSame(sent, [
    [1, 2],
    [3, 4],
  ]);
  happens(1, 100_000);
  pass(0);
  t.equal(sent.length, 2, 'what has been sent does not count any more');
  t.end();
});

test('what rests can be sent at once, and is not sent again', (t) => {
  const { clock, sent, happens, flush, pass } = batches(t);
  clock.sendingMs = 5;
  happens(2);
  flush();
  happens(2);
  pass(0);
  t.strictSame(sent, [[1, 2]]);
  pass(6);
  flush();
  const both = [
    [1, 2],
    [3, 4],
  ];
  t.strictSame(sent, both);
  happens();
  pass(9);
  t.strictSame(sent, both, 'the next one rests from then on');
  pass(1);
  t.strictSame(sent, [...both, [5]]);
  flush();
  pass(1000);
  t.strictSame(sent, [...both, [5]]);
  t.end();
});
