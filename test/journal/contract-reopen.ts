import { test } from 'tap';
import type { Journal } from '../../src/host/journal.ts';
import { agent, makeId, moved, notification, requested } from './changes.ts';
import type { OpenFreshJournal } from './contract.ts';
import { allOpen, Recorder } from './recorder.ts';

async function booted(journal: Journal) {
  const boot = await journal.boot();
  const open = (await allOpen(boot)).map(({ type, id, seq, createdSeq, expiresAt, state }) => {
    return { type, id, seq, createdSeq, expiresAt, state };
  });
  // Between agents and approvals there is no order.
  open.sort((a, b) => a.type.localeCompare(b.type));
  return { head: boot.head, floor: boot.floor, open };
}

/** Only where a log outlives its journal. */
export function reopenContract(name: string, open: OpenFreshJournal): void {
  test(`${name}: a log that is opened again is as it was left`, async (t) => {
    const { journal, reopen } = await open(t);
    if (reopen === undefined) return;
    const [first, second, third] = [makeId('approval'), makeId('approval'), makeId('approval')];
    const key = { id: 'key', request: 'digest' };
    await journal.append(requested(first, { key, expiresAt: 9000, state: { n: 1 } }));
    await journal.append(agent('b:1', 0, { n: 2 }));
    await journal.append(agent('gone', 0, { n: 3 }));
    await journal.append(requested(second, { state: { n: 4 } }));
    await journal.append(requested(third));
    await journal.append(agent('b:1', 2, { n: 6 }, { payload: 'working' }));
    await journal.append(moved(third, 5));
    await journal.append(agent('gone', 3, null));
    await journal.close();

    const again = await reopen();
    t.equal(again.epoch, journal.epoch);
    t.strictSame(await booted(again), {
      head: 8,
      floor: 0,
      open: [
        { type: 'agent', id: 'b:1', seq: 6, createdSeq: 2, expiresAt: null, state: '{"n":6}' },
        { type: 'approval', id: first, seq: 1, createdSeq: 1, expiresAt: 9000, state: '{"n":1}' },
        { type: 'approval', id: second, seq: 4, createdSeq: 4, expiresAt: null, state: '{"n":4}' },
      ],
    });
    t.equal((await again.approvalByKey(key.id))?.approvalId, first);
    t.strictSame(await again.append(requested(third, { key })), {
      conflict: 'key',
      approvalId: first,
      request: 'digest',
    });
    t.strictSame(await again.append(moved(second, 4)), { seq: 9 });
    t.equal((await again.approval(third))?.seq, 7);
  });

  test(`${name}: however much is open, all of it is there again, in order`, async (t) => {
    const { journal, reopen } = await open(t);
    if (reopen === undefined) return;
    const ids = Array.from({ length: 40 }, () => makeId('approval'));
    const state = { text: 'é'.repeat(100_000) };
    await Promise.all(ids.map((id) => journal.append(requested(id, { state }))));
    await journal.close();
    const again = await booted(await reopen());
    t.strictSame(
      again.open.map(({ id }) => id),
      ids,
    );
    t.ok(again.open.every((entity) => entity.state === JSON.stringify(state)));
  });

  test(`${name}: the floor and what is open below it are kept`, async (t) => {
    const { journal, reopen } = await open(t, { retainEvents: 10 });
    if (reopen === undefined) return;
    const tail = new Recorder();
    journal.tail(tail);
    await journal.append(agent('worker', 0, { n: 1 }));
    await Promise.all(Array.from({ length: 19 }, () => journal.append(notification())));
    await tail.floorAt(10);
    await journal.close();
    const { head, floor, open: entities } = await booted(await reopen());
    t.strictSame([head, floor], [20, 10]);
    t.match(entities, [{ type: 'agent', id: 'worker', seq: 1 }]);
  });
}
