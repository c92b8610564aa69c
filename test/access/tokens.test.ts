import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { hashSecret, readToken } from '../../src/credentials/token.ts';
import { TOKENS_MAX, writeTokens } from '../../src/credentials/token-entry.ts';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { made } from '../credentials/parts.ts';
import { isProblem } from '../http/problems.ts';
import { start } from '../service.ts';
import { startGuarded } from './guarded.ts';
import { endOf, openUnder } from './opened.ts';

const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What the log says besides that something was answered. */
function reported(logged: readonly Record<string, unknown>[]) {
  return logged
    .filter(({ level }) => level === 30)
    .map(({ level: _level, time: _time, pid: _pid, hostname: _hostname, reqId: _reqId, ...rest }) => rest);
}

/** A service whose tokens are in its setting, with a file for more or without. */
async function startSet(t: Test, withFile: boolean) {
  const boss = made('boss', 'admin');
  const ann = made('ann', 'operator');
  const folder = t.testdir({});
  const path = join(folder, 'tokens.json');
  const service = await start(t, {
    store: withFile ? `sqlite:${join(folder, 'log.db')}` : 'memory:',
    tokens: writeTokens([boss.entry, ann.entry]),
    credential: boss.token,
  });
  return { ...service, ann, file: new TokenFile(path) };
}

test('an administrator makes a token, whose secret is said once', async (t) => {
  const { client, file } = await startGuarded(t);
  const before = Date.now();
  const asked = { name: 'ci', role: 'agent', expires_in_days: 90 };
  const answer = await client.post('/tokens', asked, { session: null });
  const { token, ...shown } = answer.body;
  t.match(answer, { status: 201, headers: { location: '/tokens/ci', 'cache-control': 'no-store' } });
  t.match(shown, { name: 'ci', role: 'agent', state: 'active', created_at: ISO, revoked_at: null });
  const lifeMs = Date.parse(shown.expires_at) - before;
  t.ok(lifeMs >= 90 * DAY_MS && lifeMs < 90 * DAY_MS + 60_000, `${lifeMs}`);
  t.strictSame(readToken(token), { token });
  t.equal((await client.as(token).post('/events', {})).status, 201, 'it counts from its answer on');

  t.strictSame((await client.get(answer.headers.location as string)).body, shown);
  const list = await client.get('/tokens', { session: null });
  t.strictSame(
    list.body.tokens.map(({ name }: { name: string }) => name),
    ['viewer', 'agent', 'operator', 'admin', 'ci'],
  );
  t.strictSame(list.body.tokens.at(-1), shown);
  t.equal((await file.list()).at(-1)?.sha256, hashSecret(token), 'it is in the file of the command');
  for (const { sha256 } of await file.list()) {
    t.notOk(list.text.includes(sha256) || answer.text.includes(sha256));
  }
  t.notMatch(list.text, 'spt_');
  const forEver = await client.post('/tokens', { name: 'ann', role: 'operator' });
  t.equal(forEver.body.expires_at, null);
});

test('a name is given once, ever', async (t) => {
  const { client } = await startGuarded(t);
  isProblem(t, await client.post('/tokens', { name: 'agent', role: 'admin' }), 409, 'token-name-taken');
  t.equal((await client.delete('/tokens/agent')).status, 204);
  isProblem(t, await client.post('/tokens', { name: 'agent', role: 'agent' }), 409, 'token-name-taken');
});

