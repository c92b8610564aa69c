import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Test, test } from 'tap';
import { hashSecret } from '../../src/credentials/token.ts';
import { TokenFile } from '../../src/credentials/token-file.ts';
import type { Answer, Client } from '../client.ts';
import { isProblem } from '../http/problems.ts';
import { type Overrides, start } from '../service.ts';
import { bearer, type Guarded, startGuarded } from './guarded.ts';
import { endOf, openUnder } from './opened.ts';

const HOUR_MS = 3_600_000;
/** What a proxy that ends TLS says. */
const TLS = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'sallyport.example',
  'X-Forwarded-For': '1.2.3.4',
};
const CHANGES: [string, string, object?][] = [
  ['POST', '/events', {}],
  ['POST', '/agents', { name: 'n', kind: 'k' }],
  ['PUT', '/agents/a/status', { status: 'idle' }],
  ['DELETE', '/agents/a'],
  ['POST', '/logout'],
  ['PATCH', '/agents'],
  ['POST', '/nothing', {}],
];

/** The cookie that an answer sets, as a browser sends it back. */
function cookieIn({ headers }: Answer): string {
  return String(headers['set-cookie']).split(';', 1)[0] as string;
}

async function signIn(nobody: Client, token: string): Promise<string> {
  const answer = await nobody.post('/login', { token }, { session: null });
  return cookieIn(answer);
}

async function startSignedIn(
  t: Test,
  overrides: Overrides = {},
): Promise<Guarded & { cookie: string; nobody: Client }> {
  const service = await startGuarded(t, overrides);
  const nobody = service.client.as(null);
  return { ...service, nobody, cookie: await signIn(nobody, service.tokens.operator) };
}

test('a token signs a browser in, with a cookie that no script and no other site gets', async (t) => {
  const { client, tokens, url } = await startGuarded(t);
  const nobody = client.as(null);
  const now = Date.now();
  const answer = await nobody.post('/login', { token: tokens.operator }, { headers: { Origin: url } });
  t.match(answer, { status: 204, text: '' });
  const [pair = '', ...attributes] = String(answer.headers['set-cookie']).split('; ');
  t.match(pair, /^sallyport=[A-Za-z0-9_-]{43}$/);
  const [expires, ...rest] = attributes.toSorted();
  t.strictSame(rest, ['HttpOnly', 'Path=/', 'SameSite=Strict']);
  const lifeMs = Date.parse(String(expires).slice('Expires='.length)) - now;
  t.ok(Math.abs(lifeMs - 12 * HOUR_MS) < 60_000, `${lifeMs}`);
  const { body } = await nobody.post(
    '/events',
    {},
    { headers: { Cookie: `a=b; ${pair}; c=d`, Origin: url } },
  );
  t.match(body, { kind: 'host.notification' });
  const approval = await client.post('/approvals', { action: 'a', system_level: true });
  const path = `/approvals/${approval.body.id}/resolve`;
  const resolved = await nobody.post(
    path,
    { resolution: 'approve' },
    { headers: { Cookie: pair, Origin: url } },
  );
  t.match(resolved.body.decided_by, { session_id: 'test', principal: 'token:operator' });
});

test('what is no good token signs nobody in', async (t) => {
  const { client, create, credentials, file, tokens } = await startGuarded(t);
  const revoked = await create('revoked', 'operator');
  await file.revoke('revoked');
  await credentials.check();
  const nobody = client.as(null);
  for (const token of [revoked, tokens.admin.slice(1), `${tokens.admin}x`, 'eyJh.eyJh.', 'a', '__proto__']) {
    const refused = await nobody.post('/login', { token });
    isProblem(t, refused, 401, 'unauthenticated');
    t.match(refused.headers, { 'www-authenticate': /error="invalid_token"$/ });
    t.equal(refused.headers['set-cookie'], undefined);
    t.notOk(refused.text.includes(token) && token.length > 20, 'the problem does not repeat it');
  }
  for (const body of [
    {},
    { token: 1 },
    { token: '' },
    { token: 'x'.repeat(8193) },
    { token: 'x', role: 'admin' },
  ]) {
    isProblem(t, await nobody.post('/login', body), 400, 'validation-failed');
  }
  for (const Origin of ['https://evil.example', 'null']) {
    const refused = await nobody.post('/login', { token: tokens.admin }, { headers: { Origin } });
    isProblem(t, refused, 403, 'forbidden');
    t.equal(refused.headers['set-cookie'], undefined, 'nobody is signed in by a page of another site');
  }
});

