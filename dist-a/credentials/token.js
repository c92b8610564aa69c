import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
const PREFIX = 'spt_';
const RANDOM_BYTES = 32;
const FORM = /^spt_([A-Za-z0-9_-]{43})([0-9A-Za-z]{6})$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/**
 * A new token: `spt_`, 32 random bytes in base64url (43 characters), and 6 characters of checksum, 53 in all. The
 * checksum is the CRC-32 of the 43 characters, in base62 (digits, upper case, lower case), the most significant digit
 * first, filled up with zeros. It keeps nobody out: it lets scanners recognise a leaked token, and typing errors be
 * told from tokens that do not exist.
 */
export function newToken() {
    const random = randomBytes(RANDOM_BYTES).toString('base64url');
    return PREFIX + random + checksum(random);
}
/** The token, or why it cannot be one: it has not the form of a token of ours, or it was not copied as it was made. */
export function readToken(text) {
    const [, random, given] = FORM.exec(text) ?? [];
    if (random === undefined) {
        return 'malformed';
    }
    return checksum(random) === given ? { token: text } : 'bad-checksum';
}
/**
 * What is kept of a secret: its SHA-256, in hexadecimal. No salt and no slow function, because a secret of 256 random
 * bits cannot be guessed from its hash, and every request computes one.
 */
export function hashSecret(secret) {
    return hash('sha256', secret, 'hex');
}
/** Compares two hashes in a time that does not depend on where they differ. */
export function sameHash(a, b) {
    return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
function checksum(text) {
    let rest = crc32(text);
    let digits = '';
    while (digits.length < 6) {
        digits = DIGITS[rest % 62] + digits;
        rest = Math.floor(rest / 62);
    }
    return digits;
}
