import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { bearer } from '../access/guarded.ts';
import { Client } from '../client.ts';
import { EventStream } from '../event-stream.ts';
import { freshLog, serverFor } from '../journal/postgres-contract.ts';
import { noPostgres } from '../postgres-server.ts';
import { type Started, start } from '../service.ts';
import { noNginx, startNginx } from './nginx.ts';

test('the balancer stands before three nodes', { skip: noNginx || noPostgres }, async (t) => {
  const store = freshLog(t, await serverFor(t));
  const tokensFile = join(t.testdir({}), 'tokens.json');
  const { token } = await new TokenFile(tokensFile).create({ name: 'ann', role: 'admin', expiresAt: null });
  const node = () => start(t, { store, tokensFile, credential: token, trustedProxies: ['127.0.0.1'] });
  const nodes: Started[] = [await node(), await node(), await node()];
  const url = await startNginx(
    t,
    nodes.map((each) => Number(new URL(each.url).port)),
  );
  const client = await Client.of(url, token);
  t.teardown(() => client.close());
  const open = async (headers = {}) => {
    const stream = await EventStream.open(`${url}/events/stream`, { ...bearer(token), ...headers });
    t.teardown(() => stream.close());
    await stream.hello();
    return stream;
  };

  t.test('each node is asked, and streams and waits come through at once', async (t) => {
    const stream = await open();
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        client.post('/approvals', { action: `${at}`, system_level: true }),
      ),
    );
    for (const each of nodes) {
      const { text } = await each.client.get('/metrics');
      t.match(text, /sallyport_requests_total\{method="POST",route="\/approvals",status="201"\} [1-9]/);
    }
    const id = asked[0]?.body.id;
    const waits = [1, 2, 3].map(() => client.get(`/approvals/${id}/wait`));
    await client.post(`/approvals/${id}/resolve`, { resolution: 'approve' });
    for (const { body } of await Promise.all(waits)) t.match(body, { outcome: 'approved' });
    await stream.frame(({ data }) => data?.kind === 'approval.resolved');
    t.strictSame(
      stream.seqs,
      Array.from({ length: 13 }, (_, at) => at + 1),
    );
  });

  t.test('browsers come to one node, and its figures are not for the world', async (t) => {
    for (const path of ['/login', '/login', '/login']) {
      t.equal((await fetch(url + path)).status, 200);
    }
    const counts = await Promise.all(
      nodes.map(
        async (each) => (await each.client.get('/metrics')).text.match(/route="\/login",.*\} (\d+)/)?.[1],
      ),
    );
    t.strictSame(
      counts.filter((count) => count !== undefined),
      ['3'],
    );
    t.equal((await fetch(`${url}/metrics`, { headers: bearer(token) })).status, 404);
  });

  t.test('a node that stops is not missed', async (t) => {
    const streams = await Promise.all([1, 2, 3].map(() => open()));
    const { body } = await client.post('/approvals', { action: 'Deploy', system_level: true });
    await nodes[0]?.stop();
    for (let at = 0; at < 12; at += 1) {
      t.equal((await client.post('/events', { message: `event ${at}` })).status, 201);
      t.equal((await client.get('/approvals')).status, 200);
    }
    const waited = client.get(`/approvals/${body.id}/wait`);
    const resolved = await client.post(`/approvals/${body.id}/resolve`, { resolution: 'deny' });
    t.match((await waited).body, { outcome: 'denied' });
    const last = Number(resolved.headers['sallyport-seq']);
    for (const stream of streams) {
      // Those of the node that stopped have ended, and resume on another one.
      const seen = stream.frames.findLast(({ id }) => id !== undefined)?.id as string;
      const resumed = await open({ 'Last-Event-ID': seen });
      const reached = ({ data }: { data?: { seq?: number } }) => data?.seq === last;
      if (seen !== String(resumed.frames[0]?.id)) await resumed.frame(reached);
      t.match(resumed.frames.find(({ event }) => event === 'hello')?.data, { gap: false });
    }
  });
});

test('what changes something is never sent to a second node', { skip: noNginx }, async (t) => {
  const dying = await Promise.all([1, 2, 3].map(() => startDying(t)));
  const taken = () => dying.reduce((sum, { requests }) => sum + requests.length, 0);
  for (const method of ['POST', 'PUT', 'DELETE', 'GET']) {
    // A balancer of its own, as one that has seen a node fail asks it no more.
    const url = await startNginx(
      t,
      dying.map(({ port }) => port),
    );
    const before = taken();
    const { status } = await fetch(`${url}/agents/worker`, { method, headers: bearer('x') });
    t.equal(status, 502, method);
    t.equal(taken() - before, method === 'GET' ? 3 : 1, `${method} was sent so often`);
  }
});

/** A node that takes a request and dies of it. */
async function startDying(t: Test): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      requests.push(String(data));
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { port: (server.address() as AddressInfo).port, requests };
}
