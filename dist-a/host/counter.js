/** How many there are by name. A name whose count is back at zero is forgotten. */
export class Counter {
    #counts = new Map();
    of(name) {
        return this.#counts.get(name) ?? 0;
    }
    add(name) {
        this.#counts.set(name, this.of(name) + 1);
    }
    remove(name) {
        const left = this.of(name) - 1;
        if (left > 0) {
            this.#counts.set(name, left);
        }
        else {
            this.#counts.delete(name);
        }
    }
}
