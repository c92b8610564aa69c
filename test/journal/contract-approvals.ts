import { type Test, test } from 'tap';
import type { ApprovalQuery, Journal } from '../../src/host/journal.ts';
import { makeId, moved, requested, seqOf } from './changes.ts';
import type { OpenFreshJournal } from './contract.ts';

const ALL: ApprovalQuery = {
  statuses: [],
  agentId: null,
  decidedBy: null,
  createdAfter: null,
  createdBefore: null,
  order: 'asc',
  limit: 500,
  from: null,
};

async function created(journal: Journal, query: Partial<ApprovalQuery>): Promise<number[]> {
  return (await journal.approvals({ ...ALL, ...query })).map(({ createdSeq }) => createdSeq);
}

const STATUSES = ['pending', 'resolved', 'expired', 'cancelled'] as const;
const DECIDERS = [
  { session_id: 'ui-1', principal: 'alice' },
  { session_id: 'ui-2', principal: null },
  { session_id: 'alice', principal: 'alice' },
] as const;

export function approvalsContract(name: string, open: OpenFreshJournal): void {
  /** Approvals 1-24, in all statuses, about agents a, b and none, decided by different people; created at 10, 20 ... */
  async function history(t: Test): Promise<Journal> {
    const { journal } = await open(t);
    const ids = Array.from({ length: 24 }, () => makeId('approval'));
    const about = (index: number) => ({
      agentId: ['a', 'b', null][index % 3] ?? null,
      createdAt: 10 * (index + 1),
    });
    await Promise.all(ids.map((id, index) => journal.append(requested(id, about(index)))));
    for (const [index, id] of [...ids.entries()].reverse()) {
      const status = STATUSES[index % 4] ?? 'pending';
      if (status === 'pending') continue;
      const decidedBy = DECIDERS[index % 3] ?? null;
      await journal.append(moved(id, index + 1, { ...about(index), status, decidedBy, timestamp: 5000 }));
    }
    return journal;
  }

  function numbers(matches: (index: number) => boolean): number[] {
    return Array.from({ length: 24 }, (_, index) => index + 1).filter((seq) => matches(seq - 1));
  }

  test(`${name}: approvals come in the order of their creation, whatever became of them`, async (t) => {
    const journal = await history(t);
    const all = numbers(() => true);
    t.strictSame(await created(journal, {}), all);
    t.strictSame(await created(journal, { order: 'desc' }), all.toReversed());
    for (const order of ['asc', 'desc'] as const) {
      const pages: number[] = [];
      for (let from: number | null = null; ; from = pages.at(-1) ?? null) {
        const page = await created(journal, { order, limit: 5, from });
        if (page.length === 0) break;
        pages.push(...page);
      }
      t.strictSame(pages, order === 'asc' ? all : all.toReversed(), `paged ${order}`);
    }
  });

  test(`${name}: approvals are filtered by status, agent and decider, and by all of them`, async (t) => {
    const journal = await history(t);
    t.strictSame(
      await created(journal, { statuses: ['pending'] }),
      numbers((index) => index % 4 === 0),
    );
    t.strictSame(
      await created(journal, { statuses: ['expired', 'pending'], order: 'desc', limit: 4 }),
      numbers((index) => index % 2 === 0)
        .toReversed()
        .slice(0, 4),
    );
    t.strictSame(
      await created(journal, { agentId: 'a' }),
      numbers((index) => index % 3 === 0),
    );
    t.strictSame(
      await created(journal, { agentId: 'b', statuses: ['resolved', 'pending'] }),
      numbers((index) => index % 3 === 1 && index % 4 < 2),
    );
    t.strictSame(await created(journal, { agentId: 'b', from: 8, limit: 2 }), [11, 14]);
    t.strictSame(
      await created(journal, { decidedBy: 'ui-2' }),
      numbers((index) => index % 3 === 1 && index % 2 === 1),
    );
    t.strictSame(
      await created(journal, { decidedBy: 'alice' }),
      numbers((index) => index % 3 !== 1 && index % 2 === 1),
      'as a principal and as a session, each once',
    );
    t.strictSame(await created(journal, { decidedBy: 'alice', agentId: 'c', statuses: ['resolved'] }), []);
    t.strictSame(
      await created(journal, { decidedBy: 'alice', agentId: 'a', statuses: ['cancelled'] }),
      numbers((index) => index % 3 === 0 && index % 4 === 3),
    );
    t.strictSame(await created(journal, { decidedBy: 'alice', statuses: ['pending'] }), []);
    t.strictSame(await created(journal, { statuses: ['unheard-of'] }), []);
  });

  test(`${name}: approvals are filtered by when they were created, both ends exclusive`, async (t) => {
    const journal = await history(t);
    t.strictSame(await created(journal, { createdAfter: 50, createdBefore: 90 }), [6, 7, 8]);
    t.strictSame(await created(journal, { createdAfter: 220, order: 'desc' }), [24, 23]);
    t.strictSame(await created(journal, { createdBefore: 25, from: 1 }), [2]);
    t.strictSame(await created(journal, { createdAfter: 240 }), []);
    t.strictSame(await created(journal, { createdBefore: 10 }), []);
    t.strictSame(await created(journal, { createdAfter: 100, createdBefore: 100 }), []);
  });

  test(`${name}: the filters by time are exact though the clock goes back`, async (t) => {
    const { journal } = await open(t);
    const times = Array.from({ length: 200 }, (_, index) => 1000 + 10 * index - (index % 50 > 40 ? 300 : 0));
    const appended = await Promise.all(
      times.map((createdAt) => journal.append(requested(makeId('approval'), { createdAt }))),
    );
    t.equal(appended.length, 200);
    for (const [after, before] of [
      [1200, 1500],
      [0, 1111],
      [2500, 9999],
      [1390, 1410],
      [2950, 3000],
    ] as const) {
      const expected = times.flatMap((at, index) => (at > after && at < before ? [index + 1] : []));
      t.strictSame(await created(journal, { createdAfter: after, createdBefore: before }), expected);
      const backwards = await created(journal, { createdAfter: after, createdBefore: before, order: 'desc' });
      t.strictSame(backwards, expected.toReversed());
    }
  });

  test(`${name}: an approval is found by its id, pending and final, with its state`, async (t) => {
    const { journal } = await open(t);
    const id = makeId('approval');
    t.equal(await journal.approval(id), undefined);
    const createdSeq = seqOf(await journal.append(requested(id)));
    t.strictSame(
      { ...(await journal.approval(id)) },
      { id, seq: 1, createdSeq, state: `{"id":"${id}","status":"pending"}` },
    );
    const passedOn = moved(id, 1, {
      status: 'pending',
      kind: 'approval.resolve_requested',
      state: { id, status: 'pending', resolve_requested: {} },
      payload: { approval_id: id },
    });
    await journal.append(passedOn);
    const state = JSON.stringify({ id, status: 'pending', resolve_requested: {} });
    t.strictSame(
      { ...(await journal.approval(id)) },
      { id, seq: 2, createdSeq, state },
      'the state, not the payload',
    );
    t.strictSame(await created(journal, {}), [createdSeq]);
    await journal.append(moved(id, 2, { createdSeq, state: { id, n: 1 }, payload: 'other' }));
    const final = { id, seq: 3, createdSeq, state: `{"id":"${id}","n":1}` };
    t.strictSame({ ...(await journal.approval(id)) }, final);
    t.strictSame(
      (await journal.approvals(ALL)).map((row) => ({ ...row })),
      [final],
    );
  });

  test(`${name}: any name of a decider is found again`, async (t) => {
    const { journal } = await open(t);
    const principal = 'Åse "O\'Hara" 😀 %_';
    const id = makeId('approval');
    await journal.append(requested(id));
    await journal.append(moved(id, 1, { decidedBy: { session_id: 'ui', principal } }));
    t.strictSame(await created(journal, { decidedBy: principal }), [1]);
    t.strictSame(await created(journal, { decidedBy: '%' }), []);
  });
}
