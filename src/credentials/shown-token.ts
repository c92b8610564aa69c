import type { Token } from '../model/token.ts';
import { stateOf, type TokenEntry } from './token-entry.ts';

/** A token as it is shown: without its hash. `now` in milliseconds since 1970, UTC. */
export function shown(entry: TokenEntry, now: number): Token {
  const { name, role, created_at, expires_at, revoked_at = null } = entry;
  return { name, role, state: stateOf(entry, now), created_at, expires_at, revoked_at };
}
