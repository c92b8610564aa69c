import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import type { Test } from 'tap';
import { Authenticator, type AuthenticatorOptions } from '../../src/credentials/authenticator.ts';
import type { CredentialPaths } from '../../src/credentials/paths.ts';
import { hashSecret, newToken } from '../../src/credentials/token.ts';
import type { TokenEntry } from '../../src/credentials/token-entry.ts';
import type { Role } from '../../src/model/role.ts';

/** 2026-11-23T10:00:00.000Z. */
export const NOW = Date.UTC(2026, 10, 23, 10);
export const ISSUER = 'https://idp.example/realms/team';
export const AUDIENCE = 'sallyport';

/** A token and what is kept of it. */
export function made(name: string, role: Role, more: Partial<TokenEntry> = {}) {
  const token = newToken();
  const entry: TokenEntry = {
    name,
    role,
    sha256: hashSecret(token),
    created_at: '2026-01-01T00:00:00.000Z',
    expires_at: null,
    ...more,
  };
  return { token, entry };
}

export function pathsIn(folder: string): CredentialPaths {
  return {
    tokens: join(folder, 'tokens.json'),
    logins: join(folder, 'logins.json'),
    adminToken: join(folder, 'admin-token'),
  };
}

/** An authenticator over a new folder, or the paths given, with a clock that is turned by hand; it looks at files when it is told to. */
export async function openAuthenticator(t: Test, options: Partial<AuthenticatorOptions> = {}) {
  const paths = options.paths ?? pathsIn(t.testdir({}));
  const errors: string[] = [];
  const clock = { now: NOW };
  const authenticator = await Authenticator.open({
    paths,
    tokens: null,
    jwt: null,
    reportError: (sentence) => errors.push(sentence),
    clock: () => clock.now,
    checkEveryMs: 3_600_000,
    ...options,
  });
  t.teardown(() => authenticator.close());
  return { authenticator, paths, errors, clock };
}

export interface Signer {
  readonly keys: GenerateKeyPairResult;
  readonly kid: string;
  readonly alg: string;
}

export async function newSigner(kid: string, alg = 'ES256'): Promise<Signer> {
  return { keys: await generateKeyPair(alg, { extractable: true }), kid, alg };
}

/** `{"keys":[…]}` of the public halves. */
export async function keySet(...signers: readonly Signer[]): Promise<string> {
  const keys = await Promise.all(
    signers.map(async ({ keys: { publicKey }, kid, alg }) => ({ ...(await exportJWK(publicKey)), kid, alg })),
  );
  return JSON.stringify({ keys });
}

/** A JWT as the issuer makes it, for an operator, good for a minute; `claims` replace its own, undefined ones leave out. */
export function sign({ keys, kid, alg }: Signer, claims: Record<string, unknown> = {}): Promise<string> {
  const exp = Math.floor(NOW / 1000) + 60;
  return new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp, roles: 'operator', ...claims })
    .setProtectedHeader({ alg, kid })
    .sign(keys.privateKey);
}

/** A server of keys on loopback; `answer` may be replaced. */
export async function serveKeys(t: Test, text: string) {
  const served = {
    requests: 0,
    answer: (_request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('Content-Type', 'application/json').end(text);
    },
    url: '',
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer((request, response) => {
    served.requests++;
    served.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  t.teardown(served.stop);
  return served;
}
