import { request as send } from 'node:http';
import { test } from 'tap';
import { type Started, start } from '../service.ts';
import { startOver, TestJournal, until } from './parts.ts';
import { isProblem } from './problems.ts';

/** Parks `POST /approvals/wait`; resolves when the service has it. */
async function park({ client, stream }: Started, body: object = {}) {
  const events = await stream('/events/stream?kind=approval.requested');
  await events.hello();
  const answer = client.post('/approvals/wait', { action: 'Deploy?', ...body }, { session: 'gate' });
  const { data } = await events.frame(({ data }) => data?.kind === 'approval.requested');
  events.close();
  return { id: data.payload.id as string, approval: data.payload, answer };
}

test('a wait creates a system-level approval and is answered with its decision', async (t) => {
  const service = await start(t);
  for (const [resolution, outcome] of [
    ['approve', 'approved'],
    ['deny', 'denied'],
  ]) {
    const { id, approval, answer } = await park(service, { details: { version: 1 }, agent_id: 'a' });
    t.match(approval, {
      client_id: null,
      requested_by: { session_id: 'gate' },
      agent_id: 'a',
      status: 'pending',
    });
    const { body: resolved } = await service.client.post(`/approvals/${id}/resolve`, {
      resolution,
      comment: 'c',
    });
    const { status, headers, body } = await answer;
    t.equal(status, 200);
    t.strictSame(body, { outcome, approval: resolved });
    t.ok(Number(headers['sallyport-seq']) >= 2);
    const late = await service.client.get(`/approvals/${id}/wait`, { session: null });
    t.strictSame(late.body, body, 'one that is final answers at once');
  }
});

test('cancelling and expiring answer a wait too', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const cancelled = await park(service);
  await service.client.post(`/approvals/${cancelled.id}/cancel`, {}, { session: 'gate' });
  t.match((await cancelled.answer).body, { outcome: 'cancelled', approval: { status: 'cancelled' } });
  const expired = await park(service, { expires_in_ms: 3_600_000 });
  service.clocks.jump(3_600_000);
  await service.client.post(`/approvals/${expired.id}/resolve`, { resolution: 'approve' });
  t.match((await expired.answer).body, { outcome: 'expired', approval: { status: 'expired' } });
});

test('a wait that was long enough is told so, with the approval that is still pending', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const posted = await client.post('/approvals/wait', { action: 'a', timeout_ms: 0 });
  t.match(posted, {
    status: 200,
    body: { outcome: 'timed_out', approval: { status: 'pending', outcome: null } },
  });
  t.equal(posted.headers['sallyport-seq'], '1');
  const { approval } = posted.body;
  for (const timeout of ['0', '1']) {
    const again = await client.get(`/approvals/${approval.id}/wait?timeout_ms=${timeout}`);
    t.strictSame(again.body, { outcome: 'timed_out', approval });
  }
  const { status } = await client.post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' });
  t.equal(status, 200, 'it can still be resolved');
});

test('a wait on what does not exist is 404', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const answer = await client.get('/approvals/approval-0123456789ab/wait');
  isProblem(t, answer, 404, 'approval-not-found');
  t.equal(answer.body.detail, "unknown approval 'approval-0123456789ab'");
});

test('waits are limited: one more is 429 and creates nothing', async (t) => {
  const service = await start(t, { store: 'memory:', maxWaits: 2 });
  const { client } = service;
  const first = await park(service);
  const second = await park(service);
  const refused = [
    await client.post('/approvals/wait', { action: 'a' }),
    await client.get(`/approvals/${first.id}/wait`),
  ];
  for (const answer of refused) {
    isProblem(t, answer, 429, 'too-many-requests');
    t.equal(answer.headers['retry-after'], '1');
    t.match(answer.body.detail, /2 waits/);
  }
  isProblem(t, await client.post('/approvals/wait', { action: 5 }), 400, 'validation-failed', ['action']);
  t.equal((await client.get('/approvals')).body.approvals.length, 2);
  const other = await client.post('/approvals', { action: 'decided' });
  await client.post(`/approvals/${other.body.id}/resolve`, { resolution: 'approve' });
  const final = await client.get(`/approvals/${other.body.id}/wait`);
  t.equal(final.body.outcome, 'approved', 'what is final needs no room');
  const patient = await client.get(`/approvals/${first.id}/wait?timeout_ms=0`);
  t.equal(patient.body.outcome, 'timed_out', 'nor does one that does not wait');
  isProblem(t, await client.get('/approvals/approval-0123456789ab/wait'), 404, 'approval-not-found');
  await client.post(`/approvals/${first.id}/resolve`, { resolution: 'approve' });
  t.equal((await first.answer).body.outcome, 'approved');
  const room = await client.get(`/approvals/${second.id}/wait?timeout_ms=0`);
  t.equal(room.body.outcome, 'timed_out', 'there is room again');
  await client.post(`/approvals/${second.id}/resolve`, { resolution: 'deny' });
  t.equal((await second.answer).body.outcome, 'denied');
});

test('a client that goes away ends its wait and leaves the approval', async (t) => {
  const journal = new TestJournal();
  const { client, host, url } = await startOver(t, journal);
  const headers = { 'X-Session-Id': 'a', 'Content-Type': 'application/json' };
  const leave = async (isThere: () => boolean) => {
    const sent = send(`${url}/approvals/wait`, { method: 'POST', headers });
    sent.on('error', () => undefined);
    sent.end('{"action":"a"}');
    await until(isThere);
    sent.destroy();
  };
  await leave(() => host.figures.waits === 1);
  await until(() => host.figures.waits === 0);
  t.match((await client.get('/approvals')).body.approvals, [{ status: 'pending' }]);
});

test('a client that goes away before its approval is made leaves no wait', async (t) => {
  const journal = new TestJournal();
  const { app, client, host, url } = await startOver(t, journal);
  journal.gate = Promise.withResolvers();
  const gone = new Promise<void>((resolve) => {
    app.server.once('request', (request) => request.socket.once('close', () => resolve()));
  });
  const headers = { 'X-Session-Id': 'a', 'Content-Type': 'application/json' };
  const sent = send(`${url}/approvals/wait`, { method: 'POST', headers, agent: false });
  sent.on('error', () => undefined);
  sent.end('{"action":"a"}');
  await until(() => journal.appends === 1);
  sent.destroy();
  await gone;
  journal.gate.resolve();
  await until(() => host.figures.pending === 1);
  await client.get('/agents');
  t.equal(host.figures.waits, 0);
});
