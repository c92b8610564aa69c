import { ProblemError } from './problems.js';
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** How often somebody may ask. Counted on each node by itself, with `@fastify/rate-limit`. */
export class RequestRates {
    #perAddress;
    #perPrincipal;
    #refused;
    #limits;
    /** `principalOf`: whose request it is, once that is known. The plugin has to be registered, with `global: false`. */
    constructor(app, limits, principalOf) {
        // By itself the plugin counts by address: the 2^64 of an IPv6 network, all of which one machine can have, as one, and
        // an IPv4 address that is written as IPv6 as what it is.
        const limiter = (max, timeWindow, by = {}) => app.createRateLimit({ max, timeWindow, ...by });
        this.#limits = limits;
        this.#perAddress = limiter(limits.maxRequestsPerAddress, SECOND_MS);
        this.#perPrincipal = limiter(limits.maxRequestsPerPrincipal, SECOND_MS, { keyGenerator: principalOf });
        this.#refused = limiter(limits.maxRefusedPerAddress, MINUTE_MS);
    }
    /** Throws a 429 when there were too many from this address. */
    async ofAddress(request) {
        requireAddress(request);
        const { maxRequestsPerAddress: max } = this.#limits;
        await count(this.#perAddress, request, `${max} requests a second may come from one address`);
    }
    /** Throws a 429 when there were too many of this principal. */
    async ofPrincipal(request) {
        const { maxRequestsPerPrincipal: max } = this.#limits;
        await count(this.#perPrincipal, request, `${max} requests a second may come from one principal`);
    }
    /** Counts a credential that was wrong; throws a 429 when there were too many from this address. */
    async ofRefused(request) {
        requireAddress(request);
        const { maxRefusedPerAddress: max } = this.#limits;
        await count(this.#refused, request, `${max} wrong credentials a minute may come from one address`);
    }
}
/** A connection that was cut before its request was looked at has no address any more, and nobody waits for an answer. */
function requireAddress({ ip }) {
    if (ip === undefined) {
        throw new ProblemError('request-timeout', 'the connection was closed before the request was looked at');
    }
}
async function count(limiter, request, limit) {
    const counted = await limiter(request);
    if (!counted.isAllowed && counted.isExceeded) {
        throw new ProblemError('too-many-requests', `${limit}; wait for ${counted.ttlInSeconds} s`, {
            retryAfterS: counted.ttlInSeconds,
        });
    }
}
