import { test } from 'tap';
import { encode } from '../../src/host/encode.ts';
import type { ApprovalChange, Boot, Change, Entry } from '../../src/host/journal.ts';
import { State } from '../../src/host/state.ts';
import { NOW, someAgent, someApproval } from './samples.ts';

const NOTIFICATION: Change = encode(
  {
    type: 'record',
    outcome: 'created',
    kind: 'host.notification',
    agentId: null,
    message: 'Hi',
    becomes: { nothing: true },
  },
  NOW,
  { expected: 0, createdSeq: null, key: null },
);

function approvalEntry(seq: number, change: Partial<ApprovalChange> & { id: string }): Entry {
  const entity: ApprovalChange = {
    type: 'approval',
    expected: 0,
    state: JSON.stringify(someApproval({ id: change.id })),
    status: 'pending',
    createdSeq: null,
    createdAt: NOW,
    expiresAt: null,
    decidedBy: null,
    key: null,
    ...change,
  };
  return { ...NOTIFICATION, seq, entity };
}

function agentEntry(seq: number, id: string, name: string | null): Entry {
  const state = name === null ? null : JSON.stringify(someAgent({ id, name }));
  return { ...NOTIFICATION, seq, entity: { type: 'agent', id, expected: 0, state } };
}

test('a state starts with what is open', async (t) => {
  const state = new State();
  const approval = JSON.stringify(someApproval());
  const boot: Boot = {
    head: 9,
    floor: 2,
    open: [
      [{ type: 'approval', id: 'p', seq: 8, createdSeq: 4, expiresAt: NOW, state: approval }],
      [
        {
          type: 'agent',
          id: 'b',
          seq: 9,
          createdSeq: 5,
          expiresAt: null,
          state: JSON.stringify(someAgent({ id: 'b' })),
        },
        {
          type: 'agent',
          id: 'a',
          seq: 6,
          createdSeq: 6,
          expiresAt: null,
          state: JSON.stringify(someAgent({ id: 'a' })),
        },
      ],
    ],
  };
  const watched: unknown[] = [];
  await state.load(boot, (id, expiresAt) => watched.push([id, expiresAt]));
  t.strictSame(watched, [['p', NOW]]);
  t.strictSame([state.seq, state.floor], [9, 2]);
  t.hasStrict(state.approval('p'), { id: 'p', seq: 8, createdSeq: 4, state: approval });
  t.strictSame(
    state.agents.all().map(({ agent, seq }) => [agent.id, seq]),
    [
      ['a', 6],
      ['b', 9],
    ],
  );
});

test('every entry moves the state on by one, and a gap is an error that changes nothing', (t) => {
  const state = new State();
  state.apply({ ...NOTIFICATION, seq: 1 });
  state.apply({ ...NOTIFICATION, seq: 2 });
  for (const seq of [2, 1, 4, 0]) {
    t.throws(() => state.apply(agentEntry(seq, 'a', 'A')), new Error(`the log went from 2 to ${seq}`));
  }
  t.equal(state.seq, 2);
  t.equal(state.agents.size, 0);
  t.end();
});

test('agents come, change and go', (t) => {
  const state = new State();
  state.apply(agentEntry(1, 'a', 'Ann'));
  state.apply(agentEntry(2, 'a', 'Abe'));
  t.hasStrict(state.agents.get('a'), { seq: 2, agent: { name: 'Abe' } });
  state.apply(agentEntry(3, 'a', null));
  t.equal(state.agents.size, 0);
  t.end();
});

test('an agent that is older than credentials has no principal', (t) => {
  const state = new State();
  const { principal, ...old } = someAgent();
  const entity = { type: 'agent', id: 'worker', expected: 0, state: JSON.stringify(old) } as const;
  state.apply({ ...NOTIFICATION, seq: 1, entity });
  t.strictSame(state.agents.get('worker')?.agent, someAgent({ principal: null }));
  const next = JSON.stringify(someAgent({ principal: 'token:ann' }));
  state.apply({ ...NOTIFICATION, seq: 2, entity: { ...entity, expected: 1, state: next } });
  t.equal(state.agents.get('worker')?.agent.principal, 'token:ann');
  t.end();
});

test('a pending approval keeps its place in the order of creation', (t) => {
  const state = new State();
  state.apply(approvalEntry(1, { id: 'one' }));
  state.apply(approvalEntry(2, { id: 'two' }));
  state.apply(approvalEntry(3, { id: 'one', createdSeq: 1, state: '{"new":1}' }));
  t.strictSame(
    state.pending.all().map(({ id, seq, createdSeq }) => ({ id, seq, createdSeq })),
    [
      { id: 'one', seq: 3, createdSeq: 1 },
      { id: 'two', seq: 2, createdSeq: 2 },
    ],
  );
  t.hasStrict(state.approval('one'), { state: '{"new":1}' });
  t.end();
});

test('the newest final approvals stay in memory, within a number', (t) => {
  const state = new State();
  for (let seq = 1; seq <= 1001; seq++) {
    state.apply(approvalEntry(seq, { id: `a-${seq}`, status: 'resolved', createdSeq: seq, state: '{}' }));
  }
  t.equal(state.pending.size, 0);
  t.equal(state.approval('a-1'), undefined);
  t.hasStrict(state.approval('a-2'), { id: 'a-2', seq: 2, state: '{}' });
  t.hasStrict(state.approval('a-1001'), { id: 'a-1001' });
  t.end();
});

test('the newest final approvals stay in memory, within a size', (t) => {
  const state = new State();
  const mebibyte = 'x'.repeat(1024 * 1024);
  for (let seq = 1; seq <= 4; seq++) {
    state.apply(approvalEntry(seq, { id: `a-${seq}`, status: 'expired', state: mebibyte }));
  }
  t.ok(state.approval('a-1'));
  state.apply(approvalEntry(5, { id: 'a-5', status: 'expired', state: '{}' }));
  t.equal(state.approval('a-1'), undefined);
  t.ok(state.approval('a-2'));
  state.apply(approvalEntry(6, { id: 'a-6', status: 'expired', state: mebibyte }));
  t.equal(state.approval('a-2'), undefined);
  t.ok(state.approval('a-3'), 'what has gone does not count any more');
  t.end();
});

test('an approval that becomes final is not pending any more', (t) => {
  for (const status of ['resolved', 'expired', 'cancelled'] as const) {
    const state = new State();
    state.apply(approvalEntry(1, { id: 'one' }));
    state.apply(approvalEntry(2, { id: 'one', status, createdSeq: 1, state: '{"final":1}' }));
    t.equal(state.pending.size, 0);
    t.hasStrict(state.approval('one'), { seq: 2, createdSeq: 1, state: '{"final":1}' });
  }
  t.end();
});
