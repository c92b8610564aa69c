import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'tap';
import { Authenticator, type Presented } from '../../src/credentials/authenticator.ts';
import type { Authenticated } from '../../src/credentials/identity.ts';
import { LOGINS_MAX } from '../../src/credentials/logins.ts';
import { newToken } from '../../src/credentials/token.ts';
import { writeTokens } from '../../src/credentials/token-entry.ts';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { AUDIENCE, ISSUER, keySet, made, NOW, newSigner, openAuthenticator, pathsIn, sign } from './parts.ts';

async function outcome(authenticator: Authenticator, presented: Partial<Presented>): Promise<string> {
  const found = await authenticator.authenticate({
    authorization: undefined,
    cookie: undefined,
    ...presented,
  });
  return 'refused' in found ? found.refused : `${found.principal} ${found.role} ${found.source}`;
}

async function known(authenticator: Authenticator, token: string): Promise<Authenticated> {
  return (await authenticator.authenticate({
    authorization: `Bearer ${token}`,
    cookie: undefined,
  })) as Authenticated;
}

function bearer(token: string): Partial<Presented> {
  return { authorization: `Bearer ${token}` };
}

test('without tokens and an issuer nothing is configured', async (t) => {
  const { authenticator } = await openAuthenticator(t);
  t.notOk(authenticator.isConfigured);
  t.equal(authenticator.unusedAdminToken, null);
  t.equal(await outcome(authenticator, {}), 'missing');
  t.equal(await outcome(authenticator, bearer(newToken())), 'unknown');
  t.equal(await outcome(authenticator, bearer('a.b.c')), 'jwt-not-accepted');
});

test('a token is taken as the header may be written', async (t) => {
  const ann = made('ann', 'operator');
  const { authenticator } = await openAuthenticator(t, { tokens: writeTokens([ann.entry]) });
  t.ok(authenticator.isConfigured);
  for (const authorization of [`Bearer ${ann.token}`, `bearer  ${ann.token}`, `BEARER ${ann.token} `]) {
    t.equal(await outcome(authenticator, { authorization }), 'token:ann operator token');
  }
  const wrong: [string, string][] = [
    ['', 'unsupported-scheme'],
    ['Basic YW5uOnNlY3JldA==', 'unsupported-scheme'],
    [ann.token, 'unsupported-scheme'],
    [`Bearer${ann.token}`, 'unsupported-scheme'],
    ['Bearer', 'malformed'],
    ['Bearer ', 'malformed'],
    [`Bearer ${ann.token}, Bearer ${ann.token}`, 'malformed'],
    [`Bearer ${ann.token}\t`, 'malformed'],
    [`Bearer "${ann.token}"`, 'malformed'],
    ['Bearer ghp_0123456789', 'malformed'],
    [`Bearer ${ann.token.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))}`, 'bad-checksum'],
    ['Bearer a.b.c.d.e', 'malformed'],
  ];
  for (const [authorization, expected] of wrong) {
    t.equal(await outcome(authenticator, { authorization }), expected, authorization.slice(0, 12));
  }
});

test('every refusal has a sentence, and none repeats what was sent', async (t) => {
  const { authenticator } = await openAuthenticator(t);
  for (const authorization of [`Bearer ${newToken()}`, `Basic ${newToken()}`, 'Bearer x']) {
    const found = await authenticator.authenticate({ authorization, cookie: undefined });
    t.ok('sentence' in found && found.sentence.length > 10);
    t.notMatch(JSON.stringify(found), authorization.slice(10, 20));
  }
});

test('a token that expires or is revoked is refused, with the reason', async (t) => {
  const expiring = made('ann', 'agent', { expires_at: new Date(NOW + 1000).toISOString() });
  const revoked = made('bob', 'agent', { revoked_at: new Date(NOW).toISOString() });
  const tokens = writeTokens([expiring.entry, revoked.entry]);
  const { authenticator, clock } = await openAuthenticator(t, { tokens });
  t.equal(await outcome(authenticator, bearer(revoked.token)), 'revoked');
  clock.now += 999;
  t.equal(await outcome(authenticator, bearer(expiring.token)), 'token:ann agent token');
  clock.now += 1;
  t.equal(await outcome(authenticator, bearer(expiring.token)), 'expired');
  t.match(await authenticator.login(expiring.token), { refused: 'expired' });
});

