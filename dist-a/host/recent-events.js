import { eventTest } from './event-filter.js';
/**
 * The newest events, within a number of bytes, so that a herd of clients that resume does not touch the disk.
 * `seq` has no gaps, so an event's place follows from its number.
 */
export class RecentEvents {
    #maxBytes;
    /** From `#gone` on; what is before is undefined, and cut off now and then. */
    #events = [];
    #gone = 0;
    #bytes = 0;
    constructor(maxBytes) {
        this.#maxBytes = maxBytes;
    }
    push(event) {
        this.#events.push(event);
        this.#bytes += sizeOf(event);
        while (this.#bytes > this.#maxBytes) {
            this.#bytes -= sizeOf(this.#events[this.#gone]);
            this.#events[this.#gone] = undefined;
            this.#gone += 1;
        }
        if (this.#gone > 1024 && this.#gone > this.#events.length / 2) {
            this.#events = this.#events.slice(this.#gone);
            this.#gone = 0;
        }
    }
    /** The events asked for, or undefined if some of them may be older than what is here. */
    read(query) {
        const oldest = this.#events[this.#gone]?.seq;
        if (oldest === undefined) {
            return undefined;
        }
        const passes = eventTest(query);
        const found = [];
        const first = Math.max(oldest, query.after + 1) - oldest + this.#gone;
        const end = Math.min(this.#events.length, (query.before ?? Number.POSITIVE_INFINITY) - oldest + this.#gone);
        const complete = query.after + 1 >= oldest;
        if (query.order === 'asc') {
            for (let index = first; complete && index < end && found.length < query.limit; index++) {
                collect(index, this.#events);
            }
            return complete ? found : undefined;
        }
        for (let index = end - 1; index >= first && found.length < query.limit; index--) {
            collect(index, this.#events);
        }
        return complete || found.length === query.limit ? found : undefined;
        function collect(index, events) {
            const event = events[index];
            if (passes === undefined || passes(event)) {
                found.push(event);
            }
        }
    }
}
/** Its size on the wire, roughly: the text of its members, in bytes of UTF-8. */
function sizeOf(event) {
    return Buffer.byteLength(event.head) + Buffer.byteLength(event.payload);
}
