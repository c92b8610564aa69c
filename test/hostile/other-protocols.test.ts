import { connect as connectTls } from 'node:tls';
import { test } from 'tap';
import { start } from '../service.ts';
import { answersUntilClosed, dial, firstAnswers, json, messages, notify } from './wire.ts';

const HOST = 'Host: localhost\r\n';

/** Whatever is not HTTP/1 gets one answer that says so, and the connection is closed. */
const FOREIGN: Readonly<Record<string, string | Buffer>> = {
  'HTTP/2 with prior knowledge': Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  ]),
  'HTTP/3 in name': `GET / HTTP/3.0\r\n${HOST}\r\n`,
  SSH: 'SSH-2.0-OpenSSH_9.9\r\n',
  SMTP: 'EHLO localhost\r\n',
  Redis: '*1\r\n$4\r\nPING\r\n',
  'the PROXY protocol': `PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n${notify('proxied')}`,
  'a TLS record': Buffer.from('16030100c8010000c40303', 'hex'),
  zeros: Buffer.alloc(100),
};

test('another protocol is told that this is HTTP/1.1, and let go', async (t) => {
  const started = await start(t, { store: 'memory:' });
  for (const [name, bytes] of Object.entries(FOREIGN)) {
    const answers = await answersUntilClosed(t, started.url, bytes);
    t.equal(answers.length, 1, name);
    t.match(answers[0], { status: 400, headers: { connection: 'close' } }, name);
    t.match(json(answers[0]), { code: 'validation-failed', errors: [{ field: 'request' }] }, name);
  }
  t.strictSame(await messages(started), []);
});

test('HTTP/0.9, which has no headers, is answered and let go', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  t.equal((await answersUntilClosed(t, url, 'GET /agents\r\n\r\n')).length, 1);
});

test('a TLS client fails at once', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  const socket = connectTls({ port: Number(new URL(url).port), host: '127.0.0.1' });
  const error = await new Promise<Error & { code?: string }>((resolve) => socket.once('error', resolve));
  t.match(error.code, /^ERR_SSL_|^EPROTO$/);
});

test('a CONNECT opens no tunnel: the connection is closed', async (t) => {
  const started = await start(t, { store: 'memory:' });
  for (const target of ['example.com:443', '127.0.0.1:22', '/events', '/agents']) {
    const answers = await answersUntilClosed(
      t,
      started.url,
      `CONNECT ${target} HTTP/1.1\r\n${HOST}X-Session-Id: test\r\n\r\n${notify('tunnelled')}`,
    );
    t.ok(answers.length === 0 || (answers[0]?.status ?? 0) >= 400, target);
  }
  t.strictSame(await messages(started), []);
});

test('an Upgrade is not taken: the request is answered as it is, and the next one too', async (t) => {
  const started = await start(t, { store: 'memory:' });
  const upgrades = [
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
    'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n',
    'Upgrade: TLS/1.0\r\nConnection: Upgrade\r\n',
  ];
  for (const [index, lines] of upgrades.entries()) {
    for (const path of ['/agents', '/events', '/']) {
      const connection = dial(t, started.url);
      connection.send(`GET ${path} HTTP/1.1\r\n${HOST}${lines}\r\n`);
      t.equal((await firstAnswers(connection, 1))[0]?.status, 200, `${path} ${lines}`);
      connection.send(notify(`after ${path} ${index}`));
      t.equal((await firstAnswers(connection, 1))[0]?.status, 201, `and goes on with HTTP/1.1`);
      connection.destroy();
    }
  }
  t.equal((await messages(started)).length, 9);
});
