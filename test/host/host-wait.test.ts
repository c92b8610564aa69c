import { test } from 'tap';
import type { Host } from '../../src/host/host.ts';
import type { Entry, TailReader } from '../../src/host/journal.ts';
import type { WaitEnd } from '../../src/host/waits.ts';
import { approvalOf, doneOf, manualTimers, openHost, openMemory, waitFor, wrap } from './open-host.ts';
import { ask, by, cancel, NOW, resolve } from './samples.ts';
import { twoNodes } from './two-nodes.ts';

async function create(host: Host, expires_in_ms: number | null = null): Promise<string> {
  return doneOf(await host.execute(ask('gate-1', { system_level: true, expires_in_ms }))).id;
}

test('there is no wait for an unknown approval', async (t) => {
  const { host } = await openHost(t);
  t.equal(await host.wait('approval-x', 1000, () => t.fail('nobody is told')), undefined);
  t.equal(host.figures.waits, 0);
});

test('everyone who waits is told how the approval ended', async (t) => {
  const { host, clock } = await openHost(t);
  for (const [outcome, end] of [
    ['approved', (id: string) => resolve(id, 'ui-1', 'approve')],
    ['denied', (id: string) => resolve(id, 'ui-1', 'deny')],
    ['cancelled', (id: string) => cancel(id, 'gate-1')],
    ['expired', (id: string) => ({ type: 'expire-approval', id }) as const],
  ] as const) {
    const id = await create(host, 1000);
    const waits = [waitFor(host, id), waitFor(host, id)];
    const other = waitFor(host, await create(host));
    await Promise.all([...waits, other].map(({ parked }) => parked));
    t.equal(host.figures.waits, 3);
    clock.now += outcome === 'expired' ? 1000 : 0;
    doneOf(await host.execute(end(id)));
    t.equal(host.figures.waits, 1);
    const approval = await approvalOf(host, id);
    t.equal(approval.outcome, outcome);
    for (const { ended } of waits) {
      t.strictSame(await ended, { type: 'answer', outcome, approval });
    }
    host.endWait((await other.parked) as NonNullable<Awaited<typeof other.parked>>);
  }
});

test('a decision that comes too late tells those who wait that the approval has expired', async (t) => {
  const { host, clock } = await openHost(t);
  const id = await create(host, 1000);
  const { parked, ended } = waitFor(host, id);
  await parked;
  clock.now += 1000;
  await host.execute(resolve(id, 'ui-1', 'approve'));
  t.hasStrict(await ended, { outcome: 'expired', approval: { id, outcome: 'expired', decided_by: null } });
});

test('a decision that is passed on ends no wait', async (t) => {
  const { host } = await openHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const { id } = doneOf(await host.execute(ask('client-A')));
  const { parked, ended } = waitFor(host, id);
  await parked;
  await host.execute(resolve(id, 'ui-1', 'approve'));
  t.equal(host.figures.waits, 1);
  await host.execute(resolve(id, 'client-A', 'deny'));
  t.hasStrict(await ended, { outcome: 'denied', approval: { resolution: 'deny' } });
});

test('a wait for a final approval is answered at once, whatever its timeout', async (t) => {
  const { host } = await openHost(t);
  const id = await create(host);
  await host.execute(resolve(id, 'ui-1', 'approve'));
  const approval = await approvalOf(host, id);
  for (const timeoutMs of [0, 600_000]) {
    const { parked, ended } = waitFor(host, id, timeoutMs);
    await parked;
    t.equal(host.figures.waits, 0);
    t.strictSame(await ended, { type: 'answer', outcome: 'approved', approval });
  }
});

test('a wait for an approval that is final and no longer in memory is answered at once', async (t) => {
  const { host } = await openHost(t);
  const id = await create(host);
  await host.execute(resolve(id, 'ui-1', 'deny'));
  const fillers = await Promise.all(Array.from({ length: 1000 }, () => create(host)));
  await Promise.all(fillers.map((filler) => host.execute(cancel(filler, 'gate-1'))));
  t.hasStrict(await waitFor(host, id).ended, { outcome: 'denied', approval: { id } });
});

