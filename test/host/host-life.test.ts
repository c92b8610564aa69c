import { test } from 'tap';
import { time } from '../../src/host/decision.ts';
import { type Appended, type Change, StorageUnavailable } from '../../src/host/journal.ts';
import {
  approvalIn,
  approvalOf,
  doneOf,
  eventsOf,
  kindsOf,
  manualTimers,
  nextEvent,
  openHost,
  openMemory,
  refusalIn,
  restarted,
  waitFor,
  wrap,
} from './open-host.ts';
import { ask, cancel, NOW, notify, register, resolve, setStatus } from './samples.ts';

test('a host starts with what was open', async (t) => {
  const journal = await openMemory(t);
  const { host: before } = await openHost(t, { journal });
  await before.execute(register('worker', 'client-A', { name: 'Worker' }));
  const pending = approvalIn(await before.execute(ask('client-A')));
  const final = approvalIn(await before.execute(ask('client-A')));
  const resolved = approvalIn(await before.execute(resolve(final.id, 'client-A', 'deny')));
  await before.stop();

  const { host } = await openHost(t, { journal: restarted(before, journal) });
  t.equal(host.seq, 4);
  t.strictSame(host.figures, { agents: 1, pending: 1, waits: 0 });
  t.hasStrict(await host.agent('worker'), { name: 'Worker', session_id: 'client-A' });
  t.strictSame(await approvalOf(host, pending.id), pending);
  t.strictSame(await approvalOf(host, resolved.id), resolved);
  t.equal((await eventsOf(host)).length, 4, 'older events come from the journal');
  t.equal(
    refusalIn(await host.execute(setStatus('worker', 'client-B', { status: 'idle' }))).code,
    'agent-owned-by-another-session',
  );
  t.hasStrict(approvalIn(await host.execute(resolve(pending.id, 'client-A', 'approve'))), {
    outcome: 'approved',
  });
  t.equal(doneOf(await host.execute(setStatus('worker', 'client-A', { status: 'running' }))).seq, 6);
});

test('overdue approvals are expired before the host is ready', async (t) => {
  const journal = await openMemory(t);
  const { host: before } = await openHost(t, { journal });
  const create = (expires_in_ms: number | null) => before.execute(ask('client-A', { expires_in_ms }));
  const created = await Promise.all(Array.from({ length: 1500 }, (_, index) => create(index + 1)));
  const later = doneOf(await create(1501)).id;
  const never = doneOf(await create(null)).id;
  await before.stop();

  const now = NOW + 1500;
  const { host } = await openHost(t, { journal: restarted(before, journal), clock: () => now });
  t.equal(host.figures.pending, 2);
  t.equal(host.seq, 3002);
  for (const { id } of [created[0], created[1499]].map((one) => doneOf(one as NonNullable<typeof one>))) {
    t.hasStrict(await approvalOf(host, id), {
      status: 'expired',
      outcome: 'expired',
      resolved_at: time(now),
      decided_by: null,
      resolution: null,
    });
  }
  for (const id of [later, never]) {
    t.hasStrict(await approvalOf(host, id), { status: 'pending' });
  }
});

test('a host that cannot expire what is overdue does not start, and leaves nothing behind', async (t) => {
  const tick = manualTimers(t);
  const journal = await openMemory(t);
  const { host: before } = await openHost(t, { journal });
  doneOf(await before.execute(ask('client-A', { expires_in_ms: 1 })));
  await before.stop();

  let appends = 0;
  const full = wrap(restarted(before, journal), {
    append: () => {
      appends += 1;
      return Promise.reject(new StorageUnavailable('the disk is full'));
    },
    problem: () => 'the disk is full',
  });
  await t.rejects(
    openHost(t, { journal: full, clock: () => NOW + 1 }),
    new Error('approvals that are overdue could not be expired: the disk is full'),
  );
  t.equal(appends, 1);
  tick(3_600_000);
  await new Promise(setImmediate);
  t.equal(appends, 1);
});

test('a host whose journal cannot be read does not start', async (t) => {
  const journal = await openMemory(t);
  const broken = wrap(journal, { boot: () => Promise.reject(new Error('not a log')) });
  await t.rejects(openHost(t, { journal: broken }), new Error('not a log'));
});

test('an approval expires when it is due, and those who wait are told', async (t) => {
  const tick = manualTimers(t);
  const { host, clock } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A', { expires_in_ms: 500 })));
  const { parked, ended } = waitFor(host, id);
  await parked;
  clock.now += 499;
  tick(499);
  await new Promise(setImmediate);
  t.equal(host.seq, 1);
  const expired = nextEvent(host, 'approval.expired');
  clock.now += 1;
  tick(1);
  t.hasStrict((await expired).payload, { id, status: 'expired', resolved_at: time(NOW + 500) });
  t.hasStrict(await ended, { outcome: 'expired', approval: { id } });
});

test('an approval that is asked for without a time expires as the host is configured', async (t) => {
  const tick = manualTimers(t);
  const { host, clock } = await openHost(t, { defaultExpiresMs: 700 });
  const { id } = doneOf(await host.execute(ask('client-A')));
  const expired = nextEvent(host, 'approval.expired');
  clock.now += 700;
  tick(700);
  t.hasStrict((await expired).payload, { id, expires_at: time(NOW + 700) });
});

test('an approval expires within a second of a clock that jumps forward', async (t) => {
  const tick = manualTimers(t);
  const { host, clock } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A', { expires_in_ms: 86_400_000 })));
  const expired = nextEvent(host, 'approval.expired');
  clock.now += 2 * 86_400_000;
  tick(1000);
  const { payload } = await expired;
  t.hasStrict(payload, { id, expires_at: time(NOW + 86_400_000), resolved_at: time(clock.now) });
});

