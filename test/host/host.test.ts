import { test } from 'tap';
import type { Host } from '../../src/host/host.ts';
import type { Entry, EventQuery, TailReader } from '../../src/host/journal.ts';
import {
  approvalIn,
  approvalOf,
  doneOf,
  eventsOf,
  manualTimers,
  openHost,
  openMemory,
  wrap,
} from './open-host.ts';
import { ask, by, cancel, NOW, notify, register, resolve, setStatus, unregister } from './samples.ts';

function query(query: Partial<EventQuery> = {}): EventQuery {
  return { after: 0, before: null, order: 'asc', limit: 100, kinds: [], agentId: null, ...query };
}

test('a new host has nothing', async (t) => {
  const { host, journal } = await openHost(t);
  t.strictSame(host.figures, { agents: 0, pending: 0, waits: 0 });
  t.strictSame([host.seq, host.floor, host.epoch], [0, 0, journal.epoch]);
  t.strictSame(host.capture(), { seq: 0, agents: [], approvals: [] });
  t.strictSame(await eventsOf(host), []);
  t.equal(host.problem(), null);
  t.equal(host.isStopping, false);
});

test('every event has the kind, the message and the payload that is promised', async (t) => {
  const { host, clock } = await openHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const about = { agent_id: 'worker', action: 'Run tests' };
  await host.execute(register('worker', 'client-A', { name: 'Worker' }));
  await host.execute(setStatus('worker', 'client-A', { status: 'running' }));
  await host.execute(
    setStatus('worker', 'client-A', { status: 'paused', message: 'Lunch', payload: { until: 13 } }),
  );
  const first = doneOf(await host.execute(ask('client-A', about)));
  await host.execute(resolve(first.id, 'client-B', 'deny', 'no'));
  const second = doneOf(await host.execute(ask('client-A', about)));
  const third = doneOf(await host.execute(ask('client-A', { ...about, expires_in_ms: 1 })));
  await host.execute(resolve(first.id, 'client-A', 'deny'));
  await host.execute(cancel(second.id, 'client-A'));
  clock.now += 1;
  await host.execute({ type: 'expire-approval', id: third.id });
  await host.execute(unregister('worker', 'client-A'));
  await host.execute(notify('Backup finished', 'host.notification', { files: 12 }));

  const events = await eventsOf(host);
  t.strictSame(
    events.map(({ seq, kind, agent_id, message }) => [seq, kind, agent_id, message]),
    [
      [1, 'agent.registered', 'worker', 'Worker registered'],
      [2, 'agent.status_changed', 'worker', 'Worker is running'],
      [3, 'agent.status_changed', 'worker', 'Lunch'],
      [4, 'approval.requested', 'worker', 'Approval requested: Run tests'],
      [5, 'approval.resolve_requested', 'worker', 'Resolution requested for Run tests: deny'],
      [6, 'approval.requested', 'worker', 'Approval requested: Run tests'],
      [7, 'approval.requested', 'worker', 'Approval requested: Run tests'],
      [8, 'approval.resolved', 'worker', 'Approval resolved: Run tests'],
      [9, 'approval.cancelled', 'worker', 'Approval cancelled: Run tests'],
      [10, 'approval.expired', 'worker', 'Approval expired: Run tests'],
      [11, 'agent.unregistered', 'worker', 'worker unregistered'],
      [12, 'host.notification', null, 'Backup finished'],
    ],
  );
  const payloads = events.map(({ payload }) => payload);
  t.hasStrict(payloads[0], { id: 'worker', status: 'idle', connected: true });
  t.hasStrict(payloads[1], { id: 'worker', status: 'running' });
  t.strictSame(payloads[2], { until: 13 });
  t.strictSame(payloads[3], JSON.parse(first.json));
  t.strictSame(payloads[4], {
    approval_id: first.id,
    resolution: 'deny',
    comment: 'no',
    requesting_client_id: 'client-B',
    owner_client_id: 'client-A',
  });
  t.strictSame(payloads[7], await approvalOf(host, first.id));
  t.strictSame(payloads[8], await approvalOf(host, second.id));
  t.strictSame(payloads[9], await approvalOf(host, third.id));
  t.equal(payloads[10], null);
  t.strictSame(payloads[11], { files: 12 });
  t.hasStrict(host.figures, { agents: 0, pending: 0 });
});