test('a wait that times out can be repeated, and misses no decision in between', async (t) => {
  const tick = manualTimers(t);
  const { host } = await openHost(t);
  const id = await create(host);
  for (let times = 0; times < 2; times++) {
    const { parked, ended } = waitFor(host, id, 100);
    await parked;
    tick(100);
    t.strictSame(await ended, {
      type: 'answer',
      outcome: 'timed_out',
      approval: await approvalOf(host, id),
    });
  }
  await host.execute(resolve(id, 'ui-1', 'approve'));
  t.hasStrict(await waitFor(host, id, 100).ended, { outcome: 'approved' });
});

test('a wait that times out answers with the approval as it is then', async (t) => {
  const tick = manualTimers(t);
  const { host } = await openHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const { id } = doneOf(await host.execute(ask('client-A')));
  const { parked, ended } = waitFor(host, id, 100);
  await parked;
  await host.execute(resolve(id, 'client-B', 'deny'));
  tick(100);
  t.hasStrict(await ended, {
    outcome: 'timed_out',
    approval: { status: 'pending', resolve_requested: { resolution: 'deny', session_id: 'client-B' } },
  });
});

test('a wait whose client has gone costs nothing more, and its approval stays', async (t) => {
  const tick = manualTimers(t);
  const { host } = await openHost(t);
  const id = await create(host);
  const wait = await host.wait(id, 100, () => t.fail('nobody is there to be told'));
  t.ok(wait);
  if (wait !== undefined) {
    host.endWait(wait);
    host.endWait(wait);
  }
  t.strictSame(host.figures, { agents: 0, pending: 1, waits: 0 });
  tick(100);
  t.hasStrict(await host.execute(resolve(id, 'ui-1', 'approve')), { outcome: 'changed' });
});

test('a decision that arrives while the wait begins is its answer', async (t) => {
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
  const entries: Entry[] = [];
  host.subscribe((group) => entries.push(...group));
  const id = await create(host);
  const approval = { ...(await approvalOf(host, id)), status: 'resolved', outcome: 'approved' };
  const { parked, ended } = waitFor(host, id);
  const entry = entries[0] as Entry;
  if (entry.entity?.type !== 'approval') {
    throw new Error('the entry is of no approval');
  }
  const entity = {
    ...entry.entity,
    status: 'resolved',
    createdSeq: 1,
    state: JSON.stringify(approval),
  } as const;
  reader?.entries([{ ...entry, seq: 2, entity }]);
  await parked;
  t.strictSame(await ended, { type: 'answer', outcome: 'approved', approval });
  t.equal(host.figures.waits, 0);
});

test('a wait for an approval that the log has before the state is parked when the state has it', async (t) => {
  const { a, b, holdBack } = await twoNodes(t);
  const release = holdBack();
  const id = await create(a);
  const { parked, ended } = waitFor(b, id);
  await new Promise(setImmediate);
  t.equal(b.figures.waits, 0);
  release();
  await parked;
  t.equal(b.figures.waits, 1);
  await a.execute(resolve(id, 'ui-1', 'approve'));
  t.hasStrict(await ended, { outcome: 'approved', approval: { id } });
});

test('a wait is told once, whatever happens at the same time', async (t) => {
  const tick = manualTimers(t);
  const { host } = await openHost(t);
  const id = await create(host);
  const told: WaitEnd[] = [];
  await host.wait(id, 100, (end) => told.push(end));
  await host.execute(resolve(id, 'ui-1', 'approve'));
  tick(100);
  await host.stop();
  t.equal(told.length, 1);
});

test('a decision touches only the waits for its approval', async (t) => {
  const { host } = await openHost(t);
  const ids = await Promise.all(Array.from({ length: 100 }, () => create(host)));
  const told: string[] = [];
  for (const id of ids) {
    await host.wait(id, 600_000, () => told.push(id));
  }
  await host.execute(resolve(ids[50] as string, 'ui-1', 'approve'));
  t.strictSame(told, [ids[50]]);
  t.equal(host.figures.waits, 99);
});

test('only the label that means yes approves', async (t) => {
  const { host } = await openHost(t);
  const asked = { system_level: true, options: ['approve', 'ship it'], approve_label: 'ship it' };
  for (const [resolution, outcome] of [
    ['approve', 'denied'],
    ['ship it', 'approved'],
  ] as const) {
    const { id } = doneOf(await host.execute(ask('gate-1', asked)));
    const { parked, ended } = waitFor(host, id);
    await parked;
    await host.execute(resolve(id, 'ui-1', resolution));
    t.hasStrict(await ended, { outcome, approval: { outcome, resolution } });
  }
});
