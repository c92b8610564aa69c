import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { AUDIENCE, ISSUER, keySet, newSigner, type Signer, serveKeys, sign } from '../credentials/parts.ts';
import { isProblem } from '../http/problems.ts';
import { Clocks, type Started, start } from '../service.ts';
import { endOf, openUnder, parked } from './opened.ts';

/** For `sub`, good for an hour from now. */
function jwt(signer: Signer, claims: Record<string, unknown> = {}): Promise<string> {
  return sign(signer, { exp: Math.floor(Date.now() / 1000) + 3600, ...claims });
}

async function startWith(t: Test, jwtJwks: string, signer: Signer): Promise<Started> {
  const settings = { store: 'memory:', jwtIssuer: ISSUER, jwtAudience: AUDIENCE, jwtJwks };
  return await start(t, { ...settings, credential: await jwt(signer, { sub: 'root', roles: ['admin'] }) });
}

test('JWTs whose keys are in a file are taken, also after the keys have changed', async (t) => {
  const [first, second] = [await newSigner('k1'), await newSigner('k2', 'RS256')];
  const path = join(t.testdir({ keys: await keySet(first) }), 'keys');
  const service = await startWith(t, path, first);
  const { client, credentials } = service;
  const principal = `jwt:${ISSUER}#ann`;
  const { body } = await client.as(await jwt(first)).post('/approvals', { action: 'a' });
  t.match(body, { requested_by: { session_id: 'test', principal } });
  const asSecond = client.as(await jwt(second));
  isProblem(t, await asSecond.get('/agents'), 401, 'unauthenticated');
  await writeFile(path, await keySet(second));
  await credentials.check();
  const resolved = await asSecond.post(`/approvals/${body.id}/resolve`, { resolution: 'approve' });
  t.match(resolved.body, { decided_by: { principal } });
  isProblem(t, await client.get('/agents'), 401, 'unauthenticated');
});

test('a JWT gives no more than its role, and none without one', async (t) => {
  const signer = await newSigner('k1');
  const served = await serveKeys(t, await keySet(signer));
  const { client } = await startWith(t, served.url, signer);
  const question = { action: 'a', system_level: true };
  const as = async (claims: object) => client.as(await jwt(signer, { ...claims }));
  const { body } = await (await as({ roles: 'agent' })).post('/approvals', question);
  const resolve = [`/approvals/${body.id}/resolve`, { resolution: 'approve' }] as const;
  isProblem(t, await (await as({ roles: 'agent' })).post(...resolve), 403, 'forbidden');
  isProblem(t, await (await as({ roles: ['viewer'] })).post('/approvals', question), 403, 'forbidden');
  const past = Math.floor(Date.now() / 1000) - 60;
  for (const claims of [
    { roles: [] },
    { roles: 'root' },
    { exp: past },
    { aud: 'another' },
    { iss: 'https://evil.example' },
    { nbf: past + 3600 },
    { sub: undefined },
    { sub: 'a\nb' },
    { exp: undefined },
  ]) {
    const refused = await (await as(claims)).post(...resolve);
    isProblem(t, refused, 401, 'unauthenticated');
    t.equal(refused.headers['www-authenticate'], 'Bearer realm="sallyport", error="invalid_token"');
  }
  const stranger = await newSigner('k1');
  isProblem(t, await client.as(await jwt(stranger)).get('/agents'), 401, 'unauthenticated');
  t.equal(served.requests, 1, 'the issuer is asked once');
});

test('with a JWT, what is open ends when it expires', async (t) => {
  const signer = await newSigner('k1');
  const served = await serveKeys(t, await keySet(signer));
  const service = await startWith(t, served.url, signer);
  const { client, clocks } = service;
  const soon = client.as(await jwt(signer, { exp: Math.floor(Date.now() / 1000) + 1800 }));
  const opened = await openUnder(service, soon);
  const others = await openUnder(service, client);
  clocks.jump(1_800_000 + 5_000);
  for (const answer of await endOf(opened)) {
    isProblem(t, answer, 401, 'unauthenticated');
  }
  const refused = await soon.get('/agents');
  t.match(refused.body.detail, 'expired');
  t.equal(await parked(service), others.waits.length, 'others stay');
});

test('while the keys cannot be had, a JWT is neither good nor bad', async (t) => {
  const signer = await newSigner('k1');
  const served = await serveKeys(t, await keySet(signer));
  served.answer = (_request, response) => response.writeHead(500).end();
  const settings = { store: 'memory:', jwtIssuer: ISSUER, jwtAudience: AUDIENCE, jwtJwks: served.url };
  const { client, logged } = await start(t, settings, new Clocks());
  const token = await jwt(signer);
  const answer = await client.as(token).get('/agents');
  isProblem(t, answer, 503, 'storage-unavailable');
  t.match(answer.headers, { 'retry-after': '1' });
  t.equal(answer.headers['www-authenticate'], undefined);
  const [line] = logged.filter(({ level }) => level === 50);
  t.match(line, { msg: /no JWT can be verified/ });
});

test('without a credential one is told of both kinds', async (t) => {
  const signer = await newSigner('k1');
  const served = await serveKeys(t, await keySet(signer));
  const { client, logged } = await startWith(t, served.url, signer);
  const refused = await client.as(null).get('/agents');
  isProblem(t, refused, 401, 'unauthenticated');
  t.match(refused.body.detail, 'or a JWT of the issuer that is trusted here');
  t.equal(refused.headers['www-authenticate'], 'Bearer realm="sallyport"');
  t.notMatch(JSON.stringify(logged), 'no JWT can be verified');
});

test('an issuer that cannot be reached at the start is a warning', async (t) => {
  const signer = await newSigner('k1');
  const served = await serveKeys(t, await keySet(signer));
  served.stop();
  const { client, logged } = await startWith(t, served.url, signer);
  isProblem(t, await client.get('/agents'), 503, 'storage-unavailable');
  const warnings = logged.filter(({ level }) => level === 40);
  t.match(warnings, [{ msg: /^no JWT can be verified yet: the keys at http:.*keys cannot be had: / }]);
});