test('when as many are signed in as may be, one more is told so', async (t) => {
  const folder = t.testdir({});
  const file = new TokenFile(join(folder, 'tokens.json'));
  const { token } = await file.create({ name: 'ann', role: 'operator', expiresAt: null });
  const { entry } = await file.create({ name: 'bob', role: 'operator', expiresAt: null });
  const expires_at = Date.now() + HOUR_MS;
  const logins = Array.from({ length: 10_000 }, (_, index) => {
    return { sha256: hashSecret(`${index}`), token_sha256: entry.sha256, expires_at };
  });
  await writeFile(join(folder, 'logins.json'), JSON.stringify({ version: 1, logins }));
  const { client } = await start(t, { store: 'memory:', tokensFile: file.path, credential: token });
  const refused = await client.as(null).post('/login', { token });
  isProblem(t, refused, 429, 'too-many-requests');
  t.match(refused.body.detail, 'as many browsers are signed in as may be');
});

test('behind a trusted proxy that ends TLS the cookie is Secure and bound to the host', async (t) => {
  const { client, tokens } = await startGuarded(t, { trustedProxies: ['loopback'] });
  const nobody = client.as(null);
  const Origin = 'https://sallyport.example';
  const answer = await nobody.post('/login', { token: tokens.operator }, { headers: { ...TLS, Origin } });
  t.match(String(answer.headers['set-cookie']), /^__Host-sallyport=.*; Secure/);
  const cookie = cookieIn(answer);
  const change = (headers: object) => nobody.post('/events', {}, { headers: { Cookie: cookie, ...headers } });
  t.equal((await change({ ...TLS, Origin })).status, 201);
  isProblem(t, await change({ ...TLS, Origin: 'http://sallyport.example' }), 403, 'forbidden');
  isProblem(t, await change({ Origin }), 401, 'unauthenticated');
  const bare = { ...TLS, Origin, Cookie: cookie.replace('__Host-', '') };
  isProblem(t, await change(bare), 401, 'unauthenticated');
});

test('who is not trusted cannot say that there is TLS', async (t) => {
  const { client, tokens } = await startGuarded(t, { trustedProxies: ['10.0.0.1'] });
  const headers = { ...TLS };
  const answer = await client.as(null).post('/login', { token: tokens.operator }, { headers });
  t.match(String(answer.headers['set-cookie']), /^sallyport=/);
  t.notMatch(String(answer.headers['set-cookie']), /Secure/);
});

test('with a cookie, only pages of the service change something', async (t) => {
  const { client, cookie, nobody, url } = await startSignedIn(t);
  const before = (await client.get('/events')).body;
  const foreign = [
    'https://evil.example',
    'null',
    '',
    url.replace('http', 'https'),
    `${url}1`,
    'http://localhost',
  ];
  for (const origin of [undefined, ...foreign]) {
    const headers = { Cookie: cookie, ...(origin === undefined ? {} : { Origin: origin }) };
    for (const [method, path, body] of CHANGES) {
      isProblem(t, await nobody.call(method, path, { headers, body }), 403, 'forbidden');
    }
    t.equal((await nobody.get('/agents', { headers })).status, 200, 'reading needs none');
  }
  t.strictSame((await client.get('/events')).body, before);
  for (const Origin of [url, url.toUpperCase()]) {
    const { status } = await nobody.post('/events', {}, { headers: { Cookie: cookie, Origin } });
    t.equal(status, 201);
  }
});

