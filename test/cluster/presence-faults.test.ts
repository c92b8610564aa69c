import tap, { type Test, test } from 'tap';
import type { Client } from '../client.ts';
import { startNode } from '../cluster.ts';
import { EventStream } from '../event-stream.ts';
import { until } from '../http/parts.ts';
import { freshLog } from '../journal/postgres-contract.ts';
import { noPrograms, type PostgresServer, startOwnPostgres } from '../postgres-server.ts';
import { Sallyport } from '../process/sallyport.ts';
import { TcpProxy } from '../tcp-proxy.ts';

// The faults are done to a server of the tests' own.
const skip = noPrograms;
let server: PostgresServer;
if (!skip) {
  server = await startOwnPostgres();
  tap.teardown(() => server.stop());
}

const sessionsOf = async (client: Client) => (await client.get('/sessions')).body.sessions;

/** A node that is a process of its own, with a stream for each of `sessions`. */
async function startProcess(t: Test, store: string, session: string) {
  const node = new Sallyport(t, { env: { SALLYPORT_STORE: store, SALLYPORT_PORT: '0' } });
  const stream = await EventStream.open(`${await node.url()}/events/stream?session_id=${session}`);
  t.teardown(() => stream.close());
  await stream.hello();
  return { node, stream };
}

test('a node that is killed takes its sessions with it within 15 s; one that is stopped too, and brings them back', {
  skip,
}, async (t) => {
  const store = freshLog(t, server);
  const { client } = await startNode(t, store);
  const [killed, stopped] = [await startProcess(t, store, 'killed'), await startProcess(t, store, 'stopped')];
  const names = async () =>
    (await sessionsOf(client)).map(({ session_id }: { session_id: string }) => session_id);
  t.strictSame(await names(), ['killed', 'stopped']);
  const started = performance.now();
  await killed.node.stop('SIGKILL');
  stopped.node.child.kill('SIGSTOP');
  await until(async () => (await names()).length === 0);
  t.ok(performance.now() - started < 15_000);
  stopped.node.child.kill('SIGCONT');
  await until(async () => (await names()).length === 1);
  t.strictSame(await names(), ['stopped']);
});

test('while the database is away sessions stay, new ones are told to come back, and then all is known again', {
  skip,
}, async (t) => {
  const store = freshLog(t, server);
  const proxy = await TcpProxy.open(server.port);
  const [a, b] = [await startNode(t, proxy.through(store)), await startNode(t, store)];
  t.teardown(() => proxy.close());
  const owner = { session: 'owner' };
  await a.client.post('/agents', { id: 'worker', name: 'Worker', kind: 'builtin' }, owner);
  const stream = await a.stream('?session_id=owner');
  await stream.hello();
  proxy.refuses = true;
  proxy.cut();
  const started = performance.now();
  const refused = await a.stream('?session_id=other');
  t.ok(await refused.ended);
  t.ok(performance.now() - started < 5000, 'no stream hangs');
  t.notOk(refused.frames.some(({ event }) => event === 'hello'));
  t.match((await a.client.get('/agents/worker')).body, { connected: true });
  const second = await a.stream('?session_id=owner');
  await second.hello();
  t.equal((await a.client.get('/sessions')).status, 503);
  await until(async () => (await sessionsOf(b.client)).length === 0);
  proxy.refuses = false;
  await until(async () => (await sessionsOf(b.client))[0]?.streams === 2);
  t.strictSame((await sessionsOf(b.client)).length, 1);
  await until(async () => {
    const opened = await a.stream('?session_id=other');
    await Promise.race([opened.hello().catch(() => {}), opened.ended]);
    return opened.frames.some(({ event }) => event === 'hello');
  });
});

test('after a crash of the database the sessions are there again', { skip }, async (t) => {
  const store = freshLog(t, server);
  const [a, b] = [await startNode(t, store), await startNode(t, store)];
  const stream = await a.stream('?session_id=owner');
  await stream.hello();
  t.equal((await sessionsOf(b.client)).length, 1);
  await server.restart?.('immediate');
  await until(async () => {
    const { status, body } = await b.client.get('/sessions');
    return status === 200 && body.sessions.length === 1;
  });
  t.pass('and its stream has not ended');
});
