/** Whoever reaches a service without credentials. Not an administrator: what another session made stays its own. */
export const ANYONE = { principal: null, role: 'operator', authenticated: null };