test('with a cookie, a page of a neighbour opens no stream and reads nothing, and a link is followed', async (t) => {
  const { client, cookie, nobody, stream } = await startSignedIn(t);
  const fetched = (site: string, mode: string) => ({ 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode });
  const sent = (site: string, mode: string) => ({ headers: { Cookie: cookie, ...fetched(site, mode) } });
  for (const path of ['/agents', '/events/stream?session_id=a', '/nothing']) {
    for (const site of ['same-site', 'cross-site']) {
      isProblem(t, await nobody.get(path, sent(site, 'cors')), 403, 'forbidden');
    }
  }
  t.strictSame((await client.get('/sessions')).body, { sessions: [] });
  t.equal((await nobody.get('/', sent('cross-site', 'navigate'))).status, 200);
  t.equal((await nobody.get('/agents', sent('same-origin', 'cors'))).status, 200);
  const own = await stream('/events/stream?session_id=a', {
    Cookie: cookie,
    ...fetched('same-origin', 'cors'),
  });
  t.equal(own.status, 200);
});

test('SALLYPORT_PUBLIC_URL says which origin that is', async (t) => {
  const publicUrl = 'https://sallyport.example/some/path';
  const { cookie, nobody, url } = await startSignedIn(t, { publicUrl });
  const change = (Origin: string) => nobody.post('/events', {}, { headers: { Cookie: cookie, Origin } });
  t.equal((await change('https://sallyport.example')).status, 201);
  for (const origin of [url, 'http://sallyport.example', 'https://sallyport.example:444', publicUrl]) {
    isProblem(t, await change(origin), 403, 'forbidden');
  }
});

test('a header Authorization counts, and not the cookie beside it', async (t) => {
  const { as, cookie, nobody } = await startSignedIn(t);
  const both = { headers: { Cookie: cookie } };
  t.equal((await as('agent').post('/events', {}, both)).status, 201, 'a token needs no origin');
  isProblem(t, await as('viewer').post('/events', {}, both), 403, 'forbidden');
  isProblem(t, await nobody.as('garbage').get('/agents', both), 401, 'unauthenticated');
});

test('signing out ends the cookie and what is open under it, and nobody else', async (t) => {
  const service = await startSignedIn(t);
  const { cookie, nobody, tokens, url } = service;
  const opened = await openUnder(service, nobody, { Cookie: cookie, Origin: url });
  const other = await signIn(nobody, tokens.operator);
  const answer = await nobody.post('/logout', undefined, { headers: { Cookie: cookie, Origin: url } });
  t.equal(answer.status, 204);
  t.match(String(answer.headers['set-cookie']), /^sallyport=; .*Expires=Thu, 01 Jan 1970/);
  for (const refused of await endOf(opened)) {
    isProblem(t, refused, 401, 'unauthenticated');
  }
  isProblem(t, await nobody.get('/agents', { headers: { Cookie: cookie } }), 401, 'unauthenticated');
  t.equal((await nobody.get('/agents', { headers: { Cookie: other } })).status, 200);
  t.equal((await service.as('operator').get('/agents')).status, 200);
  const tokenOut = await service.as('operator').post('/logout');
  t.equal(tokenOut.status, 204, 'a token without a cookie has nothing to sign out');
});

test('a browser that signs in anew is signed out first, with all that it has open', async (t) => {
  const service = await startSignedIn(t);
  const { cookie, nobody, tokens, url } = service;
  const headers = { Cookie: cookie, Origin: url };
  const opened = await openUnder(service, nobody, headers);
  isProblem(t, await nobody.post('/login', { token: 'wrong' }, { headers }), 401, 'unauthenticated');
  t.equal((await nobody.get('/agents', { headers })).status, 200, 'who fails stays who they are');
  const answer = await nobody.post('/login', { token: tokens.viewer }, { headers });
  t.equal(answer.status, 204);
  for (const refused of await endOf(opened)) {
    isProblem(t, refused, 401, 'unauthenticated');
  }
  isProblem(t, await nobody.get('/agents', { headers: { Cookie: cookie } }), 401, 'unauthenticated');
  const me = await nobody.get('/me', { headers: { Cookie: cookieIn(answer) } });
  t.match(me.body, { principal: 'token:viewer', role: 'viewer' });
});

