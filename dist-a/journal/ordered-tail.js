import { OutcomeUnknown } from '../host/journal.js';
import { SharedRun } from './shared-run.js';
/**
 * The tail of a log that others write too. Entries of this process are known when they commit, but they pass only when
 * everything before them has; what is missing is read.
 */
export class OrderedTail {
    #options;
    #reader;
    #passed = 0;
    #lastId;
    #floor = 0;
    /** Groups of this process that have not passed, each without gaps. */
    #own = [];
    #waiting = new Set();
    #reads = new SharedRun(() => this.#read());
    #isClosed = false;
    constructor(options) {
        this.#options = options;
    }
    /** `seq` of what has passed last, and its id if it is known. */
    get passed() {
        return { seq: this.#passed, id: this.#lastId };
    }
    /** Nothing up to here will pass. */
    startAfter(seq, floor) {
        this.#passed = seq;
        this.#floor = floor;
        this.#lastId = undefined;
    }
    follow(reader) {
        this.#reader = reader;
    }
    /** Passes `entries` on in their place. Resolves when everything up to `upTo` has passed; undefined: it has already. */
    pass(entries, upTo) {
        if (this.#reader === undefined) {
            this.#passed = Math.max(this.#passed, upTo);
            return undefined;
        }
        if (entries.length > 0)
            this.#own.push(entries);
        this.#deliver([]);
        if (upTo <= this.#passed)
            return undefined;
        // Whoever reads on in a while tries again.
        this.catchUp().catch(() => { });
        return this.#wait(upTo);
    }
    /** Reads what there is; what was written before this was called has passed when it resolves. */
    catchUp() {
        return this.#reads.next();
    }
    /** Below what has not passed yet it is told of later, by what is read. */
    moveFloor(floor) {
        if (floor <= this.#floor || floor > this.#passed)
            return;
        this.#floor = floor;
        this.#reader?.floor(floor);
    }
    close() {
        this.#isClosed = true;
        for (const waiting of this.#waiting)
            this.#giveUp(waiting);
    }
    async #read() {
        // Not to the end that moves on: who waits for this wants what was there when they asked.
        let head;
        while (head === undefined || this.#passed < head) {
            const page = await this.#options.read(this.#passed);
            if (this.#isClosed || this.#reader === undefined)
                return;
            if (page.floor > this.#passed) {
                const error = new Error(`the log went on without this node, and what came after ${this.#passed} is no longer kept`);
                this.#options.onFatal(error);
                throw error;
            }
            head ??= page.head;
            this.#deliverOrFail(page.entries);
            this.moveFloor(page.floor);
        }
    }
    #deliverOrFail(read) {
        try {
            this.#deliver(read);
        }
        catch (error) {
            // What the reader was told is lost.
            this.#options.onFatal(error);
            throw error;
        }
    }
    #deliver(read) {
        const run = [];
        const add = (entries) => {
            for (const entry of entries)
                if (entry.seq === this.#passed + run.length + 1)
                    run.push(entry);
        };
        for (const group of this.#own) {
            // An own entry carries more than what was read of it.
            add(read.filter(({ seq }) => seq < group[0].seq));
            add(group);
        }
        add(read);
        if (run.length === 0)
            return;
        this.#passed += run.length;
        this.#lastId = run.at(-1)?.id;
        this.#own = this.#own.filter((group) => group.at(-1).seq > this.#passed);
        this.#reader?.entries(run);
        this.#wake();
    }
    #wait(upTo) {
        const passed = Promise.withResolvers();
        const timer = setTimeout(() => this.#giveUp(waiting), this.#options.withinMs);
        const waiting = { upTo, passed, timer };
        this.#waiting.add(waiting);
        return passed.promise;
    }
    #wake() {
        for (const waiting of this.#waiting) {
            if (waiting.upTo > this.#passed)
                continue;
            this.#waiting.delete(waiting);
            clearTimeout(waiting.timer);
            waiting.passed.resolve();
        }
    }
    #giveUp(waiting) {
        this.#waiting.delete(waiting);
        clearTimeout(waiting.timer);
        waiting.passed.reject(new OutcomeUnknown('what came before in the log cannot be read at the moment; read again later'));
    }
}
