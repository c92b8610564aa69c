/** What a clock that nobody set right may be wrong by, in milliseconds, after a millisecond. */
const DRIFT = 0.001;
/**
 * The database's clock, by this machine's monotonic one: of what the database said last, the answer that took the
 * shortest way counts, until its age makes it worse than a newer one.
 */
export class DatabaseClock {
    #monotonic;
    #offset = 0;
    #errorMs = Number.POSITIVE_INFINITY;
    #heardAt = 0;
    constructor(monotonic = () => performance.now()) {
        this.#monotonic = monotonic;
    }
    /** By `monotonic`, when the last answer came. */
    get heardAt() {
        return this.#heardAt;
    }
    /** `now` is what the database said, in milliseconds since 1970; `askedAt` is by `monotonic`. */
    heard(now, askedAt) {
        const heardAt = this.#monotonic();
        const errorMs = (heardAt - askedAt) / 2;
        const errorSoFar = this.#errorMs + (heardAt - this.#heardAt) * DRIFT;
        this.#heardAt = heardAt;
        if (errorMs <= errorSoFar) {
            this.#offset = now - (askedAt + heardAt) / 2;
            this.#errorMs = errorMs;
        }
        else {
            this.#errorMs = errorSoFar;
        }
    }
    /** Milliseconds since 1970. */
    now() {
        return Math.round(this.#offset + this.#monotonic());
    }
}
