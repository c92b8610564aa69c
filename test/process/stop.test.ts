import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'tap';
import { EventStream } from '../event-stream.ts';
import { noPrograms, startOwnPostgres } from '../postgres-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { Sallyport } from './sallyport.ts';

test('SIGTERM answers waits and ends streams, then the process ends with 0', async (t) => {
  const sallyport = new Sallyport(t, { cwd: t.testdir({}), args: ['--port', '0'] });
  const url = await sallyport.url();
  const stream = await EventStream.open(`${url}/events/stream?session_id=ui`);
  await stream.hello();
  const wait = fetch(`${url}/approvals/wait`, {
    method: 'POST',
    headers: { 'X-Session-Id': 'gate', 'Content-Type': 'application/json' },
    body: JSON.stringify({ action: 'Deploy?' }),
  });
  await stream.seq(1);
  const exit = sallyport.stop();
  const answer = await wait;
  t.equal(answer.status, 503);
  const problem = (await answer.json()) as Record<string, unknown>;
  t.match(problem, { code: 'shutting-down', approval: { action: 'Deploy?', status: 'pending' } });
  t.equal(await stream.ended, true, 'the stream ends cleanly');
  t.match((await exit).code, 0);
});

test('a second signal ends it at once', async (t) => {
  const sallyport = new Sallyport(t, { cwd: t.testdir({}), args: ['--port', '0'] });
  const url = new URL(await sallyport.url());
  // A request that never arrives whole keeps its connection busy.
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => undefined);
  socket.write(
    'POST /approvals HTTP/1.1\r\nHost: localhost\r\nX-Session-Id: a\r\nContent-Length: 10\r\n\r\n',
  );
  await once(socket, 'connect');
  sallyport.child.kill('SIGINT');
  await sallyport.line(/SIGINT: answering/);
  const { code } = await sallyport.stop('SIGINT');
  t.equal(code, 130);
});

test('a connection that stays busy does not hold the end up for ever', async (t) => {
  const sallyport = new Sallyport(t, { cwd: t.testdir({}), args: ['--port', '0'] });
  const url = new URL(await sallyport.url());
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => undefined);
  socket.write(
    'POST /approvals HTTP/1.1\r\nHost: localhost\r\nX-Session-Id: a\r\nContent-Length: 10\r\n\r\n',
  );
  await once(socket, 'connect');
  const { code } = await sallyport.stop();
  t.equal(code, 0);
});

test('a database that does not answer does not hold the end up', { skip: noPrograms }, async (t) => {
  const server = await startOwnPostgres();
  t.teardown(() => server.stop());
  const proxy = await TcpProxy.open(server.port);
  t.teardown(() => proxy.close());
  const sallyport = new Sallyport(t, { args: ['--port', '0', '--store', proxy.through(server.url)] });
  const url = await sallyport.url();
  const post = (path: string, body: object) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'X-Session-Id': 'gate', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const wait = post('/approvals/wait', { action: 'Deploy?' });
  const stream = await EventStream.open(`${url}/events/stream`, { 'Last-Event-ID': '0' });
  await stream.seq(1);
  proxy.holdsRequests = true;
  const held = proxy.held();
  const change = post('/events', { message: 'Backup finished' });
  await held;
  const told = performance.now();
  const exit = sallyport.stop();
  t.match(await (await wait).json(), { code: 'shutting-down', approval: { action: 'Deploy?' } });
  t.match(await (await change).json(), { code: 'storage-unavailable' });
  t.equal((await exit).code, 0);
  t.ok(performance.now() - told < 5000);
});
