import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Test, test } from 'tap';
import type { Timeouts } from '../../src/http/server.ts';
import { startOver, TestJournal, until } from './parts.ts';
import { isProblem } from './problems.ts';
import { answerOf, dial, exchange, request } from './raw.ts';

/** So short that a test can wait for it. */
const SHORT: Timeouts = { requestMs: 200, keepAliveMs: 100, checkMs: 20 };
const LONG_MS = 60_000;
const JSON_TYPE = 'Content-Type: application/json';
const WHOLE = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
const SLOW_HEADERS = 'POST /events HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
const SLOW_BODY = request('POST /events', [JSON_TYPE, 'Content-Length: 100000'], '{"message":"');

function startImpatient(t: Test, timeouts: Partial<Timeouts> = {}) {
  return startOver(t, new TestJournal(), { timeouts: { ...SHORT, ...timeouts } });
}

/** Sends a byte now and then, for as long as the connection is there. */
function drip(t: Test, socket: Socket, byte: string): void {
  const timer = setInterval(() => socket.write(byte), 10);
  const stop = () => clearInterval(timer);
  socket.on('close', stop);
  t.teardown(stop);
}

test('headers and bodies that trickle in are 408, however steadily', async (t) => {
  const { url, client } = await startImpatient(t);
  const chunked = request('POST /events', [JSON_TYPE, 'Transfer-Encoding: chunked'], 'ffff\r\n{"message":"');
  for (const [sent, byte] of [
    ['P', ''],
    [SLOW_HEADERS, 'x'],
    [SLOW_BODY, 'x'],
    [chunked, 'x'],
  ] as const) {
    const socket = dial(t, url);
    socket.write(sent);
    drip(t, socket, byte);
    isProblem(t, await answerOf(socket), 408, 'request-timeout');
  }
  t.strictSame((await client.get('/events')).body.events, []);
});

test('so are those of a later request on a connection', async (t) => {
  const { url } = await startImpatient(t, { keepAliveMs: LONG_MS });
  for (const second of [SLOW_HEADERS, SLOW_BODY]) {
    const socket = dial(t, url);
    socket.write(WHOLE);
    const [first] = await once(socket, 'data');
    t.match(String(first), /^HTTP\/1\.1 200 /);
    const answer = answerOf(socket);
    socket.write(second);
    drip(t, socket, 'x');
    isProblem(t, await answer, 408, 'request-timeout');
  }
});

test('a connection that says nothing is closed', async (t) => {
  const { url } = await startImpatient(t);
  isProblem(t, await answerOf(dial(t, url)), 408, 'request-timeout');
});

test('a connection that rests after an answer is closed without a word', async (t) => {
  const { url } = await startImpatient(t, { requestMs: LONG_MS });
  const socket = dial(t, url);
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  socket.write(WHOLE);
  await once(socket, 'close');
  t.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
});

test('what has arrived may take as long as it likes', async (t) => {
  const { url, client, host } = await startImpatient(t);
  const stream = dial(t, url);
  let text = '';
  stream.on('data', (data) => {
    text += data;
  });
  stream.write('GET /events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const waiting = client.post('/approvals/wait', { action: 'a' });
  await until(() => host.figures.waits === 1 && text.includes('hello'));
  // When this one has been found, whatever else is late has been found, too.
  isProblem(t, await answerOf(dial(t, url)), 408, 'request-timeout');
  const { body } = await client.get('/approvals');
  await client.post(`/approvals/${body.approvals[0].id}/resolve`, { resolution: 'approve' });
  t.equal((await waiting).body.outcome, 'approved');
  await until(() => text.includes('approval.resolved'));
});

test('a request has 30 s unless the server is told otherwise', async (t) => {
  const { app } = await startOver(t, new TestJournal());
  const { requestTimeout, headersTimeout, keepAliveTimeout } = app.server;
  t.strictSame([requestTimeout, headersTimeout, keepAliveTimeout], [30_000, 30_000, 75_000]);
});

test('above so many connections one more is closed unread, and taken when another has gone', async (t) => {
  const { url, app, client } = await startOver(t, new TestJournal(), { maxConnections: 3 });
  const count = () => new Promise((resolve) => app.server.getConnections((_, number) => resolve(number)));
  client.close();
  await until(async () => {
    app.server.closeIdleConnections();
    return (await count()) === 0;
  });
  const open = [dial(t, url), dial(t, url), dial(t, url)];
  await until(async () => (await count()) === 3);
  const refused = dial(t, url);
  let text = '';
  refused.on('data', (data) => {
    text += data;
  });
  refused.write(WHOLE);
  await once(refused, 'close');
  t.equal(text, '');
  for (const socket of open) {
    socket.write(WHOLE);
    t.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 /);
  }
  open[0]?.destroy();
  await until(async () => (await count()) === 2);
  t.equal((await exchange(t, url, request('GET /health/live'))).status, 200);
});
