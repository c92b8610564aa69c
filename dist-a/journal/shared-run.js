/**
 * Something that runs once at a time. All who ask for it while it runs share the next run, which begins after they have
 * asked: however many they are, it never runs more often than it can, and nobody waits for more than two runs.
 */
export class SharedRun {
    #run;
    #running;
    #next;
    constructor(run) {
        this.#run = run;
    }
    /** What a run that begins now, or later, comes to. */
    next() {
        if (this.#running === undefined && this.#next === undefined)
            return this.#begin();
        this.#next ??= this.#running.then(() => this.#begin(), () => this.#begin());
        return this.#next;
    }
    #begin() {
        this.#next = undefined;
        this.#running = this.#run().finally(() => {
            this.#running = undefined;
        });
        return this.#running;
    }
}