test('an approval can be decided when the clock has jumped back before it expires', async (t) => {
  const tick = manualTimers(t);
  const { host, clock } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A', { expires_in_ms: 500 })));
  clock.now -= 3_600_000;
  tick(10_000);
  await new Promise(setImmediate);
  t.hasStrict(approvalIn(await host.execute(resolve(id, 'client-A', 'approve'))), { outcome: 'approved' });
});

test('an approval expires although the clock jumps back in the moment it is due', async (t) => {
  const tick = manualTimers(t);
  const clock = { now: NOW, later: [] as number[] };
  const { host } = await openHost(t, { clock: () => clock.later.shift() ?? clock.now });
  const { id } = doneOf(await host.execute(ask('client-A', { expires_in_ms: 500 })));
  clock.now = NOW + 400;
  // Due when the timer looks, and not when the command is taken up.
  clock.later = [NOW + 500];
  tick(500);
  for (let turns = 0; turns < 5; turns++) {
    await new Promise(setImmediate);
  }
  t.equal((await approvalOf(host, id)).status, 'pending');
  const expired = nextEvent(host, 'approval.expired');
  clock.now = NOW + 500;
  tick(1000);
  t.hasStrict((await expired).payload, { id });
});

for (const [what, error, reports] of [
  ['a full disk', new StorageUnavailable('the disk is full'), 0],
  ['an error that nobody expected', new Error('a bug'), 1],
] as const) {
  test(`what ${what} kept from expiring is tried again, and expires when the journal works`, async (t) => {
    const tick = manualTimers(t);
    const journal = await openMemory(t);
    const failed = Promise.withResolvers<void>();
    let isFull = false;
    const { host, clock, reported } = await openHost(t, {
      journal: wrap(journal, {
        append: (change) => {
          if (!isFull) {
            return journal.append(change);
          }
          failed.resolve();
          return Promise.reject(error);
        },
      }),
    });
    const { id } = doneOf(await host.execute(ask('client-A', { expires_in_ms: 10 })));
    isFull = true;
    clock.now += 10;
    tick(10);
    await failed.promise;
    await new Promise(setImmediate);
    t.equal((await approvalOf(host, id)).status, 'pending');
    t.equal(reported.length, reports, 'what is ours to mend is reported');
    isFull = false;
    const expired = nextEvent(host, 'approval.expired');
    tick(1000);
    t.hasStrict((await expired).payload, { id });
  });
}

test('a host that stops finishes what runs, refuses what is new, and answers its waits with their approval', async (t) => {
  const journal = await openMemory(t);
  let isOpen = true;
  const held: (() => void)[] = [];
  const { host } = await openHost(t, {
    journal: wrap(journal, {
      append: (change: Change) =>
        isOpen
          ? journal.append(change)
          : new Promise<Appended>((resolve, reject) => {
              held.push(() => journal.append(change).then(resolve, reject));
            }),
    }),
  });
  const decided = doneOf(await host.execute(ask('client-A'))).id;
  const open = approvalIn(await host.execute(ask('client-A')));
  const waits = [waitFor(host, decided), waitFor(host, open.id), waitFor(host, open.id)] as const;
  await Promise.all(waits.map(({ parked }) => parked));

  isOpen = false;
  const running = host.execute(resolve(decided, 'client-A', 'approve'));
  const behind = host.execute(cancel(decided, 'client-A'));
  let isStopped = false;
  const stopping = host.stop().then(() => {
    isStopped = true;
  });
  t.equal(host.isStopping, true);
  t.equal(host.problem(), 'this node is shutting down');
  for (const command of [notify(), ask('client-A'), resolve(open.id, 'client-A', 'approve')]) {
    t.strictSame(refusalIn(await host.execute(command)), { code: 'shutting-down' });
  }
  t.strictSame(await waitFor(host, open.id).ended, { type: 'shutting-down', approval: open });
  await new Promise(setImmediate);
  t.notOk(isStopped, 'something runs');

  for (const go of held) {
    go();
  }
  isOpen = true;
  t.equal(approvalIn(await running).outcome, 'approved');
  t.equal(refusalIn(await behind).code, 'approval-already-final');
  await stopping;
  t.hasStrict(await waits[0].ended, { type: 'answer', outcome: 'approved' });
  for (const { ended } of waits.slice(1)) {
    t.strictSame(await ended, { type: 'shutting-down', approval: open });
  }
  t.equal(host.figures.waits, 0);
  t.strictSame(await kindsOf(host), ['approval.requested', 'approval.requested', 'approval.resolved']);
});

test('a host that has stopped still answers reads, and waits for what is final', async (t) => {
  const { host } = await openHost(t);
  const pending = approvalIn(await host.execute(ask('client-A')));
  const { id } = doneOf(await host.execute(ask('client-A')));
  await host.execute(resolve(id, 'client-A', 'deny'));
  await host.stop();
  t.hasStrict(await waitFor(host, id).ended, { type: 'answer', outcome: 'denied' });
  t.strictSame(await waitFor(host, pending.id).ended, { type: 'shutting-down', approval: pending });
  t.equal((await eventsOf(host)).length, 3);
});

test('a host that has stopped expires nothing, and does not look at the clock any more', async (t) => {
  const tick = manualTimers(t);
  const clock = { now: NOW, reads: 0 };
  const read = () => {
    clock.reads += 1;
    return clock.now;
  };
  const { host } = await openHost(t, { clock: read });
  await host.execute(ask('client-A', { expires_in_ms: 10 }));
  await host.stop();
  const { reads } = clock;
  clock.now += 10;
  tick(3_600_000);
  await new Promise(setImmediate);
  t.equal(host.seq, 1);
  t.equal(host.figures.pending, 1);
  t.equal(clock.reads, reads);
});
