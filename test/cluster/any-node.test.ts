import tap, { test } from 'tap';
import { startCluster } from '../cluster.ts';
import { serverFor } from '../journal/postgres-contract.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';

const skip = noPostgres;
let server: PostgresServer;
if (!skip) server = await serverFor(tap);

/** Nothing is read unasked within a test, so that what a node knows it has been told, or has asked for. */
const SLOW = { pollMs: 600_000 };

test('an approval that one node takes in is resolved on another, and answers the wait on a third', {
  skip,
}, async (t) => {
  const [a, b, c] = await startCluster(t, server);
  const { body: approval } = await a.client.post('/approvals', { action: 'Deploy', system_level: true });
  const waiting = c.client.get(`/approvals/${approval.id}/wait`);
  const resolved = await b.client.post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' });
  t.equal(resolved.status, 200);
  const { status, body } = await waiting;
  t.strictSame([status, body.outcome, body.approval], [200, 'approved', resolved.body]);
});

test('of resolves on all nodes at once one wins, and the others are told who', { skip }, async (t) => {
  const nodes = await startCluster(t, server);
  const { body } = await nodes[0].client.post('/approvals', { action: 'Deploy', system_level: true });
  const answers = await Promise.all(
    nodes.map(({ client }, index) =>
      client.post(
        `/approvals/${body.id}/resolve`,
        { resolution: 'approve' },
        { session: `session-${index}` },
      ),
    ),
  );
  t.strictSame(answers.map(({ status }) => status).toSorted(), [200, 409, 409]);
  const winner = answers.find(({ status }) => status === 200)?.body;
  for (const { status, body: told } of answers) if (status === 409) t.strictSame(told.approval, winner);
});

test('what one node has answered is never unknown on another, though it has heard nothing of it', {
  skip,
}, async (t) => {
  const [a, b] = await startCluster(t, server, SLOW);
  const worker = { name: 'Worker', kind: 'builtin' };
  const ask = async () => (await a.client.post('/approvals', { action: 'Deploy', system_level: true })).body;

  await a.client.post('/agents', { ...worker, id: 'read' });
  t.match(await b.client.get('/agents/read'), { status: 200, body: { id: 'read' } });
  await a.client.post('/agents', { ...worker, id: 'reports' });
  t.equal((await b.client.put('/agents/reports/status', { status: 'running' })).status, 200);
  await a.client.post('/agents', { ...worker, id: 'leaves' });
  t.equal((await b.client.delete('/agents/leaves')).status, 204);
  t.equal((await a.client.get('/agents/leaves')).status, 200, 'what a node knows may be a moment old');
  t.equal(
    (await a.client.put('/agents/leaves/status', { status: 'idle' })).status,
    404,
    'but not a decision',
  );
  await a.client.post('/agents', { ...worker, id: 'again' });
  t.equal((await b.client.post('/agents', { ...worker, id: 'again' })).status, 200);

  const read = await ask();
  t.strictSame((await b.client.get(`/approvals/${read.id}`)).body, read);
  const { id } = await ask();
  t.equal((await b.client.post(`/approvals/${id}/resolve`, { resolution: 'deny' })).status, 200);
  const again = await a.client.post(
    `/approvals/${id}/resolve`,
    { resolution: 'approve' },
    { session: 'other' },
  );
  t.match(again, { status: 409, body: { approval: { resolution: 'deny' } } });
  const cancelled = await ask();
  t.equal((await b.client.post(`/approvals/${cancelled.id}/cancel`, {})).status, 200);
  const waited = await ask();
  const { body } = await b.client.get(`/approvals/${waited.id}/wait?timeout_ms=1`);
  t.match(body, { outcome: 'timed_out', approval: { id: waited.id } });

  t.equal((await b.client.get('/agents/nobody')).status, 404);
  t.equal((await b.client.get('/approvals/approval-000000000000')).status, 404);
  t.equal((await b.client.get('/approvals/approval-000000000000/wait')).status, 404);
});

