import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { hashSecret } from '../../src/credentials/token.ts';
import { TokenFile } from '../../src/credentials/token-file.ts';
import type { Answer } from '../client.ts';
import { isProblem } from '../http/problems.ts';
import { answerOf, dial } from '../http/raw.ts';
import { start } from '../service.ts';
import { startGuarded } from './guarded.ts';

/** Sends the head of a request; resolves when the service has let it in and waits for the body. */
async function begin(t: Test, url: string, path: string, headers: string[], body: string): Promise<Socket> {
  const socket = dial(t, url);
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    'X-Session-Id: test',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
    ...headers,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const [told] = await once(socket, 'data');
  t.match(told.toString(), /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  return socket;
}

function finish(socket: Socket, body: string): Promise<Answer> {
  socket.write(body);
  return answerOf(socket);
}

test('a token that is revoked before the body is there changes nothing', async (t) => {
  const { client, create, file, url } = await startGuarded(t);
  const { body } = await client.post('/approvals', { action: 'a', system_level: true });
  const changes: [string, object][] = [
    [`/approvals/${body.id}/resolve`, { resolution: 'approve' }],
    ['/tokens', { name: 'mine', role: 'admin' }],
    ['/approvals/wait', { action: 'a' }],
    ['/events', {}],
  ];
  for (const [index, [path, content]] of changes.entries()) {
    const name = `ann-${index}`;
    const token = await create(name, 'admin');
    const text = JSON.stringify(content);
    const socket = await begin(t, url, path, [`Authorization: Bearer ${token}`], text);
    t.equal((await client.delete(`/tokens/${name}`)).status, 204);
    const refused = await finish(socket, text);
    isProblem(t, refused, 401, 'unauthenticated');
    t.match(refused.body.detail, 'no longer good; nothing was done');
    t.match(refused.headers['www-authenticate'], 'error="invalid_token"');
  }
  t.equal((await client.get(`/approvals/${body.id}`)).body.status, 'pending');
  t.equal((await client.get('/events')).body.events.length, 1);
  t.notOk((await file.list()).some(({ name }) => name === 'mine'));
});

test('a sign-in that ends, and a secret that is replaced, before the body is there change nothing', async (t) => {
  const { client, credentials, file, tokens, url } = await startGuarded(t);
  const { headers } = await client.as(null).post('/login', { token: tokens.operator });
  const cookie = String(headers['set-cookie']).split(';', 1)[0] as string;
  const signedIn = [`Cookie: ${cookie}`, `Origin: http://localhost`];
  const first = await begin(t, url, '/events', signedIn, '{}');
  const Origin = url;
  await client.as(null).post('/logout', undefined, { headers: { Cookie: cookie, Origin } });
  isProblem(t, await finish(first, '{}'), 401, 'unauthenticated');

  const second = await begin(t, url, '/events', [`Authorization: Bearer ${tokens.agent}`], '{}');
  await file.rotate('agent');
  await credentials.check();
  isProblem(t, await finish(second, '{}'), 401, 'unauthenticated');
  t.notOk((await file.list()).some(({ sha256 }) => sha256 === hashSecret(tokens.agent)));
  t.strictSame((await client.get('/events')).body, { events: [] });
});

test('a request that began in open mode needs a credential when the first one is there', async (t) => {
  const folder = t.testdir({});
  const { credentials, url } = await start(t, { store: `sqlite:${join(folder, 'log.db')}` });
  const socket = await begin(t, url, '/events', [], '{}');
  const { token } = await new TokenFile(join(folder, 'tokens.json')).create({
    name: 'ann',
    role: 'viewer',
    expiresAt: null,
  });
  await credentials.check();
  const refused = await finish(socket, '{}');
  isProblem(t, refused, 401, 'unauthenticated');
  t.match(refused.body.detail, 'needs credentials from now on; nothing was done');
  const events = await fetch(`${url}/events`, { headers: { Authorization: `Bearer ${token}` } });
  t.strictSame(await events.json(), { events: [] });
});
