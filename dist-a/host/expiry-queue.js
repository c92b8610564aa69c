/**
 * When which approval expires: a binary heap, the earliest on top. Ids that are no longer pending stay until then.
 * Times and ids are in lists of their own, so that an entry is no object and a hundred thousand cost little.
 */
export class ExpiryQueue {
    #times = [];
    #ids = [];
    /** When the earliest is due: milliseconds since 1970. Undefined: nothing is. */
    get next() {
        return this.#times[0];
    }
    get size() {
        return this.#ids.length;
    }
    /** Forgets the ids that `isWanted` is false for. */
    keep(isWanted) {
        const times = this.#times.splice(0);
        for (const [index, id] of this.#ids.splice(0).entries()) {
            if (isWanted(id)) {
                this.add(id, times[index]);
            }
        }
    }
    add(id, at) {
        let index = this.size;
        while (index > 0) {
            const parent = (index - 1) >> 1;
            if (this.#at(parent) <= at) {
                break;
            }
            this.#move(parent, index);
            index = parent;
        }
        this.#put(index, id, at);
    }
    /** Takes out the ids that are due at `now`, at most `limit`, earliest first. */
    take(now, limit) {
        const ids = [];
        while (ids.length < limit && (this.next ?? Number.POSITIVE_INFINITY) <= now) {
            ids.push(this.#takeFirst());
        }
        return ids;
    }
    #takeFirst() {
        const first = this.#ids[0];
        const id = this.#ids.pop();
        const at = this.#times.pop();
        if (this.size > 0) {
            this.#sink(id, at);
        }
        return first;
    }
    #sink(id, at) {
        let index = 0;
        for (;;) {
            const left = 2 * index + 1;
            const right = left + 1;
            const smaller = right < this.size && this.#at(right) < this.#at(left) ? right : left;
            if (smaller >= this.size || this.#at(smaller) >= at) {
                break;
            }
            this.#move(smaller, index);
            index = smaller;
        }
        this.#put(index, id, at);
    }
    #at(index) {
        return this.#times[index];
    }
    #move(from, to) {
        this.#put(to, this.#ids[from], this.#at(from));
    }
    #put(index, id, at) {
        this.#ids[index] = id;
        this.#times[index] = at;
    }
}
