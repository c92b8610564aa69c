import { randomBytes } from 'node:crypto';
/** Hex digits of chance in an id. */
const CHANCE_DIGITS = 16;
const POOL_BYTES = 4096;
/** Chance is made for many ids at once, and the time is written once a millisecond. */
let pool = '';
let used = 0;
let lastTime = Number.NaN;
let timeDigits = '';
/**
 * `prefix` and 28 hex digits: 12 of the time in milliseconds, 16 of chance. Ids that are made together sort together,
 * which keeps the journal's indexes growing at one end.
 */
export function newId(prefix, now) {
    if (used === pool.length) {
        pool = randomBytes(POOL_BYTES).toString('hex');
        used = 0;
    }
    if (now !== lastTime) {
        lastTime = now;
        timeDigits = now.toString(16).padStart(12, '0');
    }
    used += CHANCE_DIGITS;
    return prefix + timeDigits + pool.slice(used - CHANCE_DIGITS, used);
}
