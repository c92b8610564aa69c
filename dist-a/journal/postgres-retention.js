import { APPROVALS_EVERY_MS, approvalsCutoff, MAX_RETENTION_ROWS, nextFloor, } from './retention.js';
/** Forgets the past of a log that several nodes share: whoever sees first that a slice is due forgets it. */
export class SharedRetention {
    #options;
    #head = 0;
    #floor = 0;
    #approvalsAt = Number.NEGATIVE_INFINITY;
    #running;
    constructor(options) {
        this.#options = options;
    }
    /** How far the log is. Forgets what is due, in the background. */
    look(head, floor) {
        this.#head = Math.max(this.#head, head);
        this.#floor = Math.max(this.#floor, floor);
        if (this.#running !== undefined || !(this.#eventsAreDue || this.#approvalsAreDue))
            return;
        this.#running = this.#run()
            // What is due now is due later too.
            .catch(() => { })
            .finally(() => {
            this.#running = undefined;
        });
    }
    /** What runs has ended. */
    async idle() {
        await this.#running;
    }
    get #next() {
        return nextFloor(this.#head, this.#floor, this.#options.retainEvents);
    }
    get #eventsAreDue() {
        return this.#next > this.#floor;
    }
    get #approvalsAreDue() {
        return Math.abs(this.#options.now() - this.#approvalsAt) >= APPROVALS_EVERY_MS;
    }
    async #run() {
        while (this.#eventsAreDue || this.#approvalsAreDue) {
            const now = this.#options.now();
            const cutoff = this.#approvalsAreDue ? approvalsCutoff(now, this.#options.retainApprovalsDays) : null;
            const { floor, more } = await this.#options.retain([
                this.#floor,
                this.#next,
                cutoff,
                MAX_RETENTION_ROWS,
            ]);
            this.#floor = floor;
            if (cutoff !== null && !more)
                this.#approvalsAt = now;
            this.#options.moved(floor);
        }
    }
}
