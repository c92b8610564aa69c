import { type Test, test } from 'tap';
import { type Entry, OutcomeUnknown } from '../../src/host/journal.ts';
import { type LogPage, OrderedTail } from '../../src/journal/ordered-tail.ts';
import { notification } from './changes.ts';
import { Recorder } from './recorder.ts';

function entries(first: number, last: number): Entry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({ ...notification(), seq: first + index }));
}

/** A log that answers when the test says so. */
function make(t: Test, withinMs = 60_000) {
  const reads: { after: number; answer: PromiseWithResolvers<LogPage> }[] = [];
  const fatal: Error[] = [];
  const tail = new OrderedTail({
    read: (after) => {
      const answer = Promise.withResolvers<LogPage>();
      reads.push({ after, answer });
      return answer.promise;
    },
    withinMs,
    onFatal: (error) => fatal.push(error),
  });
  t.teardown(() => tail.close());
  const recorder = new Recorder();
  tail.follow(recorder);
  const answer = async (page: Partial<LogPage> & { entries: readonly Entry[] }) => {
    reads.shift()?.answer.resolve({ head: page.entries.at(-1)?.seq ?? 0, floor: 0, ...page });
    await new Promise(setImmediate);
  };
  return { tail, recorder, reads, fatal, answer };
}

test('own entries that are next pass at once, without a read', (t) => {
  const { tail, recorder, reads } = make(t);
  const own = entries(1, 3);
  t.equal(tail.pass(own, 3), undefined);
  t.strictSame(recorder.groups, [own]);
  t.strictSame(tail.passed, { seq: 3, id: own[2]?.id });
  t.strictSame(reads, []);
  t.end();
});

test('own entries wait for what was written before them', async (t) => {
  const { tail, recorder, reads, answer } = make(t);
  const own = entries(3, 4);
  const passing = tail.pass(own, 4);
  t.strictSame(recorder.seqs, []);
  t.equal(reads[0]?.after, 0);
  const others = entries(1, 3);
  await answer({ entries: others, head: 4 });
  await passing;
  t.strictSame(recorder.groups, [[...others.slice(0, 2), ...own]], 'and are the ones that the writer had');
});

test('each that waits is answered when its own place has passed', async (t) => {
  const { tail, recorder, reads, answer } = make(t);
  const first = tail.pass(entries(2, 2), 2);
  const second = tail.pass(entries(4, 4), 4);
  await answer({ entries: entries(1, 1), head: 4 });
  await first;
  t.strictSame(recorder.seqs, [1, 2]);
  t.equal(reads[0]?.after, 2);
  await answer({ entries: entries(3, 3), head: 4 });
  await second;
  t.strictSame(recorder.seqs, [1, 2, 3, 4]);
});

test('what was read already does not pass again', async (t) => {
  const { tail, recorder, answer } = make(t);
  const read = tail.catchUp();
  await answer({ entries: entries(1, 5) });
  await read;
  t.equal(tail.pass(entries(4, 6), 6), undefined);
  t.equal(tail.pass(entries(5, 6), 6), undefined);
  t.strictSame(recorder.seqs, [1, 2, 3, 4, 5, 6]);
});

test('a group of conflicts waits for what it is in conflict with', async (t) => {
  const { tail, recorder, answer } = make(t);
  const passing = tail.pass([], 2);
  t.not(passing, undefined);
  await answer({ entries: entries(1, 2) });
  await passing;
  t.strictSame(recorder.seqs, [1, 2]);
  t.equal(tail.pass([], 2), undefined);
});

test('it reads until it has the head, and again when it was asked meanwhile', async (t) => {
  const { tail, recorder, reads, answer } = make(t);
  const first = tail.catchUp();
  await answer({ entries: entries(1, 2), head: 3 });
  t.equal(reads[0]?.after, 2);
  const second = tail.catchUp();
  t.equal(reads.length, 1, 'one read at a time');
  await answer({ entries: entries(3, 3) });
  t.equal(reads[0]?.after, 3, 'what was written since may not be in the last one');
  await answer({ entries: [], head: 3 });
  await Promise.all([first, second]);
  t.strictSame(recorder.seqs, [1, 2, 3]);
});

test('a read that failed is told to whoever asked, and the next one goes on', async (t) => {
  const { tail, recorder, reads, answer } = make(t);
  const passing = tail.pass(entries(2, 2), 2);
  reads.shift()?.answer.reject(new Error('away'));
  await new Promise(setImmediate);
  const failing = tail.catchUp();
  reads.shift()?.answer.reject(new Error('away'));
  await t.rejects(failing, /away/);
  void tail.catchUp();
  await answer({ entries: entries(1, 1), head: 2 });
  await passing;
  t.strictSame(recorder.seqs, [1, 2]);
});

test('an append is not kept for ever by what cannot be read', async (t) => {
  const { tail, recorder, answer } = make(t, 1);
  await t.rejects(tail.pass(entries(2, 2), 2) ?? Promise.resolve(), OutcomeUnknown);
  await answer({ entries: entries(1, 1), head: 2 });
  t.strictSame(recorder.seqs, [1, 2], 'but it passes when it can');
});

test('closing answers who waits, and nothing passes any more', async (t) => {
  const { tail, recorder, answer } = make(t);
  const passing = tail.pass(entries(2, 2), 2);
  tail.close();
  await t.rejects(passing ?? Promise.resolve(), OutcomeUnknown);
  await answer({ entries: entries(1, 1), head: 2 });
  t.strictSame(recorder.seqs, []);
});

test('the floor is told when it rises, and not before what it is above of has passed', async (t) => {
  const { tail, recorder, answer } = make(t);
  tail.moveFloor(3);
  const read = tail.catchUp();
  await answer({ entries: entries(1, 5), floor: 0 });
  await read;
  tail.moveFloor(3);
  tail.moveFloor(2);
  const again = tail.catchUp();
  await answer({ entries: [], head: 5, floor: 4 });
  await again;
  t.strictSame(recorder.floors, [3, 4]);
});

test('a log that has gone on without it is fatal', async (t) => {
  const { tail, fatal, answer } = make(t);
  tail.startAfter(3, 1);
  const read = tail.catchUp();
  read.catch(() => {});
  await answer({ entries: entries(6, 6), floor: 5 });
  await t.rejects(read, /the log went on without this node, and what came after 3 is no longer kept/);
  t.equal(fatal.length, 1);
});

test('a reader that throws is fatal: what it was told is lost', async (t) => {
  const { tail, fatal, answer } = make(t);
  const error = new Error('a reader that fails');
  tail.follow({
    entries() {
      throw error;
    },
    floor() {},
  });
  const read = tail.catchUp();
  read.catch(() => {});
  await answer({ entries: entries(1, 1) });
  await t.rejects(read, error);
  t.strictSame(fatal, [error]);
});

test('without a reader own entries pass for nobody', (t) => {
  const tail = new OrderedTail({
    read: () => Promise.reject(new Error('not asked')),
    withinMs: 1,
    onFatal: t.fail,
  });
  t.equal(tail.pass(entries(5, 6), 6), undefined);
  t.equal(tail.passed.seq, 6);
  tail.moveFloor(4);
  t.end();
});
