import { Counter } from './counter.js';
import { requesterIn } from './held-approval.js';
/** The pending approvals, in the order of their creation, and how many there are of what counts against a limit. */
export class PendingApprovals {
    #byId = new Map();
    #byRequester = new Counter();
    #bytes = 0;
    get size() {
        return this.#byId.size;
    }
    /** Of their texts together, in UTF-8. */
    get bytes() {
        return this.#bytes;
    }
    /** How many there are of one requester, as `requesterIn` finds it. */
    requestedBy(requester) {
        return this.#byRequester.of(requester);
    }
    has(id) {
        return this.#byId.has(id);
    }
    get(id) {
        return this.#byId.get(id);
    }
    all() {
        return [...this.#byId.values()];
    }
    /** One that is there already has changed, not who asked for it. */
    set(held) {
        const before = this.#byId.get(held.id);
        this.#byId.set(held.id, held);
        this.#bytes += Buffer.byteLength(held.json);
        if (before === undefined) {
            this.#count(requesterIn(held.json));
        }
        else {
            this.#bytes -= Buffer.byteLength(before.json);
        }
    }
    delete(id) {
        const held = this.#byId.get(id);
        if (held !== undefined) {
            this.#byId.delete(id);
            this.#bytes -= Buffer.byteLength(held.json);
            this.#byRequester.remove(requesterIn(held.json));
        }
    }
    #count(requester) {
        const isNew = this.#byRequester.of(requester) === 0;
        // A part of a text keeps the whole of it in memory: a name that may stay for long becomes a text of its own.
        this.#byRequester.add(isNew ? Buffer.from(requester).toString() : requester);
    }
}