test('what makes no token is told by its field', async (t) => {
  const { client, file, tokens } = await startGuarded(t);
  const before = await file.list();
  const cases: [object, string][] = [
    [{ role: 'agent' }, 'name'],
    [{ name: 'ci' }, 'role'],
    [{ name: 'a b', role: 'agent' }, 'name'],
    [{ name: '', role: 'agent' }, 'name'],
    [{ name: 'x'.repeat(65), role: 'agent' }, 'name'],
    [{ name: tokens.admin, role: 'agent' }, 'name'],
    [{ name: 'ci', role: 'root' }, 'role'],
    [{ name: 'ci', role: 'agent', expires_in_days: 0 }, 'expires_in_days'],
    [{ name: 'ci', role: 'agent', expires_in_days: 3651 }, 'expires_in_days'],
    [{ name: 'ci', role: 'agent', expires_in_days: 1.5 }, 'expires_in_days'],
    [{ name: 'ci', role: 'agent', expires_in_days: null }, 'expires_in_days'],
    [{ name: 'ci', role: 'agent', sha256: 'a' }, 'sha256'],
  ];
  for (const [body, field] of cases) {
    const answer = await client.post('/tokens', body);
    isProblem(t, answer, 400, 'validation-failed', [field]);
    t.notMatch(answer.text, tokens.admin);
  }
  isProblem(t, await client.post('/tokens/agent/rotate', { name: 'b' }), 400, 'validation-failed', ['name']);
  isProblem(t, await client.delete('/tokens/agent', { body: { a: 1 } }), 400, 'validation-failed', ['a']);
  t.strictSame(await file.list(), before);
});

test('a token that is rotated has another secret, and the old one ends with what is open', async (t) => {
  const service = await startGuarded(t);
  const { client, tokens } = service;
  const opened = await openUnder(service, service.as('operator'));
  const answer = await client.post('/tokens/operator/rotate', undefined, { session: null });
  t.match(answer, { status: 200, headers: { 'cache-control': 'no-store' } });
  t.match(answer.body, { name: 'operator', role: 'operator', state: 'active', expires_at: null });
  for (const refused of await endOf(opened)) {
    isProblem(t, refused, 401, 'unauthenticated');
  }
  isProblem(t, await client.as(tokens.operator).get('/agents'), 401, 'unauthenticated');
  const { body } = await client.as(answer.body.token).post('/approvals', { action: 'a' });
  t.equal(body.requested_by.principal, 'token:operator');
  const ending = await client.post('/tokens/operator/rotate', { expires_in_days: 1 });
  t.ok(Math.abs(Date.parse(ending.body.expires_at) - Date.now() - DAY_MS) < 60_000);
});

test('a token that is revoked is refused from the answer on, for good', async (t) => {
  const service = await startGuarded(t);
  const { client } = service;
  const opened = await openUnder(service, service.as('operator'));
  t.match(await client.delete('/tokens/operator', { session: null }), { status: 204, text: '' });
  isProblem(t, await service.as('operator').get('/agents'), 401, 'unauthenticated');
  for (const refused of await endOf(opened)) {
    isProblem(t, refused, 401, 'unauthenticated');
  }
  const { body } = await client.get('/tokens/operator');
  t.match(body, { state: 'revoked', revoked_at: ISO });
  t.equal((await client.delete('/tokens/operator')).status, 204);
  t.strictSame((await client.get('/tokens/operator')).body, body, 'again changes nothing');
  isProblem(t, await client.post('/tokens/operator/rotate'), 409, 'token-ended');
});

test('a token that has expired is rotated only with another end', async (t) => {
  const { client, clocks } = await startGuarded(t);
  await client.post('/tokens', { name: 'ci', role: 'agent', expires_in_days: 1 });
  clocks.jump(DAY_MS);
  t.equal((await client.get('/tokens/ci')).body.state, 'expired');
  const refused = await client.post('/tokens/ci/rotate', {});
  isProblem(t, refused, 409, 'token-ended');
  t.match(refused.body.detail, 'expires_in_days');
  t.equal((await client.post('/tokens/ci/rotate', { expires_in_days: 2 })).body.state, 'active');
});

