import { test } from 'tap';
import type { EventQuery, StoredEvent } from '../../src/host/journal.ts';
import { RecentEvents } from '../../src/host/recent-events.ts';
import { randomBelow, randomFrom } from './random.ts';

/** An event of `bytes` bytes. */
function event(seq: number, bytes = 10, kind = 'a.b', agentId: string | null = null): StoredEvent {
  return { seq, kind, agentId, head: 'h'.repeat(bytes - 4), payload: 'null' };
}

function query(query: Partial<EventQuery> = {}): EventQuery {
  return { after: 0, before: null, order: 'asc', limit: 1000, kinds: [], agentId: null, ...query };
}

function seqs(recent: RecentEvents, asked: Partial<EventQuery> = {}): number[] | undefined {
  return recent.read(query(asked))?.map(({ seq }) => seq);
}

function filled(maxBytes: number, from: number, to: number): RecentEvents {
  const recent = new RecentEvents(maxBytes);
  for (let seq = from; seq <= to; seq++) {
    recent.push(event(seq, 10, seq % 2 === 0 ? 'even.x' : 'odd.x', seq % 3 === 0 ? 'worker' : null));
  }
  return recent;
}

test('nothing is answered from an empty memory', (t) => {
  t.equal(seqs(new RecentEvents(100)), undefined);
  t.equal(seqs(new RecentEvents(100), { order: 'desc', limit: 1 }), undefined);
  t.end();
});

test('a query is answered only when everything it asks for is here', (t) => {
  const recent = filled(1000, 5, 9);
  t.strictSame(seqs(recent, { after: 4 }), [5, 6, 7, 8, 9]);
  t.strictSame(seqs(recent, { after: 7 }), [8, 9]);
  t.strictSame(seqs(recent, { after: 9 }), []);
  t.strictSame(seqs(recent, { after: 99 }), []);
  t.strictSame(seqs(recent, { after: 4, limit: 2 }), [5, 6]);
  t.strictSame(seqs(recent, { after: 4, before: 7 }), [5, 6]);
  t.strictSame(seqs(recent, { after: 6, before: 3 }), []);
  t.equal(seqs(recent, { after: 3 }), undefined);
  t.equal(seqs(recent, { after: 3, limit: 1 }), undefined);
  t.equal(seqs(recent, { after: 0, before: 5 }), undefined);
  t.end();
});

test('the newest events are answered when there are as many as were asked for, or all', (t) => {
  const recent = filled(1000, 5, 9);
  const order = 'desc';
  t.strictSame(seqs(recent, { order, limit: 3 }), [9, 8, 7]);
  t.strictSame(seqs(recent, { order, limit: 5 }), [9, 8, 7, 6, 5]);
  t.equal(seqs(recent, { order, limit: 6 }), undefined);
  t.strictSame(seqs(recent, { order, limit: 6, after: 4 }), [9, 8, 7, 6, 5]);
  t.strictSame(seqs(recent, { order, limit: 2, before: 8 }), [7, 6]);
  t.equal(seqs(recent, { order, limit: 4, before: 8 }), undefined);
  t.equal(seqs(recent, { order, limit: 4, before: 2 }), undefined);
  t.strictSame(seqs(recent, { order, limit: 4, before: 8, after: 5 }), [7, 6]);
  t.strictSame(seqs(recent, { order, limit: 4, before: 99 }), [9, 8, 7, 6]);
  t.end();
});

test('only events that pass the filter count', (t) => {
  const recent = filled(1000, 5, 12);
  t.strictSame(seqs(recent, { after: 4, kinds: ['even.*'] }), [6, 8, 10, 12]);
  t.strictSame(seqs(recent, { after: 4, kinds: ['odd.x'], limit: 2 }), [5, 7]);
  t.strictSame(seqs(recent, { order: 'desc', agentId: 'worker', limit: 2 }), [12, 9]);
  t.equal(seqs(recent, { order: 'desc', agentId: 'worker', limit: 4 }), undefined);
  t.strictSame(seqs(recent, { after: 4, agentId: 'nobody' }), []);
  t.end();
});

test('the oldest events go when there are too many bytes', (t) => {
  const recent = filled(50, 1, 5);
  t.strictSame(seqs(recent), [1, 2, 3, 4, 5]);
  recent.push(event(6));
  t.equal(seqs(recent), undefined);
  t.strictSame(seqs(recent, { after: 1 }), [2, 3, 4, 5, 6]);
  recent.push(event(7, 31));
  t.strictSame(seqs(recent, { after: 5 }), [6, 7]);
  t.equal(seqs(recent, { after: 4 }), undefined);
  t.end();
});

test('bytes are those of UTF-8', (t) => {
  const recent = new RecentEvents(12);
  recent.push({ seq: 1, kind: 'a', agentId: null, head: '😀', payload: '"é"' });
  t.strictSame(seqs(recent), [1]);
  recent.push({ seq: 2, kind: 'a', agentId: null, head: '', payload: '"éé"' });
  t.equal(seqs(recent), undefined);
  t.strictSame(seqs(recent, { after: 1 }), [2]);
  t.end();
});

test('an event that is larger than the memory is not kept, and the next one is', (t) => {
  const recent = filled(50, 1, 2);
  recent.push(event(3, 51));
  t.equal(seqs(recent, { after: 2 }), undefined);
  recent.push(event(4));
  t.equal(seqs(recent, { after: 2 }), undefined);
  t.strictSame(seqs(recent, { after: 3 }), [4]);
  t.end();
});

test('the memory does what a list does, however much has gone through it', (t) => {
  const random = randomFrom(41);
  const recent = new RecentEvents(2000);
  const log: StoredEvent[] = [];
  let answered = 0;
  for (let seq = 1; seq <= 5000; seq++) {
    const added = event(seq, 5 + randomBelow(random, 20), random() < 0.5 ? 'x' : 'y');
    log.push(added);
    recent.push(added);
    const after = seq - randomBelow(random, 300);
    const before = random() < 0.5 ? null : seq - randomBelow(random, 300);
    const order = random() < 0.5 ? 'asc' : 'desc';
    const asked = query({
      after,
      before,
      order,
      limit: 1 + randomBelow(random, 40),
      kinds: random() < 0.5 ? [] : ['x'],
    });
    const found = recent.read(asked);
    const expected = log.filter(
      (one) =>
        one.seq > after &&
        (before === null || one.seq < before) &&
        (asked.kinds.length === 0 || one.kind === 'x'),
    );
    if (order === 'desc') {
      expected.reverse();
    }
    if (found !== undefined) {
      answered += 1;
      if (
        found.map((one) => one.seq).join() !==
        expected
          .slice(0, asked.limit)
          .map((one) => one.seq)
          .join()
      ) {
        t.strictSame(found, expected.slice(0, asked.limit), `after event ${seq}`);
      }
    }
  }
  t.ok(answered > 1000, `${answered} were answered from memory`);
  t.end();
});
