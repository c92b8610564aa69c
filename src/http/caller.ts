import type { Authenticated } from '../credentials/identity.ts';
import type { Role } from '../model/role.ts';

/** Who sends a request. */
export interface Caller {
  /** Null: no credential is needed here. */
  readonly principal: string | null;
  readonly role: Role;
  /** What proved it. Null: nothing did. */
  readonly authenticated: Authenticated | null;
}

/** Whoever reaches a service without credentials. Not an administrator: what another session made stays its own. */
export const ANYONE: Caller = { principal: null, role: 'operator', authenticated: null };
