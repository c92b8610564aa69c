import { test } from 'tap';
import { start } from '../service.ts';
import { startOver, TestJournal, until } from './parts.ts';
import { isProblem } from './problems.ts';

test('a service that is up is live and ready', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const path of ['/health/live', '/health/ready']) {
    const answer = await client.get(path, { session: null });
    t.match(answer, { status: 200, body: { status: 'ok' } });
  }
});

test('a node that is shutting down refuses changes and waits, finishes what runs, and still reads', async (t) => {
  const journal = new TestJournal();
  const { client, host } = await startOver(t, journal);
  const { body: approval } = await client.post('/approvals', { action: 'a' });
  const parked = client.get(`/approvals/${approval.id}/wait`);
  await until(() => host.figures.waits === 1);
  journal.gate = Promise.withResolvers();
  const running = client.post('/events', {});
  await until(() => journal.appends === 2);
  const stopped = host.stop();

  const changes = [
    ['POST', '/agents', { name: 'n', kind: 'k' }],
    ['PUT', '/agents/a/status', { status: 'idle' }],
    ['DELETE', '/agents/a', undefined],
    ['POST', '/approvals', { action: 'b' }],
    ['POST', '/approvals/wait', { action: 'b' }],
    ['POST', `/approvals/${approval.id}/resolve`, { resolution: 'approve' }],
    ['POST', `/approvals/${approval.id}/cancel`, undefined],
    ['POST', '/events', {}],
  ] as const;
  for (const [method, path, body] of changes) {
    const answer = await client.call(method, path, { body });
    isProblem(t, answer, 503, 'shutting-down');
    t.equal(answer.headers['retry-after'], '2');
  }
  const late = await client.get(`/approvals/${approval.id}/wait`);
  isProblem(t, late, 503, 'shutting-down');
  t.strictSame(late.body.approval, approval);
  const ready = await client.get('/health/ready');
  isProblem(t, ready, 503, 'shutting-down');
  t.equal(ready.headers['retry-after'], '2');
  t.equal((await client.get('/health/live')).status, 200);
  t.strictSame((await client.get(`/approvals/${approval.id}`)).body, approval);

  journal.gate.resolve();
  t.match(await running, { status: 201, body: { seq: 2 } });
  await stopped;
  const ended = await parked;
  isProblem(t, ended, 503, 'shutting-down');
  t.equal(ended.headers['retry-after'], '2');
  t.strictSame(ended.body.approval, approval, 'a wait is told its approval');
});

test('a service that stops answers its waits and closes its connections', async (t) => {
  const { client, stream, stop, url } = await start(t);
  const events = await stream();
  await events.hello();
  const parked = client.post('/approvals/wait', { action: 'a' });
  const { payload } = await events.seq(1);
  await stop();
  const answer = await parked;
  isProblem(t, answer, 503, 'shutting-down');
  t.equal(answer.headers['retry-after'], '2');
  t.strictSame(answer.body.approval, payload);
  t.equal(await events.ended, true);
  await t.rejects(fetch(url), 'it listens no more');
});
