/** The registered agents, by id, and in the order of their names. */
export class AgentsByName {
    #byId = new Map();
    #ordered = [];
    get size() {
        return this.#byId.size;
    }
    has(id) {
        return this.#byId.has(id);
    }
    get(id) {
        return this.#byId.get(id);
    }
    /** Starts with these, which is faster than one by one. */
    load(agents) {
        for (const held of agents) {
            this.#byId.set(held.agent.id, held);
        }
        this.#ordered = agents.sort((a, b) => compare(a.agent, b.agent));
    }
    set(held) {
        const before = this.#byId.get(held.agent.id);
        this.#byId.set(held.agent.id, held);
        if (before?.agent.name === held.agent.name) {
            this.#ordered[this.#placeOf(held.agent)] = held;
            return;
        }
        if (before !== undefined) {
            this.#ordered.splice(this.#placeOf(before.agent), 1);
        }
        this.#ordered.splice(this.#placeOf(held.agent), 0, held);
    }
    delete(id) {
        const held = this.#byId.get(id);
        if (held !== undefined) {
            this.#byId.delete(id);
            this.#ordered.splice(this.#placeOf(held.agent), 1);
        }
    }
    /** All of them now, by name, then id. */
    all() {
        return this.#ordered.slice();
    }
    /** By name, then id, from the first one after `position` (null: from the start). */
    *from(position) {
        let place = position === null ? 0 : this.#placeOf(position);
        const first = this.#ordered[place];
        if (position !== null && first?.agent.id === position.id && first.agent.name === position.name) {
            place += 1;
        }
        for (; place < this.#ordered.length; place++) {
            yield this.#ordered[place];
        }
    }
    /** The index of the first agent that is not before `position`. */
    #placeOf(position) {
        let low = 0;
        let high = this.#ordered.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (compare(this.#ordered[middle].agent, position) < 0) {
                low = middle + 1;
            }
            else {
                high = middle;
            }
        }
        return low;
    }
}
function compare(a, b) {
    return compareCodePoints(a.name, b.name) || compareCodePoints(a.id, b.id);
}
/** Orders by code point. JavaScript's `<` orders by UTF-16 unit, which puts U+1F600 before U+FB01. */
export function compareCodePoints(a, b) {
    const length = Math.min(a.length, b.length);
    for (let index = 0; index < length; index++) {
        const x = a.charCodeAt(index);
        const y = b.charCodeAt(index);
        if (x !== y) {
            return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
        }
    }
    return a.length - b.length;
}
/** Half of a code point above U+FFFF. */
function isSurrogate(unit) {
    return unit >= 0xd800 && unit <= 0xdfff;
}
