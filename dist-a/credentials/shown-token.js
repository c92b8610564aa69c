import { stateOf } from './token-entry.js';
/** A token as it is shown: without its hash. `now` in milliseconds since 1970, UTC. */
export function shown(entry, now) {
    const { name, role, created_at, expires_at, revoked_at = null } = entry;
    return { name, role, state: stateOf(entry, now), created_at, expires_at, revoked_at };
}
