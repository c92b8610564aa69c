/** Those who wait until the state includes an event. */
export class AwaitedSeqs {
    #awaited = new Set();
    /** True when `seq` is reached, false when that has taken longer than `withinMs` or never will be. */
    wait(seq, withinMs) {
        return new Promise((resolve) => {
            const awaited = { seq, resolve, timer: undefined };
            this.#awaited.add(awaited);
            if (withinMs !== undefined) {
                awaited.timer = setTimeout(() => this.#end(awaited, false), withinMs);
            }
        });
    }
    /** The state is at `seq`. */
    wake(seq) {
        for (const awaited of this.#awaited) {
            if (awaited.seq <= seq) {
                this.#end(awaited, true);
            }
        }
    }
    /** Nothing more is coming. */
    giveUp() {
        for (const awaited of this.#awaited) {
            this.#end(awaited, false);
        }
    }
    #end(awaited, isReached) {
        this.#awaited.delete(awaited);
        clearTimeout(awaited.timer);
        awaited.resolve(isReached);
    }
}
