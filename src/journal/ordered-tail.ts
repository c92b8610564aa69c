import { type Entry, OutcomeUnknown, type TailReader } from '../host/journal.ts';
import { SharedRun } from './shared-run.ts';

/** The log after some number. */
export interface LogPage {
  /** In order, without gaps. */
  readonly entries: readonly Entry[];
  /** As of the same moment. */
  readonly head: number;
  readonly floor: number;
}

export interface OrderedTailOptions {
  /** The entries with a greater `seq`, or the first of them. */
  read(after: number): Promise<LogPage>;
  /** An append is answered after this, though what came before it cannot be read. */
  readonly withinMs: number;
  onFatal(error: Error): void;
}

interface Waiting {
  readonly upTo: number;
  readonly passed: PromiseWithResolvers<void>;
  readonly timer: NodeJS.Timeout;
}

/**
 * The tail of a log that others write too. Entries of this process are known when they commit, but they pass only when
 * everything before them has; what is missing is read.
 */
export class OrderedTail {
  readonly #options: OrderedTailOptions;
  #reader: TailReader | undefined;
  #passed = 0;
  #lastId: string | undefined;
  #floor = 0;
  /** Groups of this process that have not passed, each without gaps. */
  #own: (readonly Entry[])[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #reads = new SharedRun(() => this.#read());
  #isClosed = false;

  constructor(options: OrderedTailOptions) {
    this.#options = options;
  }

  /** `seq` of what has passed last, and its id if it is known. */
  get passed(): { readonly seq: number; readonly id: string | undefined } {
    return { seq: this.#passed, id: this.#lastId };
  }

  /** Nothing up to here will pass. */
  startAfter(seq: number, floor: number): void {
    this.#passed = seq;
    this.#floor = floor;
    this.#lastId = undefined;
  }

  follow(reader: TailReader): void {
    this.#reader = reader;
  }

  /** Passes `entries` on in their place. Resolves when everything up to `upTo` has passed; undefined: it has already. */
  pass(entries: readonly Entry[], upTo: number): Promise<void> | undefined {
    if (this.#reader === undefined) {
      this.#passed = Math.max(this.#passed, upTo);
      return undefined;
    }
    if (entries.length > 0) this.#own.push(entries);
    this.#deliver([]);
    if (upTo <= this.#passed) return undefined;
    // Whoever reads on in a while tries again.
    this.catchUp().catch(() => {});
    return this.#wait(upTo);
  }

  /** Reads what there is; what was written before this was called has passed when it resolves. */
  catchUp(): Promise<void> {
    return this.#reads.next();
  }

  /** Below what has not passed yet it is told of later, by what is read. */
  moveFloor(floor: number): void {
    if (floor <= this.#floor || floor > this.#passed) return;
    this.#floor = floor;
    this.#reader?.floor(floor);
  }

  close(): void {
    this.#isClosed = true;
    for (const waiting of this.#waiting) this.#giveUp(waiting);
  }

  async #read(): Promise<void> {
    // Not to the end that moves on: who waits for this wants what was there when they asked.
    let head: number | undefined;
    while (head === undefined || this.#passed < head) {
      const page = await this.#options.read(this.#passed);
      if (this.#isClosed || this.#reader === undefined) return;
      if (page.floor > this.#passed) {
        const error = new Error(
          `the log went on without this node, and what came after ${this.#passed} is no longer kept`,
        );
        this.#options.onFatal(error);
        throw error;
      }
      head ??= page.head;
      this.#deliverOrFail(page.entries);
      this.moveFloor(page.floor);
    }
  }

  #deliverOrFail(read: readonly Entry[]): void {
    try {
      this.#deliver(read);
    } catch (error) {
      // What the reader was told is lost.
      this.#options.onFatal(error as Error);
      throw error;
    }
  }

  #deliver(read: readonly Entry[]): void {
    const run: Entry[] = [];
    const add = (entries: readonly Entry[]) => {
      for (const entry of entries) if (entry.seq === this.#passed + run.length + 1) run.push(entry);
    };
    for (const group of this.#own) {
      // An own entry carries more than what was read of it.
      add(read.filter(({ seq }) => seq < (group[0] as Entry).seq));
      add(group);
    }
    add(read);
    if (run.length === 0) return;
    this.#passed += run.length;
    this.#lastId = run.at(-1)?.id;
    this.#own = this.#own.filter((group) => (group.at(-1) as Entry).seq > this.#passed);
    this.#reader?.entries(run);
    this.#wake();
  }

  #wait(upTo: number): Promise<void> {
    const passed = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#giveUp(waiting), this.#options.withinMs);
    const waiting: Waiting = { upTo, passed, timer };
    this.#waiting.add(waiting);
    return passed.promise;
  }

  #wake(): void {
    for (const waiting of this.#waiting) {
      if (waiting.upTo > this.#passed) continue;
      this.#waiting.delete(waiting);
      clearTimeout(waiting.timer);
      waiting.passed.resolve();
    }
  }

  #giveUp(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    clearTimeout(waiting.timer);
    waiting.passed.reject(
      new OutcomeUnknown('what came before in the log cannot be read at the moment; read again later'),
    );
  }
}
