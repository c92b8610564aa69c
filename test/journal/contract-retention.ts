import { test } from 'tap';
import type { EventQuery, Journal } from '../../src/host/journal.ts';
import { agent, makeId, moved, notification, requested, seqOf } from './changes.ts';
import type { OpenFreshJournal } from './contract.ts';
import { Recorder } from './recorder.ts';

const ALL: EventQuery = { after: 0, before: null, order: 'asc', limit: 1000, kinds: [], agentId: null };
const DAY_MS = 86_400_000;

async function notify(journal: Journal, times: number): Promise<void> {
  await Promise.all(Array.from({ length: times }, () => journal.append(notification())));
}

export function retentionContract(name: string, open: OpenFreshJournal): void {
  test(`${name}: the newest events stay and the older ones go, in slices`, async (t) => {
    const { journal } = await open(t, { retainEvents: 20 });
    const tail = new Recorder();
    journal.tail(tail);
    await notify(journal, 21);
    t.equal((await journal.events(ALL)).floor, 0, 'less than a slice is too many');
    await notify(journal, 1);
    await tail.floorAt(2);
    await notify(journal, 1500);
    await tail.floorAt(1502);
    const { events, floor } = await journal.events(ALL);
    t.equal(floor, 1502);
    t.strictSame(
      events.map(({ seq }) => seq),
      Array.from({ length: 20 }, (_, index) => 1503 + index),
    );
    t.strictSame(
      tail.floors,
      [...new Set(tail.floors)].sort((a, b) => a - b),
      'the floor only rises',
    );
    t.equal(seqOf(await journal.append(notification())), 1523, 'numbers go on');
  });

  test(`${name}: a log that keeps one event keeps the newest`, async (t) => {
    const { journal } = await open(t, { retainEvents: 1 });
    const tail = new Recorder();
    journal.tail(tail);
    await notify(journal, 5);
    await tail.floorAt(4);
    t.strictSame(
      (await journal.events(ALL)).events.map(({ seq }) => seq),
      [5],
    );
  });

  test(`${name}: what is open and what is history outlives its events`, async (t) => {
    const { journal } = await open(t, { retainEvents: 10, now: () => 1000 });
    const tail = new Recorder();
    journal.tail(tail);
    const [pending, final] = [makeId('approval'), makeId('approval')];
    await Promise.all([
      journal.append(agent('worker', 0, { name: 'Worker' })),
      journal.append(requested(pending, { agentId: 'worker' })),
      journal.append(requested(final, { agentId: 'worker' })),
    ]);
    await journal.append(moved(final, 3, { agentId: 'worker' }));
    await notify(journal, 20);
    await tail.floorAt(14);
    t.equal((await journal.approval(pending))?.seq, 2);
    t.equal((await journal.approval(final))?.seq, 4);
    const { events } = await journal.events({ ...ALL, kinds: ['agent.*', 'approval.*'] });
    t.strictSame(events, [], 'but no event is at or below the floor');
    t.strictSame((await journal.events({ ...ALL, agentId: 'worker' })).events, []);
    t.strictSame((await journal.events({ ...ALL, order: 'desc' })).events.at(-1)?.seq, 15);
    t.strictSame(await journal.append(agent('worker', 1, null)), { seq: 25 }, 'versions stay');
    t.strictSame(await journal.append(moved(pending, 2, { status: 'cancelled' })), { seq: 26 });
    t.equal((await journal.approval(pending))?.createdSeq, 2);
  });

  test(`${name}: history goes after its days, with its keys, once its events are gone`, async (t) => {
    let now = 100 * DAY_MS;
    const { journal } = await open(t, { retainEvents: 10, retainApprovalsDays: 30, now: () => now });
    const tail = new Recorder();
    journal.tail(tail);
    const [old, young, pending] = [makeId('approval'), makeId('approval'), makeId('approval')];
    const key = { id: 'key-1', request: 'digest' };
    await journal.append(requested(old, { key, createdAt: now }));
    await journal.append(moved(old, 1, { timestamp: now, createdAt: now }));
    await journal.append(requested(pending, { createdAt: now }));
    now += 20 * DAY_MS;
    await journal.append(requested(young, { createdAt: now }));
    await journal.append(moved(young, 4, { timestamp: now, createdAt: now }));
    await notify(journal, 15);
    await tail.floorAt(10);
    t.equal((await journal.approval(old))?.seq, 2, 'its days are not over');
    t.equal((await journal.approvalByKey(key.id))?.approvalId, old);
    now += 15 * DAY_MS;
    await notify(journal, 5);
    await tail.floorAt(15);
    t.equal(await journal.approval(old), undefined);
    t.equal(await journal.approvalByKey(key.id), undefined);
    t.equal((await journal.approval(young))?.seq, 5);
    t.equal((await journal.approval(pending))?.seq, 3);
    t.strictSame(
      await journal.append(requested(makeId('approval'), { key })),
      { seq: 26 },
      'the key is free',
    );
  });
}
