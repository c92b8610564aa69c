import tap, { test } from 'tap';
import { startCluster, startNode } from '../cluster.ts';
import { until } from '../http/parts.ts';
import { ask, freshLog, serverFor } from '../journal/postgres-contract.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';

const skip = noPostgres;
let server: PostgresServer;
if (!skip) server = await serverFor(tap);

test('a session is connected on all nodes from its hello to the end of its last stream', {
  skip,
}, async (t) => {
  const [a, b, c] = await startCluster(t, server);
  const owner = { session: 'owner' };
  const { body: approval } = await a.client.post('/approvals', { action: 'Deploy' }, owner);
  await a.client.post('/agents', { id: 'worker', name: 'Worker', kind: 'builtin' }, owner);
  const decide = async (resolution: string) =>
    (await b.client.post(`/approvals/${approval.id}/resolve`, { resolution })).status;
  t.equal(await decide('deny'), 409);

  const first = await a.stream('?session_id=owner');
  await first.hello();
  t.equal(await decide('deny'), 202);
  t.match((await c.client.get('/agents/worker')).body, { connected: true });
  const second = await b.stream('?session_id=owner');
  const third = await b.stream('?session_id=owner');
  await Promise.all([second.hello(), third.hello()]);
  const sessions = async () => (await c.client.get('/sessions')).body.sessions;
  await until(async () => (await sessions())[1]?.streams === 2);
  const shown = await sessions();
  t.match(shown, [
    { session_id: 'owner', principal: null, streams: 1 },
    { session_id: 'owner', principal: null, streams: 2 },
  ]);
  t.not(shown[0].node, shown[1].node);
  await until(async () => (await c.client.get('/agents')).body.agents[0].connected);

  t.match((await a.client.get('/metrics')).text, /^sallyport_sessions 1$/m, 'those of this node');

  for (const stream of [first, second, third]) stream.close();
  await until(async () => (await sessions()).length === 0);
  await until(async () => !(await c.client.get('/agents')).body.agents[0].connected);
  t.equal(await decide('approve'), 409);
});

test('an agent whose session has its stream on another node is registered as connected', {
  skip,
}, async (t) => {
  const [a, b] = await startCluster(t, server);
  const stream = await a.stream('?session_id=owner');
  await stream.hello();
  const call = { session: 'owner' };
  const { body } = await b.client.post('/agents', { name: 'Worker', kind: 'builtin' }, call);
  t.equal(body.connected, true);
});

test('a node that stops takes its sessions along', { skip }, async (t) => {
  const [a, b] = await startCluster(t, server);
  const stream = await a.stream('?session_id=owner');
  await stream.hello();
  t.equal((await b.client.get('/sessions')).body.sessions.length, 1);
  await a.stop();
  t.strictSame((await b.client.get('/sessions')).body.sessions, []);
});

test('sessions that the table has lost are written again', { skip }, async (t) => {
  const store = freshLog(t, server);
  const [a, b] = [await startNode(t, store), await startNode(t, store)];
  const stream = await a.stream('?session_id=owner');
  await stream.hello();
  await b.client.post('/agents', { id: 'worker', name: 'Worker', kind: 'builtin' }, { session: 'owner' });
  await until(async () => (await b.client.get('/agents')).body.agents[0].connected);
  await ask(store, (schema) => `TRUNCATE ${schema}.nodes, ${schema}.sessions`);
  await until(async () => (await b.client.get('/sessions')).body.sessions.length === 1);
  t.match((await b.client.get('/agents')).body.agents, [{ connected: true }]);
});