test('an owner that has changed on another node is no reason to refuse', { skip }, async (t) => {
  const [a, b] = await startCluster(t, server, SLOW);
  const worker = { id: 'worker', name: 'Worker', kind: 'builtin' };
  const [ann, bob] = [{ session: 'ann' }, { session: 'bob' }];
  await a.client.post('/agents', worker, ann);
  t.equal((await b.client.put('/agents/worker/status', { status: 'idle' }, bob)).status, 403);
  await a.client.delete('/agents/worker', ann);
  await a.client.post('/agents', worker, bob);
  t.equal((await b.client.put('/agents/worker/status', { status: 'idle' }, bob)).status, 200);
});

test('a key means the same approval on every node', { skip }, async (t) => {
  const [a, b, c] = await startCluster(t, server, SLOW);
  const headers = { 'Idempotency-Key': 'deploy-1' };
  const asked = { action: 'Deploy', system_level: true };
  const first = await a.client.post('/approvals', asked, { headers });
  const second = await b.client.post('/approvals', asked, { headers });
  t.strictSame([first.status, second.status, second.body], [201, 200, first.body]);
  t.ok(Number(second.headers['sallyport-seq']) >= Number(first.headers['sallyport-seq']));
  const other = await c.client.post('/approvals', { ...asked, action: 'Other' }, { headers });
  t.match(other, { status: 422, body: { code: 'idempotency-key-reused' } });
  const waiting = c.client.post('/approvals/wait', { action: 'Deploy' }, { headers });
  await b.client.post(`/approvals/${first.body.id}/resolve`, { resolution: 'approve' });
  // Without a hint it would hear of it only when somebody asks.
  await c.client.get('/agents/nobody');
  t.match(await waiting, { status: 200, body: { outcome: 'approved', approval: { id: first.body.id } } });
});

test('an answer includes what its client has seen elsewhere', { skip }, async (t) => {
  const [a, b] = await startCluster(t, server, SLOW);
  const { headers } = await a.client.post('/agents', { id: 'worker', name: 'Worker', kind: 'builtin' });
  const seq = String(headers['sallyport-seq']);
  const list = await b.client.get('/agents', { headers: { 'Sallyport-Min-Seq': seq } });
  t.match(list.body, { agents: [{ id: 'worker' }] });
});

test('a stream goes on at any node from where it was', { skip }, async (t) => {
  const [a, b] = await startCluster(t, server, SLOW);
  const notify = (count: number) => a.client.post('/events', { message: `number ${count}` });
  const first = await a.stream();
  await first.hello();
  for (let count = 1; count <= 3; count += 1) await notify(count);
  const { id } = await first.frame(({ event, data }) => event === undefined && data?.seq === 2);
  first.close();
  const second = await b.stream('', { 'Last-Event-ID': id as string });
  t.match(await second.hello(), { data: { resumed_from: 2, gap: false } });
  await second.seq(3);
  t.strictSame(second.seqs, [3]);
  const { id: newest } = await second.frame(({ event, data }) => event === undefined && data?.seq === 3);
  await notify(4);
  const third = await a.stream('', { 'Last-Event-ID': newest as string });
  await third.seq(4);
  t.strictSame(third.seqs, [4]);
});

test('a cursor of one node is good on the others', { skip }, async (t) => {
  const [a, b] = await startCluster(t, server);
  for (const name of ['A', 'B']) await a.client.post('/agents', { id: name, name, kind: 'builtin' });
  const { body } = await a.client.get('/agents?limit=1');
  await b.client.get('/agents/B');
  const next = await b.client.get(`/agents?limit=1&cursor=${body.next_cursor}`);
  t.match(next.body, { agents: [{ id: 'B' }], next_cursor: null });
});

test('an approval expires on time, once, whichever node still lives', { skip }, async (t) => {
  const [a, b, c] = await startCluster(t, server);
  const asked = { action: 'Deploy', system_level: true, expires_in_ms: 1200 };
  const [first, second] = [
    (await a.client.post('/approvals', asked)).body,
    (await b.client.post('/approvals', asked)).body,
  ];
  await b.stop();
  for (const { id, expires_at } of [first, second]) {
    const { body } = await c.client.get(`/approvals/${id}/wait`);
    t.equal(body.outcome, 'expired');
    const lateMs = Date.parse(body.approval.resolved_at) - Date.parse(expires_at);
    t.ok(lateMs >= 0 && lateMs < 1500, `${lateMs} ms late`);
  }
  // Here, where both are known: another node may be a moment behind.
  const { body } = await c.client.get('/events?kind=approval.expired');
  t.equal(body.events.length, 2);
});
