import { test } from 'tap';
import { time } from '../../src/host/decision.ts';
import type { Done } from '../../src/host/executor.ts';
import { type Appended, type Change, OutcomeUnknown, StorageUnavailable } from '../../src/host/journal.ts';
import {
  agentIn,
  approvalIn,
  approvalOf,
  doneOf,
  eventsOf,
  kindsOf,
  openHost,
  openMemory,
  refusalIn,
  wrap,
} from './open-host.ts';
import { ask, by, cancel, NOW, notify, register, resolve, setStatus, unregister } from './samples.ts';
import { twoNodes } from './two-nodes.ts';

const KEY = { id: 'key-1', request: 'request-1' };

test('of any number of decisions at the same moment exactly one wins', async (t) => {
  const { host } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('gate-1', { system_level: true })));
  const commands = Array.from({ length: 100 }, (_, index) =>
    resolve(id, `ui-${index}`, index % 2 === 0 ? 'approve' : 'deny'),
  );
  const results = await Promise.all(commands.map((command) => host.execute(command)));
  const winners = results.filter((result) => !('refusal' in result));
  t.equal(winners.length, 1);
  const winner = JSON.parse((winners[0] as Done).json);
  for (const result of results.filter((one) => !winners.includes(one))) {
    t.strictSame(result, { refusal: { code: 'approval-already-final', approval: winner } });
  }
  t.strictSame(await kindsOf(host), ['approval.requested', 'approval.resolved']);
});

test('the same decision of the same session at the same moment is one decision', async (t) => {
  const { host } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A')));
  const results = await Promise.all(
    [null, 'once more', null].map((comment) => host.execute(resolve(id, 'client-A', 'deny', comment))),
  );
  const approvals = results.map(approvalIn);
  t.hasStrict(approvals[0], { status: 'resolved', resolution: 'deny', comment: null });
  t.strictSame(approvals[1], approvals[0]);
  t.strictSame(approvals[2], approvals[0]);
  t.strictSame(
    results.map((result) => doneOf(result).seq),
    [2, 2, 2],
  );
  t.strictSame(await kindsOf(host), ['approval.requested', 'approval.resolved']);
});

test('the same decision passed on at the same moment is one event', async (t) => {
  const { host } = await openHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const { id } = doneOf(await host.execute(ask('client-A')));
  const results = await Promise.all([1, 2, 3].map(() => host.execute(resolve(id, 'client-B', 'deny'))));
  t.strictSame(
    results.map((result) => doneOf(result).outcome),
    ['passed-on', 'passed-on', 'passed-on'],
  );
  t.strictSame(approvalIn(results[2] as Done), approvalIn(results[0] as Done));
  t.strictSame(await kindsOf(host), ['approval.requested', 'approval.resolve_requested']);
});

/** A journal whose appends end when the test says so. */
async function gatedHost(t: Parameters<typeof openMemory>[0]) {
  const journal = await openMemory(t);
  const waiting: { change: Change; go: () => void }[] = [];
  let isOpen = true;
  const append = (change: Change) =>
    isOpen
      ? journal.append(change)
      : new Promise<Appended>((resolve, reject) => {
          waiting.push({ change, go: () => journal.append(change).then(resolve, reject) });
        });
  const opened = await openHost(t, { journal: wrap(journal, { append }) });
  return {
    ...opened,
    waiting,
    shut: () => {
      isOpen = false;
    },
    /** Lets through what waits, and everything after it. */
    open: () => {
      isOpen = true;
      for (const { go } of waiting) {
        go();
      }
    },
  };
}

