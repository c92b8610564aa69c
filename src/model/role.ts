import { Words } from './schema.ts';

/** The roles, each of which may do more than the one before it. */
export const ROLES = ['viewer', 'agent', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const RoleWord = Words(ROLES, {
  description: '`viewer` reads, `agent` also asks, `operator` also decides, `admin` may do everything.',
});
