import { ROLES } from '../model/role.js';
const EVERYONE = ROLES;
const PARTICIPANTS = ['agent', 'operator', 'admin'];
const DECIDERS = ['operator', 'admin'];
const ADMINISTRATORS = ['admin'];
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
};
export function allows(role, permission) {
    return PERMISSIONS[permission].includes(role);
}
export function isRole(word) {
    return ROLES.includes(word);
}
/** The one that may do most; undefined if none of the words is a role of ours. */
export function highestRole(words) {
    return ROLES.findLast((role) => words.includes(role));
}
