import { once } from 'node:events';
import { test } from 'tap';
import { start } from '../service.ts';
import { isProblem } from './problems.ts';
import { dial, exchange, request } from './raw.ts';

const GARBAGE = 'garbage\r\n\r\n';

function notify(message: string): string {
  const body = JSON.stringify({ message });
  const head = [
    'POST /events HTTP/1.1',
    'Host: localhost',
    'X-Session-Id: test',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** The statuses of all that comes until the connection is closed. */
async function statusesOf(socket: ReturnType<typeof dial>): Promise<number[]> {
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  await once(socket, 'close');
  return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
}

test('what came before something that is not HTTP is answered first, and then that', async (t) => {
  const { url, client } = await start(t, { store: 'memory:' });
  for (const count of [1, 2]) {
    const socket = dial(t, url);
    socket.write(notify('before').repeat(count) + GARBAGE);
    t.strictSame(await statusesOf(socket), [...Array(count).fill(201), 400]);
  }
  t.equal((await client.get('/events')).body.events.length, 3);
});

test('a parked wait before something that is not HTTP gets its decision', async (t) => {
  const { url, client } = await start(t, { store: 'memory:' });
  const { body: approval } = await client.post('/approvals', { action: 'a', system_level: true });
  const socket = dial(t, url);
  socket.write(`GET /approvals/${approval.id}/wait HTTP/1.1\r\nHost: localhost\r\n\r\n${GARBAGE}`);
  const statuses = statusesOf(socket);
  const waits = async () => /^sallyport_waits (\d+)$/m.exec((await client.get('/metrics')).text)?.[1];
  while ((await waits()) !== '1') {
    await new Promise(setImmediate);
  }
  await client.post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' });
  t.strictSame(await statuses, [200, 400]);
});

test('a stream that has begun is closed, and nothing is written into it', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  const socket = dial(t, url);
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  socket.write('GET /events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  while (!text.includes('hello')) {
    await once(socket, 'data');
  }
  socket.write(GARBAGE);
  await once(socket, 'close');
  t.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
});

test('a request that could be read in two ways is refused, and its connection closed', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  const refused: [string, string][] = [
    ['Host', request('GET /agents', ['Host: elsewhere'])],
    ['request', 'GET /agents HTTP/2.0\r\nHost: localhost\r\n\r\n'],
    ['Transfer-Encoding', request('POST /events', ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n')],
    ['Transfer-Encoding', request('GET /events/stream', ['Transfer-Encoding: xchunked'])],
    ['path', request('GET *')],
    ['path', request('GET http://elsewhere.example/agents')],
  ];
  for (const [field, bytes] of refused) {
    const answer = await exchange(t, url, bytes);
    isProblem(t, answer, 400, 'validation-failed', [field]);
    t.equal(answer.headers.connection, 'close', field);
  }
  t.equal((await exchange(t, url, request('GET http://localhost/agents'))).status, 200, 'a URL of this host');
});