test('a second command on the same thing waits for the first, one on another thing does not', async (t) => {
  const { host, waiting, shut, open } = await gatedHost(t);
  const first = doneOf(await host.execute(ask('client-A'))).id;
  const second = doneOf(await host.execute(ask('client-A'))).id;
  await host.execute(register('worker', 'client-A'));
  shut();
  const results = [
    host.execute(resolve(first, 'client-A', 'approve')),
    host.execute(cancel(first, 'client-A')),
    host.execute(setStatus('worker', 'client-A', { status: 'running' })),
    host.execute(unregister('worker', 'client-A')),
    host.execute(register('worker', 'client-B')),
    host.execute(cancel(second, 'client-A')),
    host.execute(notify('one')),
    host.execute(notify('two')),
    host.execute(ask('client-A')),
    host.execute(ask('client-A')),
    host.execute(ask('client-A', {}, KEY)),
    host.execute(ask('client-A', {}, KEY)),
    host.execute(ask('client-A', {}, { ...KEY, id: 'key-2' })),
  ];
  await new Promise(setImmediate);
  t.strictSame(waiting.map(({ change }) => change.kind).sort(), [
    'agent.status_changed',
    'approval.cancelled',
    'approval.requested',
    'approval.requested',
    'approval.requested',
    'approval.requested',
    'approval.resolved',
    'host.notification',
    'host.notification',
  ]);
  open();
  const [, cancelled] = await Promise.all(results);
  t.hasStrict(cancelled, { refusal: { code: 'approval-already-final', approval: { outcome: 'approved' } } });
  t.hasStrict(await host.agent('worker'), { session_id: 'client-B', status: 'idle' });
});

test('a decision counts from when the host takes it up, not from when it is its turn', async (t) => {
  const { host, clock, shut, open } = await gatedHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const { id } = doneOf(await host.execute(ask('client-A', { expires_in_ms: 1000 })));
  shut();
  const passedOn = host.execute(resolve(id, 'client-B', 'deny'));
  const decided = host.execute(resolve(id, 'client-A', 'approve'));
  clock.now += 1000;
  const late = host.execute(resolve(id, 'client-A', 'deny'));
  await new Promise(setImmediate);
  open();
  t.equal(doneOf(await passedOn).outcome, 'passed-on');
  t.hasStrict(approvalIn(await decided), { outcome: 'approved', resolved_at: time(NOW) });
  t.equal(refusalIn(await late).code, 'approval-already-final');
});

test('a decision that comes too late is told that the approval has expired', async (t) => {
  const { host, clock } = await openHost(t);
  for (const [owner, decide] of [
    [false, (id: string) => resolve(id, 'client-A', 'approve')],
    [true, (id: string) => resolve(id, 'ui-1', 'approve')],
    [false, (id: string) => resolve(id, 'client-B', 'approve')],
    [false, (id: string) => cancel(id, 'client-A')],
  ] as const) {
    const asked = approvalIn(
      await host.execute(ask('client-A', { expires_in_ms: 1000, system_level: owner })),
    );
    clock.now += 1000;
    const expired = {
      ...asked,
      status: 'expired',
      outcome: 'expired',
      resolved_at: time(clock.now),
    };
    for (const command of [decide(asked.id), decide(asked.id)]) {
      t.strictSame(await host.execute(command), {
        refusal: { code: 'approval-already-final', approval: expired },
      });
    }
    t.strictSame(await approvalOf(host, asked.id), expired);
  }
  t.strictSame(
    (await kindsOf(host)).filter((kind) => kind !== 'approval.requested'),
    Array.from({ length: 4 }, () => 'approval.expired'),
  );
});

test('the answer to a change is the subject as it became, and the seq that includes it', async (t) => {
  const { host } = await openHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const registered = await host.execute(register('worker', 'client-A'));
  t.hasStrict(registered, { outcome: 'created', seq: 1, id: 'worker' });
  t.equal(agentIn(registered).connected, true);
  t.hasStrict(await host.execute(register('worker', 'client-A')), { outcome: 'changed', seq: 2 });
  const command = ask('client-A');
  t.hasStrict(await host.execute(command), { outcome: 'created', seq: 3, id: command.id });
  const notified = doneOf(await host.execute({ ...notify('Hi', 'x.y', [1]), agentId: 'worker' }));
  t.hasStrict(notified, { outcome: 'created', seq: 4 });
  t.strictSame(JSON.parse(notified.json), (await eventsOf(host)).at(-1));
  t.hasStrict(JSON.parse(notified.json), {
    seq: 4,
    id: notified.id,
    kind: 'x.y',
    agent_id: 'worker',
    message: 'Hi',
    payload: [1],
  });
});

