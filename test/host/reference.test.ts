import { test } from 'tap';
import {
  agentIn,
  approvalIn,
  approvalOf,
  doneOf,
  eventsOf,
  kindsOf,
  manualTimers,
  openHost,
  refusalIn,
  waitFor,
} from './open-host.ts';
import { ask, by, NOW, register, resolve, setStatus, unregister } from './samples.ts';

// The in-memory host that the semantics come from has these tests; each has its counterpart here.

test('a host tracks agents, events and approvals', async (t) => {
  const { host } = await openHost(t);
  const display = { label: 'Research Lead', icon: 'magnifying-glass', accent: '#0a84ff' };
  const agent = agentIn(
    await host.execute(
      register('agent-1', 'client-1', {
        name: 'Researcher',
        kind: 'builtin',
        capabilities: ['search'],
        project: '/tmp/project',
        display,
      }),
    ),
  );
  t.equal(agent.status, 'idle');
  t.strictSame(agent.display, display);
  t.equal([...host.agents(null)].length, 1);

  const updated = agentIn(
    await host.execute(
      setStatus('agent-1', 'client-1', { status: 'running', current_task: 'Collect facts' }),
    ),
  );
  t.equal(updated.status, 'running');
  t.equal(updated.current_task, 'Collect facts');

  const asked = ask('client-1', { agent_id: 'agent-1', details: { command: 'cargo test' } });
  const approval = approvalIn(await host.execute(asked));
  t.strictSame(approval.options, ['approve', 'deny']);
  t.equal(approval.status, 'pending');

  const resolved = approvalIn(await host.execute(resolve(approval.id, 'client-1', 'approve')));
  t.equal(resolved.status, 'resolved');
  t.equal(resolved.resolution, 'approve');
  t.strictSame(
    (await eventsOf(host)).map(({ seq, kind, message }) => ({ seq, kind, message })),
    [
      { seq: 1, kind: 'agent.registered', message: 'Researcher registered' },
      { seq: 2, kind: 'agent.status_changed', message: 'Researcher is running' },
      { seq: 3, kind: 'approval.requested', message: 'Approval requested: Run tests' },
      { seq: 4, kind: 'approval.resolved', message: 'Approval resolved: Run tests' },
    ],
  );
});

for (const [resolution, outcome] of [
  ['approve', 'approved'],
  ['deny', 'denied'],
] as const) {
  test(`a wait returns ${outcome} when a person chooses ${resolution}`, async (t) => {
    const { host } = await openHost(t);
    const { id } = doneOf(await host.execute(ask('gate-1', { action: 'messages.send', system_level: true })));
    const { parked, ended } = waitFor(host, id);
    await parked;
    const { approvals } = host.capture();
    t.strictSame(
      approvals.map(({ state }) => JSON.parse(state).client_id),
      [null],
      'one pending approval, of nobody',
    );
    doneOf(await host.execute(resolve(id, 'ui-session', resolution)));
    t.hasStrict(await ended, { outcome, approval: { id, status: 'resolved', outcome, resolution } });
    t.equal(host.figures.waits, 0);
  });
}

test('a wait times out when nobody decides, and its approval is still pending', async (t) => {
  const tick = manualTimers(t);
  const { host } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('gate-1', { action: 'vision.ocr', system_level: true })));
  const { parked, ended } = waitFor(host, id, 50);
  await parked;
  tick(49);
  t.equal(host.figures.waits, 1);
  tick(1);
  t.hasStrict(await ended, { outcome: 'timed_out', approval: { id, status: 'pending', outcome: null } });
  t.equal((await approvalOf(host, id)).status, 'pending');
  t.strictSame(host.figures, { agents: 0, pending: 1, waits: 0 });
});

test('a session that does not own an agent cannot set its status, and its owner can', async (t) => {
  const { host } = await openHost(t);
  await host.execute(register('worker', 'client-A'));
  const refusal = refusalIn(await host.execute(setStatus('worker', 'client-B', { status: 'errored' })));
  t.hasStrict(refusal, { code: 'agent-owned-by-another-session', registering: false });
  t.equal((await host.agent('worker'))?.status, 'idle');
  t.equal(
    agentIn(await host.execute(setStatus('worker', 'client-A', { status: 'running' }))).status,
    'running',
  );
});

