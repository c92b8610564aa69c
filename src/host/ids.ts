import { randomFillSync } from 'node:crypto';

const POOL = Buffer.alloc(8 * 512);
let used = POOL.length;

/**
 * `prefix` and 28 hex digits: 12 of the time in milliseconds, 16 of chance. Ids that are made together sort together,
 * which keeps the journal's indexes growing at one end.
 */
export function newId(prefix: 'agent-' | 'approval-' | 'event-' | 'request-', now: number): string {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  const chance = POOL.toString('hex', used, used + 8);
  used += 8;
  return prefix + now.toString(16).padStart(12, '0') + chance;
}