test('what is unknown is refused, and nothing changes', async (t) => {
  const { host } = await openHost(t);
  for (const command of [
    resolve('approval-1', 'client-A', 'approve'),
    cancel('approval-1', 'client-A'),
    { type: 'expire-approval', id: 'approval-1' } as const,
  ]) {
    t.strictSame(refusalIn(await host.execute(command)), {
      code: 'approval-not-found',
      approvalId: 'approval-1',
    });
  }
  for (const command of [
    setStatus('worker', 'client-A', { status: 'idle' }),
    unregister('worker', 'client-A'),
  ]) {
    t.strictSame(refusalIn(await host.execute(command)), { code: 'agent-not-found', agentId: 'worker' });
  }
  t.equal(host.seq, 0);
});

test('an agent that was unregistered can be registered by another session', async (t) => {
  const { host } = await openHost(t);
  await host.execute(register('worker', 'client-A'));
  await host.execute(unregister('worker', 'client-A'));
  t.equal(refusalIn(await host.execute(unregister('worker', 'client-A'))).code, 'agent-not-found');
  t.equal(doneOf(await host.execute(register('worker', 'client-B'))).outcome, 'created');
});

test('the same idempotency key means the same approval', async (t) => {
  const { host } = await openHost(t);
  const created = await host.execute(ask('client-A', {}, KEY));
  t.equal(doneOf(created).outcome, 'created');
  const again = await host.execute(ask('client-A', {}, KEY));
  t.strictSame(again, { ...doneOf(created), outcome: 'changed' });
  const other = await host.execute(ask('client-A', {}, { ...KEY, id: 'key-2' }));
  t.not(doneOf(other).id, doneOf(created).id);
  t.equal(host.seq, 2, 'no second event');
});

test('an idempotency key cannot be used for something else', async (t) => {
  const { host } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A', {}, KEY)));
  const other = { ...KEY, request: 'request-2' };
  t.strictSame(refusalIn(await host.execute(ask('client-A', {}, other))), { code: 'idempotency-key-reused' });
  await host.execute(resolve(id, 'client-A', 'deny'));
  t.strictSame(refusalIn(await host.execute(ask('client-A', {}, other))), { code: 'idempotency-key-reused' });
  t.equal(host.seq, 2);
});

test('the same idempotency key in the same turn makes one approval', async (t) => {
  const { host } = await openHost(t);
  const requests = ['request-1', 'request-1', 'request-2', 'request-1'];
  const results = await Promise.all(
    requests.map((request) => host.execute(ask('client-A', {}, { id: 'key-1', request }))),
  );
  const { id } = doneOf(results[0] as Done);
  t.hasStrict(results, [
    { outcome: 'created', id },
    { outcome: 'changed', id },
    { refusal: { code: 'idempotency-key-reused' } },
    { outcome: 'changed', id },
  ]);
  t.equal(host.seq, 1);
});

test('an idempotency key that was refused is free', async (t) => {
  const { host } = await openHost(t);
  const refused = await host.execute(ask('client-A', { approve_label: 'perhaps' }, KEY));
  t.equal(refusalIn(refused).code, 'approve-label-not-offered');
  t.equal(doneOf(await host.execute(ask('client-A', {}, KEY))).outcome, 'created');
});

test('an idempotency key means its approval when that is final, in memory or not', async (t) => {
  const { host } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A', {}, KEY)));
  const resolved = approvalIn(await host.execute(resolve(id, 'client-A', 'deny')));
  t.strictSame(approvalIn(await host.execute(ask('client-A', {}, KEY))), resolved);
  await pushOutOfMemory(host);
  const { seq } = host;
  const again = await host.execute(ask('client-A', {}, KEY));
  t.strictSame(approvalIn(again), resolved);
  t.hasStrict(again, { outcome: 'changed', seq, id });
  t.equal(host.seq, seq);
});

