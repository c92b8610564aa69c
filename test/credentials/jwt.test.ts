import { createHmac } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, exportJWK, exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { type Test, test } from 'tap';
import { JwtVerifier, type JwtVerifierOptions } from '../../src/credentials/jwt.ts';
import { AUDIENCE, ISSUER, keySet, NOW, newSigner, type Signer, serveKeys, sign } from './parts.ts';

const SECOND = Math.floor(NOW / 1000);

async function open(jwks: string, options: Partial<JwtVerifierOptions> = {}) {
  const errors: string[] = [];
  const verifier = await JwtVerifier.open({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks,
    roleClaim: 'roles',
    clock: () => NOW,
    reportError: (sentence) => errors.push(sentence),
    ...options,
  });
  const outcome = async (jwt: string) => {
    const found = await verifier.verify(jwt);
    return 'refused' in found ? found.refused : found.role;
  };
  return { verifier, errors, outcome };
}

async function openFile(t: Test, signer: Signer, options: Partial<JwtVerifierOptions> = {}) {
  const path = join(t.testdir({ keys: await keySet(signer) }), 'keys');
  return { path, ...(await open(path, options)) };
}

test('a JWT of the issuer says who it is, as what, and until when', async (t) => {
  const signer = await newSigner('k1');
  const { verifier } = await openFile(t, signer);
  const expiresAt = (SECOND + 60 + 5) * 1000;
  t.strictSame(await verifier.verify(await sign(signer)), {
    principal: 'jwt:https://idp.example/realms/team#ann',
    role: 'operator',
    expiresAt,
    source: 'jwt',
    credential: `jwt:${expiresAt}`,
  });
});

test('every algorithm with a key pair is taken', async (t) => {
  const algorithms = [
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
    'Ed25519',
  ];
  for (const alg of algorithms) {
    const signer = await newSigner('k1', alg);
    const { outcome } = await openFile(t, signer);
    t.equal(await outcome(await sign(signer)), 'operator', alg);
  }
});

test('none and shared secrets are refused, also one made of the public key', async (t) => {
  const signer = await newSigner('k1', 'RS256');
  const { outcome } = await openFile(t, signer);
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp: SECOND + 60, roles: 'admin' };
  t.equal(await outcome(new UnsecuredJWT(claims).encode()), 'jwt-algorithm');
  const pem = await exportSPKI(signer.keys.publicKey);
  const modulus = String((await exportJWK(signer.keys.publicKey)).n);
  for (const secret of [Buffer.from(pem), Buffer.from(modulus)]) {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const head = base64url.encode(JSON.stringify({ alg, kid: 'k1' }));
      const text = `${head}.${base64url.encode(JSON.stringify(claims))}`;
      const mac = createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url');
      t.equal(await outcome(`${text}.${mac}`), 'jwt-algorithm', alg);
    }
  }
});

test('a JWT that becomes wrong is refused with the reason', async (t) => {
  const signer = await newSigner('k1');
  const stranger = await newSigner('k1');
  const { outcome } = await openFile(t, signer);
  const good = await sign(signer);
  t.equal(await outcome(good), 'operator');
  t.equal(await outcome(await sign(stranger)), 'jwt-signature');
  t.equal(await outcome(await sign(await newSigner('k2'))), 'jwt-unknown-key');
  t.equal(await outcome(await sign(signer, { iss: `${ISSUER}/` })), 'jwt-issuer');
  t.equal(await outcome(await sign(signer, { iss: undefined })), 'jwt-issuer');
  t.equal(await outcome(await sign(signer, { aud: 'other' })), 'jwt-audience');
  t.equal(await outcome(await sign(signer, { aud: ['other', AUDIENCE] })), 'operator');
  t.equal(await outcome(await sign(signer, { aud: undefined })), 'jwt-audience');
  t.equal(await outcome(await sign(signer, { nbf: SECOND + 5 })), 'operator');
  t.equal(await outcome(await sign(signer, { nbf: SECOND + 6 })), 'jwt-not-yet-valid');
  t.equal(await outcome(await sign(signer, { exp: SECOND - 4 })), 'operator', 'clocks differ a little');
  t.equal(await outcome(await sign(signer, { exp: SECOND - 5 })), 'expired');
  t.equal(await outcome(await sign(signer, { exp: undefined })), 'jwt-claims');
  t.equal(await outcome(await sign(signer, { exp: 'tomorrow' })), 'jwt-claims');
  t.equal(await outcome(await sign(signer, { exp: 1e300 })), 'jwt-claims');
  for (const text of [`${good.slice(0, -4)}AAAA`, good.replace(/\.[^.]*\./, `.${base64url.encode('{}')}.`)]) {
    t.equal(await outcome(text), 'jwt-signature');
  }
  for (const text of ['a.b.c', `${good}.x`, good.replace('.', ''), '..', '']) {
    t.equal(await outcome(text), 'jwt-malformed', text);
  }
  const critical = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'k1', crit: ['b64'], b64: true });
  t.equal(await outcome(await critical.sign(signer.keys.privateKey)), 'jwt-issuer');
});