test('an agent is connected while its session is', async (t) => {
  const { host } = await openHost(t);
  await host.execute(register('worker', 'client-A'));
  const connected = async () => [
    (await host.agent('worker'))?.connected,
    [...host.agents(null)][0]?.connected,
  ];
  t.strictSame(await connected(), [false, false]);
  await host.presence.connect(by('client-B'), NOW);
  t.strictSame(await connected(), [false, false]);
  await host.presence.connect(by('client-A'), NOW);
  t.strictSame(await connected(), [true, true]);
  host.presence.disconnect(by('client-A'));
  t.strictSame(await connected(), [false, false]);
  t.equal(await host.agent('nobody'), undefined);
});

test('agents are listed by name, from a position', async (t) => {
  const { host } = await openHost(t);
  for (const [id, name] of [
    ['b', 'Same'],
    ['a', 'Same'],
    ['c', 'First'],
  ] as const) {
    await host.execute(register(id, 'client-A', { name }));
  }
  const ids = (position: { name: string; id: string } | null) =>
    [...host.agents(position)].map(({ id }) => id);
  t.strictSame(ids(null), ['c', 'a', 'b']);
  t.strictSame(ids({ name: 'Same', id: 'a' }), ['b']);
});

test('what is captured does not change any more', async (t) => {
  const { host } = await openHost(t);
  await host.execute(register('worker', 'client-A'));
  const { id } = doneOf(await host.execute(ask('client-A')));
  const captured = host.capture();
  await host.execute(resolve(id, 'client-A', 'approve'));
  await host.execute(unregister('worker', 'client-A'));
  t.equal(captured.seq, 2);
  t.strictSame(
    [captured.agents.map(({ agent }) => agent.id), captured.approvals.map((held) => held.id)],
    [['worker'], [id]],
  );
  t.strictSame(host.capture(), { seq: 4, agents: [], approvals: [] });
});

test('an approval keeps its place in the order of creation when a decision on it is passed on', async (t) => {
  const { host, journal } = await openHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const first = doneOf(await host.execute(ask('client-A'))).id;
  const second = doneOf(await host.execute(ask('client-A'))).id;
  await host.execute(resolve(first, 'client-B', 'deny'));
  t.strictSame(
    host.capture().approvals.map(({ id, seq, createdSeq }) => ({ id, seq, createdSeq })),
    [
      { id: first, seq: 3, createdSeq: 1 },
      { id: second, seq: 2, createdSeq: 2 },
    ],
  );
  await host.execute(resolve(first, 'client-A', 'deny'));
  t.hasStrict(await host.approval(first), { seq: 4, createdSeq: 1 });
  t.hasStrict(await journal.approval(first), { seq: 4, createdSeq: 1 });
});

test('an approval is found whatever its status, and history is read from the journal', async (t) => {
  const { host } = await openHost(t);
  const first = approvalIn(await host.execute(ask('client-A')));
  const second = approvalIn(await host.execute(ask('client-A')));
  const resolved = approvalIn(await host.execute(resolve(first.id, 'client-A', 'deny')));
  t.strictSame(await approvalOf(host, first.id), resolved);
  t.strictSame(await approvalOf(host, second.id), second);
  t.equal(await host.approval('approval-x'), undefined);
  const asked = {
    statuses: ['resolved'],
    agentId: null,
    decidedBy: null,
    createdAfter: null,
    createdBefore: null,
    order: 'desc',
    limit: 10,
    from: null,
  } as const;
  t.strictSame(
    (await host.approvals(asked)).map(({ state }) => JSON.parse(state)),
    [resolved],
  );
});

/** A host, and how often it read events from its journal. */
async function countingHost(t: Parameters<typeof openMemory>[0], recentBytes: number) {
  const journal = await openMemory(t);
  const reads = { count: 0 };
  let reader: TailReader | undefined;
  const { host } = await openHost(t, {
    recentBytes,
    journal: wrap(journal, {
      tail: (given) => {
        reader = given;
        journal.tail(given);
      },
      events: (asked) => {
        reads.count += 1;
        return journal.events(asked);
      },
    }),
  });
  return { host, reads, moveFloor: (floor: number) => reader?.floor(floor) };
}

async function seqs(host: Host, asked: Partial<EventQuery>): Promise<number[]> {
  return (await host.events(query(asked))).events.map(({ seq }) => seq);
}

test('the newest events come from memory, older ones from the journal', async (t) => {
  const { host, reads } = await countingHost(t, 1000);
  for (let index = 0; index < 20; index++) {
    await host.execute(notify());
  }
  t.strictSame(await seqs(host, { after: 18 }), [19, 20]);
  t.strictSame(await seqs(host, { order: 'desc', limit: 2 }), [20, 19]);
  t.equal(reads.count, 0);
  t.equal((await seqs(host, {})).length, 20);
  t.equal((await seqs(host, { order: 'desc' })).length, 20);
  t.equal(reads.count, 2);
});

