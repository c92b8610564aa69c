/** A batch rests for so many times as long as the one before it took to send. */
const REST_FACTOR = 2;
/** It does not rest at all after one that took less than this: that is not worth a timer. Milliseconds. */
const REST_AFTER_MS = 1;
/** It rests no longer than this, however long the one before it took. Milliseconds. */
const REST_MOST_MS = 20;
/** What is collected does not rest once it is this long. Characters. */
const LENGTH_MOST = 256 * 1024;
/**
 * Collects what happens, for one write per stream. What comes after a quiet moment is sent at the end of its turn of the
 * event loop. A write costs about the same whatever is in it, and many streams are many writes: so after a batch of several
 * events that took long to send the next one rests for twice as long. Streams then take about a third of the loop at most, requests
 * have the rest, and the more happens, the more goes out in one write.
 */
export class Batches {
    #send;
    #monotonic;
    #collected = [];
    /** Characters, about. */
    #length = 0;
    #restsUntil = 0;
    #atTurnsEnd;
    #afterRest;
    /** `monotonic`: milliseconds since some moment; never goes back. */
    constructor(send, monotonic) {
        this.#send = send;
        this.#monotonic = monotonic;
    }
    add(entries) {
        for (const entry of entries) {
            this.#collected.push(entry);
            this.#length += entry.head.length + entry.payload.length;
        }
        const restMs = this.#restsUntil - this.#monotonic();
        if (restMs <= 0 || this.#length >= LENGTH_MOST) {
            this.#atTurnsEnd ??= setImmediate(() => this.flush());
        }
        else {
            this.#afterRest ??= setTimeout(() => this.flush(), Math.ceil(restMs));
        }
    }
    /** Sends what is collected now, whether it should rest or not. */
    flush() {
        clearImmediate(this.#atTurnsEnd);
        clearTimeout(this.#afterRest);
        this.#atTurnsEnd = undefined;
        this.#afterRest = undefined;
        const entries = this.#collected;
        if (entries.length === 0) {
            return;
        }
        this.#collected = [];
        this.#length = 0;
        const began = this.#monotonic();
        this.#send(entries);
        const ended = this.#monotonic();
        const tookMs = ended - began;
        // One event alone is no sign that more are to come, and the next one would only come later.
        const isAlone = entries.length === 1;
        const restMs = isAlone || tookMs < REST_AFTER_MS ? 0 : Math.min(tookMs * REST_FACTOR, REST_MOST_MS);
        this.#restsUntil = ended + restMs;
    }
}