test('an unknown token is named, unless its name is a secret', async (t) => {
  const { client, tokens } = await startGuarded(t);
  for (const name of ['nobody', 'a%20b', '__proto__', tokens.viewer]) {
    for (const [method, path] of [
      ['GET', `/tokens/${name}`],
      ['DELETE', `/tokens/${name}`],
      ['POST', `/tokens/${name}/rotate`],
    ] as const) {
      const answer = await client.call(method, path);
      isProblem(t, answer, 404, 'token-not-found');
      const shown = name === tokens.viewer ? '...' : decodeURIComponent(name);
      t.equal(answer.body.detail, `unknown token '${shown}'`);
    }
  }
});

test('the log says who made, rotated and revoked which token, and no secret', async (t) => {
  const { client, logged } = await startGuarded(t);
  const first = await client.post('/tokens', { name: 'ci', role: 'agent' });
  const second = await client.post('/tokens/ci/rotate');
  await client.delete('/tokens/ci');
  await client.delete('/tokens/nobody');
  const principal = 'token:admin';
  t.strictSame(reported(logged).slice(-3), [
    { principal, msg: "the token 'ci' (agent) was made" },
    { principal, msg: "the token 'ci' has a new secret" },
    { principal, msg: "the token 'ci' is revoked" },
  ]);
  const { text } = await client.get('/events');
  const told = JSON.stringify(logged) + text + (await client.get('/metrics')).text;
  for (const { body } of [first, second]) {
    t.notOk(told.includes(body.token) || told.includes(hashSecret(body.token)));
  }
});

test('an administrator’s browser changes tokens from a page of the service alone', async (t) => {
  const { client, file, tokens, url } = await startGuarded(t);
  const nobody = client.as(null);
  const { headers } = await nobody.post('/login', { token: tokens.admin });
  const Cookie = String(headers['set-cookie']).split(';', 1)[0] as string;
  const before = await file.list();
  for (const origin of [{}, { Origin: 'https://evil.example' }, { Origin: 'null' }]) {
    const call = { headers: { Cookie, ...origin } };
    isProblem(t, await nobody.post('/tokens', { name: 'a', role: 'admin' }, call), 403, 'forbidden');
    isProblem(t, await nobody.post('/tokens/agent/rotate', {}, call), 403, 'forbidden');
    isProblem(t, await nobody.delete('/tokens/agent', call), 403, 'forbidden');
  }
  t.strictSame(await file.list(), before);
  const own = { headers: { Cookie, Origin: url } };
  t.equal((await nobody.post('/tokens', { name: 'a', role: 'admin' }, own)).status, 201);
});

test('whoever is no administrator changes no token and sees none', async (t) => {
  const { as, file } = await startGuarded(t);
  const before = await file.list();
  for (const role of ['viewer', 'agent', 'operator'] as const) {
    const answers = await Promise.all([
      as(role).get('/tokens'),
      as(role).get('/tokens/nobody'),
      as(role).post('/tokens', { name: 'mine', role: 'admin' }),
      as(role).post(`/tokens/${role}/rotate`),
      as(role).delete('/tokens/admin'),
      as(role).delete('/tokens/nobody'),
    ]);
    for (const answer of answers) {
      isProblem(t, answer, 403, 'forbidden');
      t.match(answer.body.detail, `the role '${role}' does not include 'tokens'`);
    }
  }
  t.strictSame(await file.list(), before);
});

test('in open mode nobody is an administrator: the first token is made by the command', async (t) => {
  for (const insecure of [false, true]) {
    const { client, credentials, config } = await start(t, { insecure });
    for (const [method, path, body] of [
      ['GET', '/tokens'],
      ['POST', '/tokens', { name: 'mine', role: 'admin' }],
      ['GET', '/tokens/mine'],
      ['POST', '/tokens/mine/rotate'],
      ['DELETE', '/tokens/mine'],
    ] as const) {
      const answer = await client.call(method, path, { body });
      isProblem(t, answer, 403, 'forbidden');
      t.match(
        answer.body.detail,
        "make the first token with 'sallyport token create --name NAME --role admin'",
      );
    }
    await credentials.check();
    t.notOk(credentials.isConfigured);
    t.equal((await client.get('/agents')).status, 200, 'it stays open');
    await t.rejects(readFile(join(config.store.slice('sqlite:'.length), '..', 'tokens.json')));
  }
});