test('an event that was answered is read by whoever asks next', async (t) => {
  const { host, reads } = await countingHost(t, 1024 * 1024);
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const { seq } = doneOf(await host.execute(notify()));
      t.ok(host.seq >= seq);
      t.ok((await seqs(host, { after: seq - 1 })).includes(seq));
    }),
  );
  t.equal(reads.count, 0);
});

test('events at and below the floor are not there, although they are in memory', async (t) => {
  const { host, reads, moveFloor } = await countingHost(t, 1024 * 1024);
  for (let index = 0; index < 5; index++) {
    await host.execute(notify());
  }
  t.strictSame(await host.events(query()).then(({ floor }) => floor), 0);
  moveFloor(3);
  t.equal(host.floor, 3);
  t.strictSame(await seqs(host, {}), [4, 5]);
  t.strictSame(await seqs(host, { order: 'desc' }), [5, 4]);
  t.strictSame(await seqs(host, { after: 4 }), [5]);
  t.equal((await host.events(query())).floor, 3);
  t.equal(reads.count, 0);
});

test('a listener hears of every group once, in order, until it unsubscribes', async (t) => {
  const { host } = await openHost(t);
  const heard: number[][] = [];
  const listener = (entries: readonly Entry[]) => heard.push(entries.map(({ seq }) => seq));
  const unsubscribe = host.subscribe((entries) => void listener(entries));
  await Promise.all([1, 2, 3].map(() => host.execute(notify())));
  await host.execute(notify());
  unsubscribe();
  await host.execute(notify());
  t.strictSame(heard, [[1, 2, 3], [4]]);
});

test('a listener hears of a change before it is answered, and when the state has it', async (t) => {
  const { host } = await openHost(t);
  const order: string[] = [];
  t.teardown(
    host.subscribe((entries) => {
      order.push(`heard ${entries[0]?.seq}, the state is at ${host.seq}`);
    }),
  );
  await host.execute(notify()).then(() => order.push('answered'));
  t.strictSame(order, ['heard 1, the state is at 1', 'answered']);
});

test('whoever waits for a seq is told when the state includes it', async (t) => {
  const { host } = await openHost(t);
  const reached: string[] = [];
  const wait = (seq: number) => host.reached(seq).then(() => reached.push(`${seq} at ${host.seq}`));
  const waits = [wait(0), wait(3), wait(1)];
  await host.execute(notify());
  await new Promise(setImmediate);
  t.strictSame(reached, ['0 at 0', '1 at 1']);
  await host.execute(notify());
  await host.execute(notify());
  await Promise.all(waits);
  t.strictSame(reached, ['0 at 0', '1 at 1', '3 at 3']);
  await host.reached(3);
});

test('whoever waits too long for a seq is told so, and is not waited for any more', async (t) => {
  const tick = manualTimers(t);
  const { host } = await openHost(t);
  const late = host.reached(2, 5000);
  const inTime = host.reached(1, 5000);
  await host.execute(notify());
  t.equal(await inTime, true);
  tick(4999);
  const afterwards = host.reached(1, 1);
  t.equal(await Promise.race([late, afterwards.then(() => 'still waiting')]), 'still waiting');
  tick(1);
  t.equal(await late, false);
});

test('a gap in the log is an error, and nobody hears of what comes after it', async (t) => {
  const journal = await openMemory(t);
  let reader: TailReader | undefined;
  const { host } = await openHost(t, {
    journal: wrap(journal, {
      tail: (given) => {
        reader = given;
        journal.tail(given);
      },
    }),
  });
  const heard: Entry[] = [];
  host.subscribe((entries) => heard.push(...entries));
  await host.execute(notify());
  const [entry] = heard;
  t.throws(() => reader?.entries([{ ...(entry as Entry), seq: 3 }]), new Error('the log went from 1 to 3'));
  t.equal(host.seq, 1);
  t.equal(heard.length, 1);
});

test('the problem of the journal is the problem of the host', async (t) => {
  const journal = await openMemory(t);
  let problem: string | null = null;
  const { host } = await openHost(t, { journal: wrap(journal, { problem: () => problem }) });
  t.equal(host.problem(), null);
  problem = 'the disk is full';
  t.equal(host.problem(), 'the disk is full');
});
