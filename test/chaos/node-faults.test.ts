import { setTimeout as sleep } from 'node:timers/promises';
import tap, { type Test, test } from 'tap';
import { type Answer, Client } from '../client.ts';
import { noPrograms } from '../postgres-server.ts';
import { Cluster } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';

const skip = noPrograms;
const HOUR_MS = 3_600_000;
let cluster: Cluster;
let clients: Client[] = [];
if (!skip) {
  cluster = await Cluster.start();
  clients = await Promise.all(cluster.urls.map((url) => Client.of(url)));
  tap.teardown(async () => {
    for (const client of clients) client.close();
    await cluster.close();
  });
}

function client(index: number): Client {
  return clients[index] as Client;
}

async function create(node: number, body: object = {}): Promise<string> {
  const made = await client(node).post('/approvals', { action: 'Deploy?', system_level: true, ...body });
  return made.body.id;
}

async function tookMs(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

const NETWORKS: Record<string, { break: (node: ClusterNode) => void; heal: (node: ClusterNode) => void }> = {
  refuses: {
    break: ({ proxy }) => {
      proxy.refuses = true;
      proxy.cut();
    },
    heal: ({ proxy }) => {
      proxy.refuses = false;
    },
  },
  'is silent': {
    break: ({ proxy }) => {
      proxy.holdsRequests = true;
      proxy.losesAnswers = true;
    },
    heal: ({ proxy }) => {
      proxy.holdsRequests = false;
      proxy.losesAnswers = false;
      proxy.cut();
      proxy.deliver();
    },
  },
};

for (const [what, network] of Object.entries(NETWORKS)) {
  test(`when the network to the database ${what}, readiness tells within 2 s, and when it is back`, {
    skip,
  }, async (t) => {
    const node = cluster.node(0);
    network.break(node);
    t.ok((await tookMs(() => node.untilReady(503))) < 2000);
    await cluster.node(1).untilReady();
    network.heal(node);
    t.ok((await tookMs(() => node.untilReady(200))) < 2000);
  });

  test(`when the network to the database ${what}, what cannot be served is a 503 within 5 s`, {
    skip,
  }, async (t) => {
    const node = cluster.node(0);
    const id = await create(1);
    await client(0).get(`/approvals/${id}`);
    network.break(node);
    // At the very moment, and when it is known.
    await refusesAll(t, id);
    await node.untilReady(503);
    await refusesAll(t, id);
    network.heal(node);
    await node.untilReady();
    const { status } = await client(0).post(`/approvals/${id}/resolve`, { resolution: 'approve' });
    t.equal(status, 200, 'all is well again without a restart');
  });
}

async function refusesAll(t: Test, id: string): Promise<void> {
  const unknown = 'approval-000000000000';
  const requests: Record<string, () => Promise<Answer>> = {
    create: () => client(0).post('/approvals', { action: 'Deploy?' }),
    ask: () => client(0).post('/approvals/wait', { action: 'Deploy?', timeout_ms: 60_000 }),
    resolve: () => client(0).post(`/approvals/${id}/resolve`, { resolution: 'deny' }, { session: 'other' }),
    cancel: () => client(0).post(`/approvals/${id}/cancel`, {}),
    register: () => client(0).post('/agents', { name: 'Researcher', kind: 'external' }),
    notify: () => client(0).post('/events', {}),
    'read an approval': () => client(0).get(`/approvals/${unknown}`),
    'read history': () => client(0).get('/approvals?status=resolved'),
    'wait for one': () => client(0).get(`/approvals/${unknown}/wait?timeout_ms=60000`),
  };
  await Promise.all(
    Object.entries(requests).map(async ([name, send]) => {
      const began = performance.now();
      const { status, body, headers } = await send();
      const after = Math.round(performance.now() - began);
      t.match(
        { status, body },
        { status: 503, body: { code: 'storage-unavailable' } },
        `${name}, after ${after} ms`,
      );
      t.match(headers['retry-after'], /^[1-9]\d*$/);
      t.ok(after < 5000, `${name} is answered after ${after} ms`);
    }),
  );
}

for (const how of ['fast', 'immediate'] as const) {
  test(`when the database has restarted, ${how}, every node is ready within 2 s`, { skip }, async (t) => {
    const id = await create(0);
    await cluster.server.restart?.(how);
    t.ok((await tookMs(() => Promise.all(cluster.nodes.map((node) => node.untilReady())))) < 2000);
    const { status } = await client(2).post(`/approvals/${id}/resolve`, { resolution: 'approve' });
    t.equal(status, 200);
  });
}

test('nodes whose clocks are wrong by hours go by the clock of the database', { skip }, async (t) => {
  for (const [node, { jumpClock }] of cluster.nodes.entries()) {
    const before = Date.now();
    const { body } = await client(node).post('/approvals/wait', {
      ...{ action: 'Deploy?', expires_in_ms: 300, timeout_ms: 10_000 },
    });
    const { created_at, expires_at, resolved_at } = body.approval;
    t.equal(body.outcome, 'expired');
    t.ok(Math.abs(Date.parse(created_at) - before) < 1000, `node ${node}: ${created_at}`);
    t.equal(Date.parse(expires_at) - Date.parse(created_at), 300);
    t.ok(resolved_at >= expires_at && Date.now() - before < 5000);
    const id = await create(node, { expires_in_ms: HOUR_MS / 2 });
    jumpClock.call(cluster.nodes[node]);
    for (const other of clients.keys()) {
      const { body: waited } = await client(other).get(`/approvals/${id}/wait?timeout_ms=0`);
      t.equal(waited.outcome, 'timed_out', `node ${other} holds it to be pending`);
    }
    const resolved = await client((node + 1) % 3).post(`/approvals/${id}/resolve`, { resolution: 'approve' });
    t.equal(resolved.status, 200);
  }
});

test('a node that was stopped for 20 s goes on and answers truly', { skip }, async (t) => {
  const node = cluster.node(0);
  const [decided, open] = [await create(0), await create(0)];
  const parked = client(0).get(`/approvals/${decided}/wait?timeout_ms=60000`);
  await client(0).get(`/approvals/${decided}`);
  node.pause();
  t.teardown(() => node.resume());
  const { body: final } = await client(1).post(`/approvals/${decided}/resolve`, { resolution: 'deny' });
  await sleep(20_000);
  // They lie in its connections when it goes on.
  const late = client(0).post(
    `/approvals/${decided}/resolve`,
    { resolution: 'approve' },
    { session: 'late' },
  );
  const decides = client(0).post(`/approvals/${open}/resolve`, { resolution: 'approve' });
  node.resume();
  t.strictSame((await parked).body, { outcome: 'denied', approval: final });
  t.match(await late, { status: 409, body: { code: 'approval-already-final', approval: final } });
  const { status, headers } = await decides;
  t.equal(status, 200);
  const ordered = { headers: { 'Sallyport-Min-Seq': String(headers['sallyport-seq']) } };
  t.match((await client(2).get(`/approvals/${open}`, ordered)).body, { status: 'resolved' });
  await node.untilReady();
});

test('the wait of a killed node is joined on another with the same key', { skip }, async (t) => {
  const ask = (node: number) =>
    client(node).post(
      '/approvals/wait',
      { action: 'Deploy at last?', timeout_ms: 60_000 },
      { headers: { 'Idempotency-Key': 'deploy-at-last' } },
    );
  const lost = ask(0).catch((error: Error) => error);
  const pending = async () => {
    const { body } = await client(1).get('/approvals?status=pending');
    return body.approvals.find(({ action }: { action: string }) => action === 'Deploy at last?');
  };
  while ((await pending()) === undefined) await sleep(5);
  const { id } = await pending();
  await cluster.node(0).kill();
  t.match(await lost, Error);
  const joined = ask(2);
  await client(1).post(`/approvals/${id}/resolve`, { resolution: 'approve' });
  t.match((await joined).body, { outcome: 'approved', approval: { id } });
  await cluster.node(0).start();
  t.match((await client(0).get(`/approvals/${id}/wait`)).body, { outcome: 'approved' });
});