test('a final approval is decided as such when it is in the log only', async (t) => {
  const { host } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A')));
  const resolved = approvalIn(await host.execute(resolve(id, 'client-A', 'deny')));
  await pushOutOfMemory(host);
  const { seq } = host;
  t.strictSame(approvalIn(await host.execute(resolve(id, 'client-A', 'deny'))), resolved);
  for (const command of [
    resolve(id, 'client-A', 'approve'),
    resolve(id, 'client-B', 'deny'),
    cancel(id, 'client-A'),
  ]) {
    t.strictSame(refusalIn(await host.execute(command)), {
      code: 'approval-already-final',
      approval: resolved,
    });
  }
  t.equal(host.seq, seq);
});

/** Makes so many final approvals that the ones before are read from the journal. */
async function pushOutOfMemory(host: Awaited<ReturnType<typeof openHost>>['host']): Promise<void> {
  const created = await Promise.all(Array.from({ length: 1000 }, () => host.execute(ask('filler'))));
  await Promise.all(created.map((one) => host.execute(cancel(doneOf(one).id, 'filler'))));
}

test('a key whose approval goes in that moment makes a new one', async (t) => {
  const journal = await openMemory(t);
  let conflicts = 1;
  const { host } = await openHost(t, {
    journal: wrap(journal, {
      append: async (change) =>
        conflicts-- > 0
          ? { conflict: 'key', approvalId: 'approval-gone', request: KEY.request }
          : journal.append(change),
    }),
  });
  const command = ask('client-A', {}, KEY);
  t.hasStrict(await host.execute(command), { outcome: 'created', id: command.id, seq: 1 });
});

test('a change that lost against another node is decided again on what won', async (t) => {
  const { a, b, appendsOfB, holdBack } = await twoNodes(t);
  await a.presence.connect(by('client-A'), NOW);
  const { id } = doneOf(await a.execute(ask('client-A')));
  await a.execute(register('worker', 'client-A'));
  const release = holdBack();
  await a.execute(resolve(id, 'client-B', 'deny'));
  await a.execute(register('worker', 'client-A', { name: 'Renamed' }));
  t.equal(b.seq, 2);
  const resolving = b.execute(resolve(id, 'client-A', 'approve'));
  const renaming = b.execute(setStatus('worker', 'client-A', { status: 'paused' }));
  for (let turns = 0; turns < 10; turns++) {
    await new Promise(setImmediate);
  }
  t.equal(appendsOfB.count, 2, 'each was tried, and waits for what won');
  release();
  t.hasStrict(await resolving, { outcome: 'changed', id });
  t.hasStrict(await renaming, { outcome: 'changed', id: 'worker' });
  t.equal(appendsOfB.count, 4);
  for (const node of [a, b]) {
    t.equal(node.seq, 6);
    t.hasStrict(await approvalOf(node, id), { outcome: 'approved', resolve_requested: null });
    t.hasStrict(await node.agent('worker'), { name: 'Renamed', status: 'paused' });
  }
});

test('two nodes that decide the same approval get one winner', async (t) => {
  const { a, b } = await twoNodes(t);
  const { id } = doneOf(await a.execute(ask('gate-1', { system_level: true })));
  const commands = Array.from({ length: 20 }, (_, index) => resolve(id, `ui-${index}`, 'approve'));
  const results = await Promise.all(
    commands.map((command, index) => (index % 2 === 0 ? a : b).execute(command)),
  );
  t.equal(results.filter((result) => !('refusal' in result)).length, 1);
  for (const result of results) {
    if ('refusal' in result) {
      t.equal(result.refusal.code, 'approval-already-final');
    }
  }
  t.strictSame(await kindsOf(b), ['approval.requested', 'approval.resolved']);
});

