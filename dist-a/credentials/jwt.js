import { errors, jwtVerify } from 'jose';
import { refuse } from './identity.js';
import { openKeys } from './keys.js';
import { highestRole } from './roles.js';
/**
 * Only signatures by a key pair (RFC 8725, section 3.1): with `none` or a shared secret, whoever knows the public key
 * could make a JWT.
 */
const ALGORITHMS = [
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
    ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Clocks of two machines are this far apart at most. */
const CLOCK_TOLERANCE_S = 5;
/** Later than any `Date`. */
const EXP_MAX_S = 8_640_000_000_000;
const REPORT_AGAIN_AFTER_MS = 60_000;
/** Without control characters and halves of characters, as it goes into events and logs. */
const SUBJECT = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,255}$/u;
/** Verifies JWTs (RFC 7519) of one issuer, by keys that it may replace at any time. */
export class JwtVerifier {
    #keys;
    #options;
    #reportedAt = Number.NEGATIVE_INFINITY;
    constructor(keys, options) {
        this.#keys = keys;
        this.#options = options;
    }
    /** Throws a sentence if the keys are in a file that cannot be read. A URL is not asked yet: it may be down. */
    static async open(options) {
        return new JwtVerifier(await openKeys(options.jwks, options), options);
    }
    /** Takes 5 s at most, when the issuer has to be asked for its keys. */
    async verify(jwt) {
        const { issuer, audience, clock } = this.#options;
        try {
            const { payload } = await jwtVerify(jwt, this.#keys.get, {
                issuer,
                audience,
                algorithms: ALGORITHMS,
                requiredClaims: ['exp', 'sub'],
                clockTolerance: CLOCK_TOLERANCE_S,
                currentDate: new Date(clock()),
            });
            return this.#identify(payload);
        }
        catch (error) {
            const reason = reasonOf(error);
            if (reason === 'unavailable')
                this.#report(error);
            return refuse(reason);
        }
    }
    /** Has the keys ready. Throws a sentence if they cannot be had; takes 5 s at most. */
    askIssuer() {
        return this.#keys.fetch();
    }
    /** Reads the keys again if they are in a file that has changed. */
    check() {
        return this.#keys.check();
    }
    #identify(payload) {
        const { exp, sub } = payload;
        if (typeof sub !== 'string' || !SUBJECT.test(sub) || exp === undefined || exp > EXP_MAX_S) {
            return refuse('jwt-claims');
        }
        const role = roleOf(payload, this.#options.roleClaim);
        if (role === undefined) {
            return refuse('jwt-role');
        }
        const expiresAt = (exp + CLOCK_TOLERANCE_S) * 1000;
        const principal = `jwt:${this.#options.issuer}#${sub}`;
        // Nothing but its end makes a JWT invalid, so those that end together are as good as one.
        return { principal, role, expiresAt, source: 'jwt', credential: `jwt:${expiresAt}` };
    }
    /** Anybody can send JWTs, so it is not said for each. */
    #report(error) {
        const now = performance.now();
        if (now - this.#reportedAt >= REPORT_AGAIN_AFTER_MS) {
            this.#reportedAt = now;
            this.#options.reportError(`no JWT can be verified: ${error.message}`);
        }
    }
}
/** A claim of exactly this name goes first: there are names with dots, `https://example.com/roles`. */
function roleOf(payload, claim) {
    const found = memberOf(payload, claim) ?? claim.split('.').reduce(memberOf, payload);
    return highestRole(Array.isArray(found) ? found : [found]);
}
function memberOf(value, name) {
    const isObject = typeof value === 'object' && value !== null;
    return isObject && Object.hasOwn(value, name) ? value[name] : undefined;
}
const REASONS = {
    [errors.JWTExpired.code]: 'expired',
    [errors.JOSEAlgNotAllowed.code]: 'jwt-algorithm',
    [errors.JWSSignatureVerificationFailed.code]: 'jwt-signature',
    [errors.JWKSNoMatchingKey.code]: 'jwt-unknown-key',
    [errors.JWKSMultipleMatchingKeys.code]: 'jwt-unknown-key',
};
const CLAIM_REASONS = {
    iss: 'jwt-issuer',
    aud: 'jwt-audience',
    nbf: 'jwt-not-yet-valid',
};
/** What is not said of the JWT is said of the keys, or not foreseen; both are reported. */
function reasonOf(error) {
    if (error instanceof errors.JWTClaimValidationFailed) {
        return CLAIM_REASONS[error.claim] ?? 'jwt-claims';
    }
    return error instanceof errors.JOSEError ? (REASONS[error.code] ?? 'jwt-malformed') : 'unavailable';
}
