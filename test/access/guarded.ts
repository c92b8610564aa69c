import { join } from 'node:path';
import type { Test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import type { Role } from '../../src/model/role.ts';
import type { Client } from '../client.ts';
import { type Clocks, type Overrides, type Started, start } from '../service.ts';

export const ROLES = ['viewer', 'agent', 'operator', 'admin'] as const satisfies readonly Role[];

export interface Guarded extends Started {
  /** The file that the service reads its tokens from. */
  readonly file: TokenFile;
  /** One for each role; its name is the role's. */
  readonly tokens: Readonly<Record<Role, string>>;
  as(role: Role): Client;
  /** A new token, which the service knows. */
  create(name: string, role: Role): Promise<string>;
}

/** A service in memory that needs credentials, with a token for each role; `client` is the administrator. */
export async function startGuarded(t: Test, overrides: Overrides = {}, clocks?: Clocks): Promise<Guarded> {
  const tokensFile = join(t.testdir({}), 'tokens.json');
  const file = new TokenFile(tokensFile);
  const create = async (name: string, role: Role) =>
    (await file.create({ name, role, expiresAt: null })).token;
  const made: [Role, string][] = [];
  for (const role of ROLES) {
    made.push([role, await create(role, role)]);
  }
  const tokens = Object.fromEntries(made) as Record<Role, string>;
  const settings = { store: 'memory:', tokensFile, credential: tokens.admin, ...overrides };
  const service = await start(t, settings, clocks);
  return {
    ...service,
    file,
    tokens,
    as: (role) => service.client.as(tokens[role]),
    create: async (name, role) => {
      const token = await create(name, role);
      await service.credentials.check();
      return token;
    },
  };
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}