test('a session that does not own an agent cannot unregister it, and its owner can', async (t) => {
  const { host } = await openHost(t);
  await host.execute(register('worker', 'client-A'));
  const refusal = refusalIn(await host.execute(unregister('worker', 'client-B')));
  t.hasStrict(refusal, { code: 'agent-owned-by-another-session', registering: false });
  t.equal(host.figures.agents, 1);
  t.strictSame(doneOf(await host.execute(unregister('worker', 'client-A'))), {
    outcome: 'changed',
    seq: 2,
    id: 'worker',
    json: 'null',
  });
  t.equal(host.figures.agents, 0);
  t.equal(await host.agent('worker'), undefined);
});

test("registering does not overwrite another session's agent", async (t) => {
  const { host } = await openHost(t);
  await host.execute(register('worker', 'client-A', { name: 'Mine' }));
  const refusal = refusalIn(await host.execute(register('worker', 'client-B', { name: 'Stolen' })));
  t.hasStrict(refusal, {
    code: 'agent-owned-by-another-session',
    registering: true,
    agent: { session_id: 'client-A' },
  });
  t.hasStrict(await host.agent('worker'), { name: 'Mine', session_id: 'client-A' });
});

test('an approval cannot be resolved from another session while its owner is not connected', async (t) => {
  const { host } = await openHost(t);
  const { id } = doneOf(await host.execute(ask('client-A', { action: 'manual.action' })));
  const refusal = refusalIn(await host.execute(resolve(id, 'client-B', 'approve')));
  t.hasStrict(refusal, { code: 'approval-owner-disconnected', approval: { id, status: 'pending' } });
  t.hasStrict(await approvalOf(host, id), { status: 'pending', resolve_requested: null });
  t.equal(approvalIn(await host.execute(resolve(id, 'client-A', 'deny'))).outcome, 'denied');
  t.strictSame(await kindsOf(host), ['approval.requested', 'approval.resolved']);
});

test('a decision from another session is passed on to an owner that is connected', async (t) => {
  const { host } = await openHost(t);
  await host.presence.connect(by('client-A'), NOW);
  const details = { kind: 'email_reply' };
  const asked = ask('client-A', { agent_id: 'worker', action: 'Send email to bob@example.com', details });
  const { id } = doneOf(await host.execute(asked));

  const passedOn = await host.execute(resolve(id, 'client-B', 'deny'));
  t.equal(doneOf(passedOn).outcome, 'passed-on');
  t.equal(approvalIn(passedOn).status, 'pending', 'only the owner decides');
  t.hasStrict((await eventsOf(host)).at(-1), {
    kind: 'approval.resolve_requested',
    agent_id: 'worker',
    message: 'Resolution requested for Send email to bob@example.com: deny',
  });
  t.strictSame((await eventsOf(host)).at(-1)?.payload, {
    approval_id: id,
    resolution: 'deny',
    comment: null,
    requesting_client_id: 'client-B',
    owner_client_id: 'client-A',
  });
  t.equal((await approvalOf(host, id)).status, 'pending');

  const resolved = approvalIn(await host.execute(resolve(id, 'client-A', 'deny')));
  t.hasStrict(resolved, { status: 'resolved', resolution: 'deny', resolve_requested: null });
});

test('any session can resolve a system-level approval', async (t) => {
  const { host } = await openHost(t);
  const action = 'ws.method:automation.run_applescript';
  const approval = approvalIn(await host.execute(ask('gate-1', { action, system_level: true })));
  t.equal(approval.client_id, null);
  const resolved = approvalIn(await host.execute(resolve(approval.id, 'ui-session', 'approve')));
  t.hasStrict(resolved, { outcome: 'approved', decided_by: { session_id: 'ui-session', principal: null } });
});