test('a JWT is taken where there is an issuer, and ends by itself', async (t) => {
  const signer = await newSigner('k1');
  const jwks = join(t.testdir({ keys: await keySet(signer) }), 'keys');
  const jwt = { issuer: ISSUER, audience: AUDIENCE, jwks, roleClaim: 'roles' };
  const { authenticator, clock } = await openAuthenticator(t, {
    jwt,
    tokens: writeTokens([]),
    paths: pathsIn(dirname(jwks)),
  });
  t.ok(authenticator.isConfigured);
  const text = await sign(signer);
  t.equal(await outcome(authenticator, bearer(text)), `jwt:${ISSUER}#ann operator jwt`);
  let ended = 0;
  authenticator.onInvalid(await known(authenticator, text), () => ended++);
  clock.now += 64_999;
  await authenticator.check();
  t.equal(ended, 0);
  t.equal(await outcome(authenticator, bearer(text)), `jwt:${ISSUER}#ann operator jwt`);
  clock.now += 1;
  await authenticator.check();
  t.equal(ended, 1);
  t.equal(await outcome(authenticator, bearer(text)), 'expired');
  t.match(await authenticator.login(text), { refused: 'malformed' }, 'a browser signs in with a token');
  writeFileSync(jwks, await keySet(await newSigner('k2')));
  await authenticator.check();
  t.equal(await outcome(authenticator, bearer(await sign(signer))), 'jwt-unknown-key');
});

test('a browser that signed in has the role of its token, until it signs out', async (t) => {
  const ann = made('ann', 'operator');
  const { authenticator } = await openAuthenticator(t, { tokens: writeTokens([ann.entry]) });
  const login = await authenticator.login(ann.token);
  const cookie = 'cookie' in (login as object) ? (login as { cookie: string }).cookie : '';
  t.equal(await outcome(authenticator, { cookie }), 'token:ann operator cookie');
  t.equal(await outcome(authenticator, { cookie: '' }), 'unknown');
  t.equal(
    await outcome(authenticator, { cookie, authorization: 'Basic x' }),
    'unsupported-scheme',
    'the header wins',
  );
  t.equal(await outcome(authenticator, { cookie: 'x', ...bearer(ann.token) }), 'token:ann operator token');
  const found = await authenticator.authenticate({ authorization: undefined, cookie });
  let ended = 0;
  authenticator.onInvalid(found as Authenticated, () => ended++);
  await authenticator.check();
  t.equal(ended, 0);
  await authenticator.logout(cookie);
  t.equal(ended, 1, 'at once');
  t.equal(await outcome(authenticator, { cookie }), 'unknown');
});

test('a sign-in ends with its time and with its token', async (t) => {
  const { authenticator, paths, clock } = await openAuthenticator(t);
  const file = new TokenFile(paths.tokens, () => clock.now);
  const login = async (token: string) => ((await authenticator.login(token)) as { cookie: string }).cookie;
  const { token } = await file.create({ name: 'ann', role: 'operator', expiresAt: null });
  await authenticator.check();
  const first = await login(token);
  clock.now += 12 * 3_600_000;
  t.equal(await outcome(authenticator, { cookie: first }), 'expired');
  const second = await login(token);
  const rotated = await file.rotate('ann');
  await authenticator.check();
  t.equal(await outcome(authenticator, { cookie: second }), 'unknown');
  const third = await login(rotated.token);
  t.equal(await outcome(authenticator, { cookie: third }), 'token:ann operator cookie');
  await file.revoke('ann');
  await authenticator.check();
  t.equal(await outcome(authenticator, { cookie: third }), 'revoked');
});

test('no more browsers sign in than may be', async (t) => {
  const [ann, ...others] = Array.from({ length: 101 }, (_, index) => made(`t${index}`, 'viewer'));
  const logins = Array.from({ length: LOGINS_MAX }, (_, index) => ({
    sha256: index.toString(16).padStart(64, '0'),
    token_sha256: others[index % others.length]?.entry.sha256,
    expires_at: NOW + 1000,
  }));
  const paths = pathsIn(t.testdir({ 'logins.json': JSON.stringify({ version: 1, logins }) }));
  const tokens = writeTokens([ann as Made, ...others].map(({ entry }) => entry));
  const { authenticator, clock } = await openAuthenticator(t, { paths, tokens });
  t.equal(await authenticator.login((ann as Made).token), 'too-many');
  clock.now += 1000;
  t.match(await authenticator.login((ann as Made).token), { cookie: /^.{43}$/ });
});

type Made = ReturnType<typeof made>;

test('what is open ends when its token is revoked, rotated or given another role, and nothing else does', async (t) => {
  const [a, b, c, d, e] = [
    made('a', 'agent'),
    made('b', 'agent'),
    made('c', 'agent'),
    made('d', 'agent'),
    made('e', 'agent'),
  ];
  const { authenticator, paths } = await openAuthenticator(t);
  writeFileSync(paths.tokens, writeTokens([a, b, c, d, e].map(({ entry }) => entry)));
  await authenticator.check();
  const ended: string[] = [];
  for (const { token, entry } of [a, b, c, d, e]) {
    const stop = authenticator.onInvalid(await known(authenticator, token), () => ended.push(entry.name));
    if (entry === e.entry) stop();
  }
  const revoked = { ...a.entry, revoked_at: new Date(NOW).toISOString() };
  const rotated = made('b', 'agent').entry;
  const demoted = { ...c.entry, role: 'viewer' as const };
  writeFileSync(paths.tokens, writeTokens([revoked, rotated, demoted, d.entry]));
  await authenticator.check();
  t.strictSame(ended.sort(), ['a', 'b', 'c']);
  rmSync(paths.tokens);
  await authenticator.check();
  t.strictSame(ended, ['a', 'b', 'c', 'd']);
  t.ok(authenticator.isConfigured);
});

