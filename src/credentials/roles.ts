import { ROLES, type Role } from '../model/role.ts';

export type Permission = keyof typeof PERMISSIONS;

const EVERYONE: readonly Role[] = ROLES;
const PARTICIPANTS: readonly Role[] = ['agent', 'operator', 'admin'];
const DECIDERS: readonly Role[] = ['operator', 'admin'];
const ADMINISTRATORS: readonly Role[] = ['admin'];

/** Who may do what: the one table. An agent never decides, whatever it may ask. */
export const PERMISSIONS = {
  /** Everything that changes nothing: also streams, and waiting for an approval that exists. */
  read: EVERYONE,
  /** Registers agents, and changes and unregisters its own. */
  'agents.write': PARTICIPANTS,
  'approvals.create-system-level': PARTICIPANTS,
  'approvals.create-owned': DECIDERS,
  /** Creates an approval and waits for it. */
  'approvals.wait': PARTICIPANTS,
  'approvals.cancel-own': PARTICIPANTS,
  'events.notify': PARTICIPANTS,
  'approvals.resolve': DECIDERS,
  'agents.unregister-any': ADMINISTRATORS,
  'approvals.cancel-any': ADMINISTRATORS,
  /** Makes, sees and ends tokens. */
  tokens: ADMINISTRATORS,
} as const satisfies Record<string, readonly Role[]>;

export function allows(role: Role, permission: Permission): boolean {
  return PERMISSIONS[permission].includes(role);
}

export function isRole(word: unknown): word is Role {
  return (ROLES as readonly unknown[]).includes(word);
}

/** The one that may do most; undefined if none of the words is a role of ours. */
export function highestRole(words: readonly unknown[]): Role | undefined {
  return ROLES.findLast((role) => words.includes(role));
}
