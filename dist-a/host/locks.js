/**
 * One command at a time for each name. No decision may rest on a change that is not durable yet, so a second command
 * on an entity waits until the first has been answered.
 */
export class Locks {
    #waiting = new Map();
    /** Undefined when the name is free, which is the usual case and costs no turn; else a promise of its turn. */
    take(name) {
        const queue = this.#waiting.get(name);
        if (queue === undefined) {
            this.#waiting.set(name, []);
            return undefined;
        }
        return new Promise((resolve) => queue.push(resolve));
    }
    release(name) {
        const next = this.#waiting.get(name)?.shift();
        if (next === undefined) {
            this.#waiting.delete(name);
        }
        else {
            next();
        }
    }
}
