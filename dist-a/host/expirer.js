import { ExpiryQueue } from './expiry-queue.js';
/** Longest sleep: a clock that jumps, or a machine that slept, is noticed within this. */
const SLEEP_MAX_MS = 1000;
/** After a failure. */
const RETRY_MS = 1000;
/** The queue is tidied when it has twice as many ids as were pending the last time, and at least so many. */
const TIDY_MIN = 1000;
/** Approvals that are expired at once. */
const BATCH = 1000;
/** Expires approvals when they are due, with one timer. */
export class Expirer {
    #options;
    #queue = new ExpiryQueue();
    #tidyAt = TIDY_MIN;
    #timer;
    #isBusy = false;
    #isStopped = false;
    constructor(options) {
        this.#options = options;
    }
    /** `at`: milliseconds since 1970. */
    add(id, at) {
        const isFirst = at < (this.#queue.next ?? Number.POSITIVE_INFINITY);
        this.#queue.add(id, at);
        if (this.#queue.size >= this.#tidyAt) {
            // What was decided long before it was due.
            this.#queue.keep(this.#options.isPending);
            this.#tidyAt = Math.max(TIDY_MIN, 2 * this.#queue.size);
        }
        if (isFirst) {
            this.#arm(0);
        }
    }
    /** Expires what is due. False: some could not be, and is tried again later. */
    async expireDue() {
        clearTimeout(this.#timer);
        this.#isBusy = true;
        const isDone = await this.#expireBatches();
        this.#isBusy = false;
        this.#arm(isDone ? 0 : RETRY_MS);
        return isDone;
    }
    stop() {
        this.#isStopped = true;
        clearTimeout(this.#timer);
    }
    async #expireBatches() {
        const { clock, isPending, expire } = this.#options;
        for (;;) {
            const now = clock();
            const taken = this.#queue.take(now, BATCH);
            if (taken.length === 0) {
                return true;
            }
            const ids = taken.filter(isPending);
            const expired = await Promise.all(ids.map(expire));
            const left = ids.filter((_, index) => !expired[index]);
            for (const id of left) {
                this.#queue.add(id, now);
            }
            if (left.length > 0) {
                return false;
            }
        }
    }
    #arm(sleepMinMs) {
        const { next } = this.#queue;
        clearTimeout(this.#timer);
        if (next === undefined || this.#isBusy || this.#isStopped) {
            return;
        }
        const sleepMs = Math.max(sleepMinMs, Math.min(next - this.#options.clock(), SLEEP_MAX_MS));
        this.#timer = setTimeout(() => void this.expireDue(), sleepMs);
    }
}
