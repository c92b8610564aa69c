import { Expirer } from './expirer.js';
/** A node that did not take an approval in expires it this much later, at most and at least. */
const LATER_MAX_MS = 800;
const LATER_MIN_MS = 200;
/**
 * Expires what is due. Where nodes share a log, the one that took an approval in does it; the others come a little later,
 * each at another moment, for if that one is gone.
 */
export class Expiries {
    #options;
    #expirer;
    /** Approvals that are being created here. */
    #own = new Set();
    constructor(options) {
        const { clock, isPending, expire, reportError } = options;
        this.#options = options;
        this.#expirer = new Expirer({
            clock,
            isPending,
            expire: async (id) => {
                await expire(id).catch((error) => reportError(`approval '${id}' could not be expired and is tried again: ${error.message}`));
                return !isPending(id);
            },
        });
    }
    /** While `creating` is under way its approval is known to be of this node. */
    async own({ id }, creating) {
        this.#own.add(id);
        try {
            return await creating;
        }
        finally {
            this.#own.delete(id);
        }
    }
    /** The approval is pending until `expiresAt`: milliseconds since 1970, or null for ever. */
    watch(id, expiresAt) {
        if (expiresAt !== null) {
            this.#expirer.add(id, expiresAt + this.#laterMs(id, expiresAt));
        }
    }
    /** Expires what is due. False: some could not be, and is tried again later. */
    expireDue() {
        return this.#expirer.expireDue();
    }
    stop() {
        this.#expirer.stop();
    }
    #laterMs(id, expiresAt) {
        const { isShared, clock } = this.#options;
        // What is overdue when a node starts is expired before it is ready.
        return !isShared || this.#own.has(id) || expiresAt <= clock()
            ? 0
            : LATER_MIN_MS + Math.random() * (LATER_MAX_MS - LATER_MIN_MS);
    }
}