test('a subject is 1 to 255 characters that can be shown', async (t) => {
  const signer = await newSigner('k1');
  const { outcome } = await openFile(t, signer);
  for (const sub of ['a', 'x'.repeat(255), '😀'.repeat(255), 'auth0|5f7c', '<script>']) {
    t.equal(await outcome(await sign(signer, { sub })), 'operator', `${sub.length}`);
  }
  const wrong = ['', 'x'.repeat(256), 'a\nb', '\u001b[31m', 'a\u2028b', '\ud800', undefined, 7];
  for (const [index, sub] of wrong.entries()) {
    t.equal(await outcome(await sign(signer, { sub })), 'jwt-claims', `${index}`);
  }
});

test('the role is a word or the highest of several, in a claim or inside of one', async (t) => {
  const signer = await newSigner('k1');
  const { outcome } = await openFile(t, signer);
  const roles: [unknown, string][] = [
    ['viewer', 'viewer'],
    [['offline_access', 'viewer', 'operator', 'agent'], 'operator'],
    [['Admin', 7, null, ['admin']], 'jwt-role'],
    [[], 'jwt-role'],
    ['root', 'jwt-role'],
    ['viewer admin', 'jwt-role'],
    [undefined, 'jwt-role'],
    [null, 'jwt-role'],
    [{ admin: true }, 'jwt-role'],
  ];
  for (const [value, expected] of roles) {
    t.equal(await outcome(await sign(signer, { roles: value })), expected, JSON.stringify(value));
  }
  const keycloak = await openFile(t, signer, { roleClaim: 'realm_access.roles' });
  t.equal(await keycloak.outcome(await sign(signer, { realm_access: { roles: ['agent'] } })), 'agent');
  t.equal(await keycloak.outcome(await sign(signer, { realm_access: 'agent' })), 'jwt-role');
  t.equal(await keycloak.outcome(await sign(signer)), 'jwt-role');
  const claim = 'https://example.com/roles';
  const named = await openFile(t, signer, { roleClaim: claim });
  t.equal(await named.outcome(await sign(signer, { [claim]: 'admin' })), 'admin');
  const inherited = await openFile(t, signer, { roleClaim: 'constructor.name' });
  t.equal(await inherited.outcome(await sign(signer)), 'jwt-role');
});

test('keys in a file are read again when they change', async (t) => {
  const [first, second] = [await newSigner('k1'), await newSigner('k2')];
  const { path, verifier, errors, outcome } = await openFile(t, first);
  writeFileSync(path, await keySet(first, second));
  await verifier.check();
  t.equal(await outcome(await sign(second)), 'operator');
  writeFileSync(path, await keySet(second));
  await verifier.check();
  t.equal(await outcome(await sign(first)), 'jwt-unknown-key');
  writeFileSync(path, '{"keys":');
  await verifier.check();
  t.equal(await outcome(await sign(second)), 'operator', 'the last good ones count');
  t.match(errors, [/^the key file '.*' is damaged: it is no JSON Web Key Set/]);
  rmSync(path);
  await verifier.check();
  t.match(errors.at(-1), /^the key file '.*' is gone: no JWT can be verified until it is back$/);
  t.equal(await outcome(await sign(second)), 'unavailable');
  t.match(errors[2], /^no JWT can be verified: the key file '.*' does not exist$/);
  t.equal(await outcome(await sign(second)), 'unavailable');
  t.equal(errors.length, 3, 'which is not said for each JWT');
});

test('keys without ids are told apart as long as there is one of a kind', async (t) => {
  const [first, second] = [await newSigner('k1'), await newSigner('k2')];
  const { path, verifier, outcome } = await openFile(t, first);
  const withoutIds = JSON.parse(await keySet(first, second)).keys.map((key: object) => ({
    ...key,
    kid: undefined,
  }));
  const unnamed = new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp: SECOND + 60, roles: 'agent' })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(first.keys.privateKey);
  writeFileSync(path, JSON.stringify({ keys: withoutIds.slice(0, 1) }));
  await verifier.check();
  t.equal(await outcome(await unnamed), 'agent');
  writeFileSync(path, JSON.stringify({ keys: withoutIds }));
  await verifier.check();
  t.equal(await outcome(await unnamed), 'jwt-unknown-key');
});