test('two nodes that use the same idempotency key make one approval', async (t) => {
  const { a, b } = await twoNodes(t);
  const results = await Promise.all([a, b].map((node) => node.execute(ask('client-A', {}, KEY))));
  const outcomes = results.map((result) => doneOf(result).outcome);
  t.strictSame(outcomes.toSorted(), ['changed', 'created']);
  t.equal(doneOf(results[0] as Done).id, doneOf(results[1] as Done).id);
  t.equal(b.seq, 1);
});

test('three conflicts in a row are an error that is reported, not a loop', async (t) => {
  const journal = await openMemory(t);
  let appends = 0;
  let conflicts = 3;
  const { host, reported } = await openHost(t, {
    journal: wrap(journal, {
      append: async (change) => {
        appends += 1;
        return conflicts-- > 0 ? { conflict: 'version', version: 0 } : journal.append(change);
      },
    }),
  });
  t.strictSame(refusalIn(await host.execute(register('worker', 'client-A'))), {
    code: 'storage-unavailable',
    reason: 'too many changes to the same thing at once',
  });
  t.equal(appends, 3);
  t.strictSame(reported, ["'register-agent' met 3 conflicts in a row and was given up"]);
  conflicts = 2;
  t.equal(doneOf(await host.execute(register('worker', 'client-A'))).outcome, 'created');
  t.equal(reported.length, 1, 'two are no error');
});

test('expiring on the way does not count as a try', async (t) => {
  const journal = await openMemory(t);
  let conflicts = 0;
  const { host, clock, reported } = await openHost(t, {
    journal: wrap(journal, {
      append: async (change) =>
        conflicts-- > 0 ? { conflict: 'version', version: 0 } : journal.append(change),
    }),
  });
  const { id } = doneOf(await host.execute(ask('client-A', { expires_in_ms: 1000 })));
  clock.now += 1000;
  conflicts = 2;
  t.equal(refusalIn(await host.execute(resolve(id, 'client-A', 'deny'))).code, 'approval-already-final');
  t.strictSame(reported, []);
});

for (const StorageError of [StorageUnavailable, OutcomeUnknown]) {
  test(`a journal that says ${StorageError.name} refuses the change, and the next one can work`, async (t) => {
    const journal = await openMemory(t);
    let isBroken = false;
    const { host } = await openHost(t, {
      journal: wrap(journal, {
        append: (change) =>
          isBroken ? Promise.reject(new StorageError('the disk is full')) : journal.append(change),
      }),
    });
    const { id } = doneOf(await host.execute(ask('client-A')));
    await host.execute(register('worker', 'client-A'));
    isBroken = true;
    const before = host.capture();
    for (const command of [
      resolve(id, 'client-A', 'approve'),
      cancel(id, 'client-A'),
      setStatus('worker', 'client-A', { status: 'running' }),
      unregister('worker', 'client-A'),
      register('other', 'client-A'),
      ask('client-A', {}, KEY),
      notify(),
    ]) {
      t.strictSame(refusalIn(await host.execute(command)), {
        code: 'storage-unavailable',
        reason: 'the disk is full',
      });
    }
    t.strictSame(host.capture(), before);
    isBroken = false;
    t.equal(approvalIn(await host.execute(resolve(id, 'client-A', 'approve'))).outcome, 'approved');
    t.equal(doneOf(await host.execute(ask('client-A', {}, KEY))).outcome, 'created');
    t.equal(doneOf(await host.execute(unregister('worker', 'client-A'))).seq, 5);
  });
}

test('an error that nobody expects is thrown, and locks nothing', async (t) => {
  const journal = await openMemory(t);
  let isBroken = true;
  const { host } = await openHost(t, {
    journal: wrap(journal, {
      append: (change) => (isBroken ? Promise.reject(new TypeError('a bug')) : journal.append(change)),
    }),
  });
  await t.rejects(host.execute(register('worker', 'client-A')), new TypeError('a bug'));
  isBroken = false;
  t.equal(doneOf(await host.execute(register('worker', 'client-A'))).outcome, 'created');
});