test('tokens of the setting are seen, and changed where they come from', async (t) => {
  const { ann, client, file } = await startSet(t, true);
  t.match((await client.get('/tokens')).body.tokens, [{ name: 'boss' }, { name: 'ann', role: 'operator' }]);
  for (const answer of [await client.post('/tokens/ann/rotate'), await client.delete('/tokens/ann')]) {
    isProblem(t, answer, 409, 'token-read-only');
    t.match(answer.body.detail, 'SALLYPORT_TOKENS; change it there');
  }
  isProblem(t, await client.post('/tokens', { name: 'ann', role: 'admin' }), 409, 'token-name-taken');
  isProblem(t, await client.delete('/tokens/nobody'), 404, 'token-not-found');
  t.equal((await client.as(ann.token).get('/agents')).status, 200);
  t.equal((await client.post('/tokens', { name: 'ci', role: 'agent' })).status, 201);
  t.match((await client.get('/tokens')).body.tokens, [{ name: 'boss' }, { name: 'ann' }, { name: 'ci' }]);
  t.match(await file.list(), [{ name: 'ci' }], 'those of the setting are not written down');
});

test('without a file for tokens none is made', async (t) => {
  const { client } = await startSet(t, false);
  const refused = await client.post('/tokens', { name: 'ci', role: 'agent' });
  isProblem(t, refused, 409, 'token-read-only');
  t.match(refused.body.detail, 'SALLYPORT_TOKENS_FILE');
  isProblem(t, await client.delete('/tokens/ann'), 409, 'token-read-only');
  isProblem(t, await client.post('/tokens/nobody/rotate'), 404, 'token-not-found');
  t.match((await client.get('/tokens')).body.tokens, [{ name: 'boss' }, { name: 'ann' }]);
});

test('a change that cannot be written is 503, and none', async (t) => {
  const { as, client, config, file } = await startGuarded(t);
  const before = await file.list();
  await mkdir(`${config.tokensFile}.tmp`);
  for (const answer of [
    await client.post('/tokens', { name: 'ci', role: 'agent' }),
    await client.post('/tokens/agent/rotate'),
    await client.delete('/tokens/agent'),
  ]) {
    isProblem(t, answer, 503, 'storage-unavailable');
    t.match(answer.body.detail, 'the tokens could not be changed');
    t.notMatch(answer.text, 'spt_');
  }
  t.strictSame(await file.list(), before);
  t.equal((await as('agent').get('/agents')).status, 200);
});

test('one token more than may be is refused', async (t) => {
  const boss = made('boss', 'admin');
  const one = made('ann', 'viewer').entry;
  const others = Array.from({ length: TOKENS_MAX - 1 }, (_, index) => {
    return { ...one, name: `ann-${index}`, sha256: hashSecret(`${index}`) };
  });
  const folder = t.testdir({ 'tokens.json': writeTokens([boss.entry, ...others]) });
  const tokensFile = join(folder, 'tokens.json');
  const { client } = await start(t, { store: 'memory:', tokensFile, credential: boss.token });
  isProblem(t, await client.post('/tokens', { name: 'ci', role: 'agent' }), 429, 'too-many-tokens');
  t.equal((await client.post('/tokens/ann-1/rotate')).status, 200);
});

test('of many that take a name at once, one gets it', async (t) => {
  const { client } = await startGuarded(t);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => client.post('/tokens', { name: 'ci', role: 'agent' })),
  );
  t.strictSame(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
  const winner = answers.find(({ status }) => status === 201);
  t.equal((await client.as(winner?.body.token).get('/agents')).status, 200);
});
