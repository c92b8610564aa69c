import { test } from 'tap';
import { Sallyport } from '../../src/client/index.ts';
import { startGuarded } from '../access/guarded.ts';
import { start } from '../service.ts';

test('agents are registered, report, are listed and go', async (t) => {
  const { url } = await start(t);
  const { agents } = new Sallyport({ url: `${url}/`, session: 'a' });
  const agent = await agents.register({ id: 'r:1', name: 'Researcher', kind: 'test' });
  t.match(agent, { id: 'r:1', session_id: 'a', status: 'idle' });
  t.match(await agents.setStatus('r:1', { status: 'running', current_task: 'read' }), { status: 'running' });
  t.match(await agents.get('r:1'), { current_task: 'read' });
  t.match(await agents.list({ status: 'running' }), { agents: [{ id: 'r:1' }], next_cursor: null });
  t.equal((await agents.list({ status: 'idle' })).agents.length, 0);
  t.equal(await agents.unregister('r:1'), undefined);
  await t.rejects(agents.get('r:1'), { status: 404, code: 'agent-not-found' });
  t.strictSame(await agents.list(), { agents: [], next_cursor: null });
});

test('approvals are asked for, listed, decided and cancelled', async (t) => {
  const { url } = await start(t);
  const { approvals } = new Sallyport({ url, session: 'a' });
  const { id } = await approvals.create({ action: 'Deploy?', system_level: true });
  t.equal((await approvals.get(id)).status, 'pending');
  t.match(await approvals.resolve(id, { resolution: 'deny', comment: 'no' }), {
    outcome: 'denied',
    comment: 'no',
  });
  const other = await approvals.create({ action: 'Again?' });
  t.equal((await approvals.cancel(other.id)).outcome, 'cancelled');
  const page = await approvals.list({ status: ['resolved', 'cancelled'], order: 'asc', limit: 1 });
  t.equal(page.approvals[0]?.id, id);
  t.match(
    await approvals.list({
      cursor: String(page.next_cursor),
      status: ['resolved', 'cancelled'],
      order: 'asc',
    }),
    {
      approvals: [{ id: other.id }],
    },
  );
  t.equal((await approvals.list()).approvals.length, 2);
  const refused = approvals.resolve(id, { resolution: 'approve' }).catch((error) => error);
  t.match(await refused, {
    name: 'SallyportError',
    status: 409,
    problem: { approval: { outcome: 'denied' } },
  });
});

test('what is being asked can be given up', async (t) => {
  const { url } = await start(t);
  const sallyport = new Sallyport({ url });
  const reason = new Error('enough');
  await t.rejects(sallyport.approvals.list({}, { signal: AbortSignal.abort(reason) }), reason);
});

test('the service says how it is', async (t) => {
  const { url } = await start(t);
  const sallyport = new Sallyport({ url });
  t.equal(await sallyport.ready(), undefined);
  t.equal(await sallyport.version(), 'test');
  t.match(await sallyport.metrics(), /^sallyport_approvals_pending 0$/m);
  t.strictSame(await sallyport.sessions(), []);
  t.match(await sallyport.me(), { principal: null, role: 'operator', credential: null });
});

test('without options it is on this machine, and called as nobody else', async (t) => {
  const [one, other] = [new Sallyport(), new Sallyport()];
  t.equal(one.url, 'http://127.0.0.1:7420');
  t.match(one.session, /^client-[0-9a-f]{32}$/);
  t.not(one.session, other.session);
});

test('it sends its token', async (t) => {
  const { url, tokens } = await startGuarded(t);
  await t.rejects(new Sallyport({ url }).approvals.list(), { status: 401, code: 'unauthenticated' });
  const agent = new Sallyport({ url, token: tokens.agent, session: 'a' });
  const { id, requested_by } = await agent.requestApproval({ action: 'Deploy?' });
  t.strictSame(requested_by, { session_id: 'a', principal: 'token:agent' });
  await t.rejects(agent.approvals.resolve(id, { resolution: 'approve' }), { status: 403, code: 'forbidden' });
  const operator = new Sallyport({ url, token: tokens.operator });
  t.equal((await operator.approvals.resolve(id, { resolution: 'approve' })).outcome, 'approved');
});
