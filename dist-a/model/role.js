import { Words } from './schema.js';
/** The roles, each of which may do more than the one before it. */
export const ROLES = ['viewer', 'agent', 'operator', 'admin'];
export const RoleWord = Words(ROLES, {
    description: '`viewer` reads, `agent` also asks, `operator` also decides, `admin` may do everything.',
});