test('within a second of a revocation what is open ends, without being told to look', async (t) => {
  const paths = pathsIn(t.testdir({}));
  const authenticator = await Authenticator.open({ paths, tokens: null, jwt: null, reportError: t.fail });
  t.teardown(() => authenticator.close());
  const file = new TokenFile(paths.tokens);
  const { token } = await file.create({ name: 'ann', role: 'agent', expiresAt: null });
  await authenticator.check();
  const { promise, resolve } = Promise.withResolvers<void>();
  authenticator.onInvalid(await known(authenticator, token), resolve);
  await file.revoke('ann');
  const started = performance.now();
  // The authenticator alone keeps no process running.
  const alive = setTimeout(() => {}, 5000);
  await promise;
  clearTimeout(alive);
  t.ok(performance.now() - started < 1000);
});

test('the first token of an administrator is in a private file until it is used', async (t) => {
  const { authenticator, paths, errors } = await openAuthenticator(t);
  await authenticator.makeAdminToken();
  t.ok(authenticator.isConfigured, 'from now on');
  t.equal(authenticator.unusedAdminToken, paths.adminToken);
  t.equal(statSync(paths.adminToken).mode & 0o777, 0o600);
  const token = readFileSync(paths.adminToken, 'utf8').trim();
  t.notMatch(readFileSync(paths.tokens, 'utf8'), token.slice(4, 20));

  const restarted = await openAuthenticator(t, { paths });
  t.equal(restarted.authenticator.unusedAdminToken, paths.adminToken, 'a restart says again where it is');
  t.equal(await outcome(restarted.authenticator, bearer(token)), 'token:admin admin token');
  t.notOk(existsSync(paths.adminToken));
  t.equal(restarted.authenticator.unusedAdminToken, null);
  t.equal(await outcome(restarted.authenticator, bearer(token)), 'token:admin admin token');

  await restarted.authenticator.makeAdminToken();
  t.equal(restarted.authenticator.unusedAdminToken, null, 'there is a token, so none is made');
  await new TokenFile(paths.tokens).revoke('admin');
  await restarted.authenticator.makeAdminToken();
  t.notOk(existsSync(paths.adminToken));
  t.equal(await outcome(restarted.authenticator, bearer(token)), 'revoked');
  t.strictSame(errors, []);
});

test('a crash while the first token is made leaves nothing that keeps anybody in or out', async (t) => {
  const { paths, authenticator } = await openAuthenticator(t);
  const orphan = newToken();
  writeFileSync(paths.adminToken, orphan);
  const restarted = await openAuthenticator(t, { paths });
  t.equal(restarted.authenticator.unusedAdminToken, null);
  t.equal(await outcome(restarted.authenticator, bearer(orphan)), 'unknown');
  await restarted.authenticator.makeAdminToken();
  t.not(readFileSync(paths.adminToken, 'utf8').trim(), orphan);
  t.notOk(authenticator.unusedAdminToken, 'the other process learns of tokens, not of this file');
});

test('a file of the first token that cannot be deleted is reported, and the token is good', async (t) => {
  const { paths, authenticator, errors } = await openAuthenticator(t);
  await authenticator.makeAdminToken();
  const token = readFileSync(paths.adminToken, 'utf8').trim();
  rmSync(paths.adminToken);
  mkdirSync(paths.adminToken);
  t.equal(await outcome(authenticator, bearer(token)), 'token:admin admin token');
  t.match(errors, [/EISDIR|is a directory/i]);
});

test('without a folder there is no place for the first token', async (t) => {
  const authenticator = await Authenticator.open({
    paths: null,
    tokens: null,
    jwt: null,
    reportError: t.fail,
  });
  t.teardown(() => authenticator.close());
  const message =
    /^there is no folder to keep an administrator token in; make a token, and set SALLYPORT_TOKENS_FILE/;
  await t.rejects(authenticator.makeAdminToken(), { message });
  t.equal(authenticator.unusedAdminToken, null);
});

test('a token is checked in a few microseconds', async (t) => {
  const entries = Array.from({ length: 10_000 }, (_, index) => made(`t${index}`, 'agent'));
  const { authenticator } = await openAuthenticator(t, {
    tokens: writeTokens(entries.map(({ entry }) => entry)),
  });
  const authorization = `Bearer ${entries[5000]?.token}`;
  const rounds = 20_000;
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    await authenticator.authenticate({ authorization, cookie: undefined });
  }
  const microseconds = ((performance.now() - started) / rounds) * 1000;
  t.comment(`${microseconds.toFixed(2)} µs`);
  t.ok(microseconds < 100, 'with room for a busy machine and for being measured');
});