test('a sign-in ends with its token, and after 12 h', async (t) => {
  const service = await startSignedIn(t);
  const { client, clocks, create, credentials, file, nobody } = service;
  const first = await signIn(nobody, await create('ann', 'viewer'));
  await file.rotate('ann');
  await credentials.check();
  isProblem(t, await nobody.get('/agents', { headers: { Cookie: first } }), 401, 'unauthenticated');
  const opened = await openUnder(service, client);
  const late = { headers: { Cookie: service.cookie } };
  clocks.jump(12 * HOUR_MS - 60_000);
  t.equal((await nobody.get('/agents', late)).status, 200);
  clocks.jump(60_000);
  const refused = await nobody.get('/agents', late);
  isProblem(t, refused, 401, 'unauthenticated');
  t.match(refused.body.detail, 'expired');
  opened.stream.close();
});

test('a restart keeps the sign-in, and no file keeps the cookie', async (t) => {
  const folder = t.testdir({});
  const store = `sqlite:${join(folder, 'log.db')}`;
  const file = new TokenFile(join(folder, 'tokens.json'));
  const { token } = await file.create({ name: 'ann', role: 'operator', expiresAt: null });
  const before = await start(t, { store, credential: token });
  const cookie = await signIn(before.client.as(null), token);
  await before.stop();
  const { client } = await start(t, { store, credential: token });
  t.equal((await client.as(null).get('/agents', { headers: { Cookie: cookie } })).status, 200);
  const kept = await readFile(join(folder, 'logins.json'), 'utf8');
  t.ok(kept.includes(hashSecret(cookie.split('=')[1] as string)), 'its hash');
  t.notOk(kept.includes(cookie.split('=')[1] as string));
  t.equal((await stat(join(folder, 'logins.json'))).mode & 0o777, 0o600);
});

test('a person who is not signed in is led to the page for it, a program is told', async (t) => {
  const { client, tokens } = await startGuarded(t);
  const nobody = client.as(null);
  const headers = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  for (const path of ['/', '/docs', '/docs/']) {
    const led = await nobody.get(path, { headers });
    t.match(led, { status: 303, headers: { location: '/login' }, text: '' });
  }
  const old = { headers: { ...headers, Cookie: `sallyport=${'A'.repeat(43)}` } };
  t.equal((await nobody.get('/', old)).status, 303, 'also when a sign-in has ended');
  for (const Accept of ['*/*', 'application/json', 'text/event-stream']) {
    isProblem(t, await nobody.get('/', { headers: { Accept } }), 401, 'unauthenticated');
  }
  for (const path of ['/agents', '/nothing', '/approvals?status=pending', '/events/stream']) {
    isProblem(t, await nobody.get(path, { headers }), 401, 'unauthenticated');
  }
  const program = await nobody.get('/', { headers: { ...headers, ...bearer(`${tokens.admin}x`) } });
  isProblem(t, program, 401, 'unauthenticated');
  t.match(await nobody.get('/login', { headers }), { status: 200, text: /<form id="login">/ });
});

test('pages run no script but their own, and are in nobody’s frame', async (t) => {
  const { client } = await startGuarded(t);
  for (const path of ['/', '/login', '/docs', '/docs/']) {
    const { status, headers, text } = await client.get(path);
    t.equal(status, 200, path);
    const policy = String(headers['content-security-policy']).split(/; ?/);
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]) {
      t.ok(policy.includes(rule), `${path}: ${rule}`);
    }
    t.notMatch(text, /<script(?![^>]*\bsrc=)[^>]*>/i, 'no script inside of the page');
    t.notMatch(text, / on[a-z]+=|javascript:|(src|href)="(https?:)?\/\//i);
  }
  const strict = (await client.get('/')).headers;
  t.match(strict['content-security-policy'], "style-src 'self';");
  t.match(strict, {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  });
  t.match((await client.get('/login.js')).headers['content-type'], 'text/javascript');
});

test('a sign-in that cannot be kept is 503, and none', async (t) => {
  const { client, config, tokens } = await startGuarded(t);
  await mkdir(join(dirname(String(config.tokensFile)), 'logins.json'));
  const answer = await client.as(null).post('/login', { token: tokens.operator });
  isProblem(t, answer, 503, 'storage-unavailable');
  t.notOk('set-cookie' in answer.headers);
});
