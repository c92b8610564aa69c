import { newToken } from '../../src/credentials/token.ts';
import type { TokenFile } from '../../src/credentials/token-file.ts';
import { ROLES, type Role } from '../../src/model/role.ts';

type Headers = Readonly<Record<string, string>>;

/** Somebody who sends requests, with what proves it. */
export interface FuzzCaller {
  /** What the credential is, for the report. */
  readonly name: string;
  /** Null: it is good for nothing. */
  readonly role: Role | null;
  readonly principal: string | null;
  readonly headers: Headers;
}

/** Who sends requests to a service without credentials. */
export const NOBODY: FuzzCaller = { name: 'nobody', role: null, principal: null, headers: {} };

export interface FuzzCallers {
  readonly all: readonly FuzzCaller[];
  /** An administrator's credential, which also looks on. */
  readonly headers: Headers;
}

/** One for each role, with a token that is put into the file, and those who have no credential or a wrong one. */
export async function makeCallers(file: TokenFile): Promise<FuzzCallers> {
  const good: FuzzCaller[] = [];
  for (const role of ROLES) {
    // A name that no request is going to guess: nobody revokes it.
    const name = `fuzz-only-${role}`;
    const { token } = await file.create({ name, role, expiresAt: null });
    good.push({ name: role, role, principal: `token:${name}`, headers: bearer(token) });
  }
  const { token: revoked } = await file.create({ name: 'fuzz-revoked', role: 'admin', expiresAt: null });
  await file.revoke('fuzz-revoked');
  const unsigned = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4iLCJyb2xlcyI6ImFkbWluIn0.';
  const wrong: Record<string, Headers> = {
    'revoked token': bearer(revoked),
    'unknown token': bearer(newToken()),
    'unsigned JWT': bearer(unsigned),
    'another scheme': { Authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` },
    'made-up cookie': { Cookie: `sallyport=${'A'.repeat(43)}` },
  };
  const refused = Object.entries(wrong).map(([name, headers]) => ({ ...NOBODY, name, headers }));
  const administrator = good.at(-1) as FuzzCaller;
  return { all: [...good, NOBODY, ...refused], headers: administrator.headers };
}

function bearer(token: string): Headers {
  return { Authorization: `Bearer ${token}` };
}
