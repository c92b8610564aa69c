import { test } from 'tap';
import { StorageUnavailable } from '../../src/host/journal.ts';
import { agent, makeId, moved, notification, requested, seqOf } from './changes.ts';
import type { OpenFreshJournal } from './contract.ts';
import { allOpen, Recorder } from './recorder.ts';

export function appendContract(name: string, open: OpenFreshJournal): void {
  test(`${name}: a new log is empty and has an epoch of 8 hex digits`, async (t) => {
    const { journal } = await open(t);
    const boot = await journal.boot();
    t.strictSame([boot.head, boot.floor, await allOpen(boot)], [0, 0, []]);
    t.match(journal.epoch, /^[0-9a-f]{8}$/);
    t.equal(journal.problem(), null);
    t.strictSame((await journal.statistics()).changes, 0);
  });

  test(`${name}: concurrent appends are numbered 1, 2, 3 ... in the order they were made`, async (t) => {
    const { journal } = await open(t);
    const tail = new Recorder();
    journal.tail(tail);
    const appended = await Promise.all(Array.from({ length: 2500 }, () => journal.append(notification())));
    const expected = Array.from({ length: 2500 }, (_, index) => index + 1);
    t.strictSame(appended.map(seqOf), expected);
    t.strictSame(tail.seqs, expected, 'the tail has each once, in order');
    t.equal((await journal.statistics()).changes, 2500);
  });

  test(`${name}: the tail has an entry before the append that made it resolves`, async (t) => {
    const { journal } = await open(t);
    const tail = new Recorder();
    journal.tail(tail);
    const changes = Array.from({ length: 20 }, () => notification());
    await Promise.all(
      changes.map(async (change) => {
        const seq = seqOf(await journal.append(change));
        t.strictSame(
          tail.groups.flat().find((entry) => entry.seq === seq),
          { ...change, seq },
        );
      }),
    );
    t.equal(tail.groups.length, 1, 'the appends of one turn are one group');
  });

  test(`${name}: of many changes decided on the same version one wins`, async (t) => {
    const { journal } = await open(t);
    const id = makeId('approval');
    const created = seqOf(await journal.append(requested(id)));
    const neighbour = notification();
    const resolves = Array.from({ length: 50 }, () => moved(id, created));
    const answers = await Promise.all([...resolves, neighbour].map((change) => journal.append(change)));
    t.strictSame(answers[0], { seq: created + 1 });
    t.strictSame(new Set(answers.slice(1, 50).map((answer) => JSON.stringify(answer))).size, 1);
    t.strictSame(answers[1], { conflict: 'version', version: 0 }, 'it is not open any more');
    t.strictSame(answers[50], { seq: created + 2 }, 'a neighbour is written, and there is no gap');
  });

  test(`${name}: a version is the seq of the newest entry, and 0 when it is not open`, async (t) => {
    const { journal } = await open(t);
    const first = seqOf(await journal.append(agent('worker', 0, { name: 'Worker' })));
    t.strictSame(await journal.append(agent('worker', 0, {})), { conflict: 'version', version: first });
    const second = seqOf(await journal.append(agent('worker', first, { name: 'Worker 2' })));
    t.strictSame(await journal.append(agent('worker', first, {})), { conflict: 'version', version: second });
    await journal.append(agent('worker', second, null));
    t.strictSame(await journal.append(agent('worker', second, {})), { conflict: 'version', version: 0 });
    t.match(await journal.append(agent('worker', 0, {})), { seq: second + 2 });
    const id = makeId('approval');
    t.strictSame(
      await journal.append(moved(id, 7)),
      { conflict: 'version', version: 0 },
      'an approval that never was',
    );
    t.equal(await journal.approval(id), undefined);
  });

  test(`${name}: an agent and an approval of the same id are two things`, async (t) => {
    const { journal } = await open(t);
    const id = makeId('approval');
    t.strictSame(await journal.append(agent(id, 0, {})), { seq: 1 });
    t.strictSame(await journal.append(requested(id)), { seq: 2 });
  });

  test(`${name}: an idempotency key belongs to the first approval that has it`, async (t) => {
    const { journal } = await open(t);
    const [first, second] = [makeId('approval'), makeId('approval')];
    const key = { id: 'key-1', request: 'digest-1' };
    const answers = await Promise.all([
      journal.append(requested(first, { key })),
      journal.append(requested(second, { key: { ...key, request: 'digest-2' } })),
      journal.append(notification()),
    ]);
    const conflict = { conflict: 'key', approvalId: first, request: 'digest-1' };
    t.strictSame(answers, [{ seq: 1 }, conflict, { seq: 2 }], 'even within a group');
    t.equal(await journal.approval(second), undefined, 'the conflict leaves no trace');
    await journal.append(moved(first, 1));
    t.strictSame(
      await journal.append(requested(second, { key })),
      conflict,
      'while it is kept, final or not',
    );
  });

  test(`${name}: what a key was used for is found, whatever became of the approval`, async (t) => {
    const { journal } = await open(t);
    const id = makeId('approval');
    const key = { id: 'key-1', request: 'digest-1' };
    const found = async (keyId: string) => {
      const claimed = await journal.approvalByKey(keyId);
      return claimed && { ...claimed };
    };
    t.equal(await found('key-1'), undefined);
    await journal.append(requested(id, { key }));
    await journal.append(requested(makeId('approval'), { key: { id: 'key-2', request: 'digest-2' } }));
    const claimed = { approvalId: id, request: 'digest-1' };
    t.strictSame(await found('key-1'), claimed);
    await journal.append(moved(id, 1));
    t.strictSame(await found('key-1'), claimed);
    t.equal(await found('key-3'), undefined);
  });

  test(`${name}: a conflict does not claim its key`, async (t) => {
    const { journal } = await open(t);
    const id = makeId('approval');
    await journal.append(requested(id));
    const key = { id: 'key-2', request: 'digest' };
    t.strictSame(await journal.append(requested(id, { key })), { conflict: 'version', version: 1 });
    t.equal(await journal.approvalByKey(key.id), undefined);
    t.strictSame(await journal.append(requested(makeId('approval'), { key })), { seq: 2 });
  });

  test(`${name}: a group of nothing but conflicts writes nothing and tells the tail nothing`, async (t) => {
    const { journal } = await open(t);
    const tail = new Recorder();
    journal.tail(tail);
    t.strictSame(await journal.append(agent('a', 3, {})), { conflict: 'version', version: 0 });
    t.strictSame(tail.groups, []);
    t.strictSame(await journal.append(notification()), { seq: 1 });
  });

  test(`${name}: close finishes what was accepted and refuses what comes later`, async (t) => {
    const { journal } = await open(t);
    const accepted = Array.from({ length: 1500 }, () => journal.append(notification()));
    const closed = journal.close();
    await t.rejects(journal.append(notification()), StorageUnavailable);
    await closed;
    t.equal(seqOf((await Promise.all(accepted)).at(-1) ?? { seq: 0 }), 1500);
    await journal.close();
  });
}