test('a key file that is missing, or no key set, or has a private key, is said', async (t) => {
  const folder = t.testdir({ text: 'x', empty: '{}' });
  await t.rejects(open(join(folder, 'none')), { message: /^the key file '.*none' does not exist$/ });
  await t.rejects(open(join(folder, 'text')), { message: /^the key file '.*text' is damaged/ });
  await t.rejects(open(join(folder, 'empty')), { message: /^the key file '.*empty' is damaged/ });
  const signer = await newSigner('k1');
  const { kty, crv, x, y, d } = await exportJWK(signer.keys.privateKey);
  writeFileSync(
    join(folder, 'private'),
    JSON.stringify({ keys: [{ kty, crv, x, y, d, kid: 'k1', alg: 'ES256' }] }),
  );
  const { outcome, errors } = await open(join(folder, 'private'));
  t.equal(await outcome(await sign(signer)), 'unavailable');
  t.match(errors, [/a key in '.*private' cannot be used: /]);
  t.notMatch(errors[0], String(d));
});

test('keys at a URL are fetched when they are needed, once', async (t) => {
  const signer = await newSigner('k1');
  const served = await serveKeys(t, await keySet(signer));
  const { outcome, verifier } = await open(served.url);
  t.equal(served.requests, 0, 'the start does not need the issuer');
  const jwts = await Promise.all(
    Array.from({ length: 20 }, (_, index) => sign(signer, { sub: `u${index}` })),
  );
  t.strictSame(new Set(await Promise.all(jwts.map(outcome))), new Set(['operator']));
  await verifier.check();
  t.equal(served.requests, 1);
});

test('a key that the issuer has since made is fetched, and unknown ones do not make it be asked again and again', async (t) => {
  const [first, second] = [await newSigner('k1'), await newSigner('k2')];
  const served = await serveKeys(t, await keySet(first));
  const eager = await open(served.url, { cooldownMs: 0 });
  t.equal(await eager.outcome(await sign(first)), 'operator');
  const both = await keySet(first, second);
  served.answer = (_request, response) => response.end(both);
  t.equal(await eager.outcome(await sign(second)), 'operator');
  t.equal(served.requests, 2);
  const patient = await open(served.url);
  t.equal(await patient.outcome(await sign(first)), 'operator');
  const unknown = await sign(await newSigner('k3'));
  for (let time = 0; time < 10; time++) {
    t.equal(await patient.outcome(unknown), 'jwt-unknown-key');
  }
  t.equal(served.requests, 3);
});

test('an issuer that is down, wrong or slow makes its JWTs unavailable, not wrong', {
  timeout: 30_000,
}, async (t) => {
  const signer = await newSigner('k1');
  const jwt = await sign(signer);
  const text = await keySet(signer);
  const served = await serveKeys(t, text);
  const cases: [string, typeof served.answer, RegExp][] = [
    ['an error', (_request, response) => response.writeHead(500).end(), /Expected 200 OK/],
    [
      'a redirect',
      (_request, response) => response.writeHead(302, { Location: '/' }).end(),
      /Expected 200 OK/,
    ],
    ['no JSON', (_request, response) => response.end('<html>'), /Failed to parse/],
    ['no key set', (_request, response) => response.end('[]'), /malformed/],
    ['a cut', (_request, response) => response.destroy(), /fetch failed/],
    ['silence', () => {}, /timed out/],
  ];
  for (const [name, answer, expected] of cases) {
    served.answer = answer;
    const { outcome, errors } = await open(`${served.url}?secret=1`);
    const started = performance.now();
    t.equal(await outcome(jwt), 'unavailable', name);
    t.ok(performance.now() - started < 6000);
    t.match(errors, [expected]);
    t.notMatch(errors[0], 'secret');
  }
});

test('an issuer that failed is left alone for a moment, then asked again', async (t) => {
  const signer = await newSigner('k1');
  const served = await serveKeys(t, await keySet(signer));
  const { answer } = served;
  served.answer = (_request, response) => response.destroy();
  const { outcome } = await open(served.url);
  const jwt = await sign(signer);
  t.equal(await outcome(jwt), 'unavailable');
  served.answer = answer;
  t.equal(await outcome(jwt), 'unavailable');
  t.equal(served.requests, 1);
  // However often it is asked for meanwhile.
  const deadline = performance.now() + 10_000;
  while ((await outcome(jwt)) === 'unavailable' && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.equal(await outcome(jwt), 'operator');
  t.equal(served.requests, 2);
  served.stop();
  t.equal(await outcome(jwt), 'operator', 'keys that were fetched count for a while');
});
