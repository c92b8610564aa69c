import {
  type Appended,
  type Change,
  type Conflict,
  type Entry,
  OutcomeUnknown,
  StorageUnavailable,
  type TailReader,
} from '../host/journal.ts';
import type { JournalOptions } from './options.ts';

/** Changes that one transaction takes at most. */
export const MAX_GROUP = 1000;
/** A group ends with the change that brings its texts to this many characters. */
export const MAX_GROUP_LENGTH = 16 * 1024 * 1024;
/** So many changes go to the log at once, without waiting for the end of the turn, unless the engine says otherwise. */
export const FULL_GROUP = 32;
/** Groups that are on their way to the log: while one is written, the next is there already. */
export const MAX_GROUPS_IN_FLIGHT = 2;
/** So many characters of text wait for a transaction at most. */
export const MAX_QUEUED_LENGTH = 256 * 1024 * 1024;
/** Changes that wait for a transaction at most. */
export const MAX_QUEUED = 50_000;
const PROBE_EVERY_MS = 1000;

/** What writes groups, each in one transaction. */
export interface Engine {
  /** Changes that are worth a transaction before the turn has ended. */
  readonly fullGroup?: number;
  /** Called again before it has answered: groups are written, and answered, in the order of the calls. Rejects with `StorageUnavailable` if nothing was written, with `OutcomeUnknown` if nobody can say yet; any other error is fatal. */
  commit(changes: readonly Change[]): Promise<CommitResult>;
  /** Resolves if a commit would work, rejects as a commit does. Absent where commits always work. */
  probe?(): Promise<void>;
  /**
   * Passes a group's entries to the tail behind everything that is before them in the log. Resolves when all up to `upTo`
   * has passed; undefined: it has already. Rejects with `OutcomeUnknown` if that takes too long. Absent where nobody else
   * writes the log.
   */
  pass?(entries: readonly Entry[], upTo: number): Promise<void> | undefined;
}

export interface CommitResult {
  /** `seq` of the first change that was written; the others follow it without gaps. */
  readonly first: number;
  /** The changes that were not written, by their place in the group. */
  readonly conflicts: ReadonlyMap<number, Conflict>;
}

interface Waiting {
  readonly change: Change;
  resolve(appended: Appended): void;
  reject(error: Error): void;
}

/**
 * Appends in groups: the changes of one turn of the event loop, and those that arrive while a transaction runs, share
 * the next one and its fsync. What is durable goes to the tail first, then to those who asked for it.
 */
export class GroupCommit {
  commits = 0;
  changes = 0;
  readonly #engine: Engine;
  readonly #options: Pick<JournalOptions, 'onFatal' | 'onCommit' | 'probeEveryMs'>;
  #tail: TailReader | undefined;
  #waiting: Waiting[] = [];
  #waitingLength = 0;
  #inFlight = 0;
  /** Groups that are in the log and have not passed the tail. */
  #passing = 0;
  #scheduled: NodeJS.Immediate | undefined;
  #closed = false;
  #fatal = false;
  #problem: string | null = null;
  #probeTimer: NodeJS.Timeout | undefined;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(engine: Engine, options: Pick<JournalOptions, 'onFatal' | 'onCommit' | 'probeEveryMs'>) {
    this.#engine = engine;
    this.#options = options;
  }

  tail(reader: TailReader): void {
    this.#tail = reader;
  }

  append(change: Change): Promise<Appended> {
    if (this.#closed) return Promise.reject(new StorageUnavailable('the log is closed'));
    if (this.#waiting.length >= MAX_QUEUED) {
      return Promise.reject(new StorageUnavailable(`${MAX_QUEUED} changes wait for the log already`));
    }
    const length = lengthOf(change);
    if (this.#waitingLength + length > MAX_QUEUED_LENGTH) {
      return Promise.reject(new StorageUnavailable('too much waits for the log already'));
    }
    this.#waitingLength += length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (this.#waiting.length < (this.#engine.fullGroup ?? FULL_GROUP)) this.#schedule();
      else this.#start();
    });
  }

  problem(): string | null {
    return this.#problem;
  }

  /** The engine's retention has moved the floor. */
  moveFloor(floor: number): void {
    this.#tail?.floor(floor);
  }

  /** Nobody knows what is on disk: an fsync that failed must never be tried again. */
  fail(error: Error): void {
    if (this.#fatal) return;
    this.#fatal = true;
    this.#closed = true;
    this.#problem = error.message;
    clearTimeout(this.#probeTimer);
    for (const { reject } of this.#waiting.splice(0)) reject(new StorageUnavailable(error.message));
    this.#options.onFatal(error);
  }

  /** Finishes what was accepted. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#isIdle) {
      this.#idle ??= Promise.withResolvers();
      await this.#idle.promise;
    }
    clearTimeout(this.#probeTimer);
  }

  get #isIdle(): boolean {
    return this.#inFlight + this.#passing + this.#waiting.length === 0;
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#start();
    });
  }

  #start(): void {
    if (this.#waiting.length > 0 && this.#inFlight < MAX_GROUPS_IN_FLIGHT) void this.#run();
  }

  async #run(): Promise<void> {
    this.#inFlight += 1;
    const group = this.#takeGroup();
    const changes = group.map(({ change }) => change);
    const started = performance.now();
    try {
      const result = await this.#engine.commit(changes);
      if (this.#fatal) throw new Error(this.#problem as string);
      this.#succeeded();
      this.#publish(group, result);
      this.#options.onCommit?.(group.length, (performance.now() - started) / 1000);
    } catch (error) {
      this.#failed(group, error as Error);
    }
    this.#inFlight -= 1;
    if (this.#waiting.length > 0) this.#schedule();
    else if (this.#isIdle) this.#idle?.resolve();
  }

  #takeGroup(): Waiting[] {
    let length = 0;
    let count = 0;
    while (count < Math.min(MAX_GROUP, this.#waiting.length) && length < MAX_GROUP_LENGTH) {
      length += lengthOf((this.#waiting[count] as Waiting).change);
      count += 1;
    }
    this.#waitingLength -= length;
    return this.#waiting.splice(0, count);
  }

  #publish(group: readonly Waiting[], result: CommitResult): void {
    const { first, conflicts } = result;
    const entries: Entry[] = [];
    group.forEach(({ change }, index) => {
      if (!conflicts.has(index)) entries.push({ ...change, seq: first + entries.length });
    });
    this.commits += 1;
    this.changes += entries.length;
    const passing = this.#pass(entries, first - 1 + entries.length);
    if (passing === undefined) answer(group, result);
    else void this.#answerLater(group, result, passing);
  }

  #pass(entries: readonly Entry[], upTo: number): Promise<void> | undefined {
    if (this.#engine.pass !== undefined) return this.#engine.pass(entries, upTo);
    if (entries.length > 0) this.#tail?.entries(entries);
    return undefined;
  }

  async #answerLater(group: readonly Waiting[], result: CommitResult, passing: Promise<void>): Promise<void> {
    this.#passing += 1;
    try {
      await passing;
      answer(group, result);
    } catch (error) {
      for (const { reject } of group) reject(error as Error);
    }
    this.#passing -= 1;
    if (this.#isIdle) this.#idle?.resolve();
  }

  #succeeded(): void {
    this.#problem = null;
    clearTimeout(this.#probeTimer);
    this.#probeTimer = undefined;
  }

  #failed(group: readonly Waiting[], error: Error): void {
    if (isPassing(error)) {
      for (const { reject } of group) reject(error);
      this.#problem = error.message;
      this.#probeTimer ??= this.#probeLater();
      return;
    }
    for (const { reject } of group) reject(new OutcomeUnknown(error.message));
    this.fail(error);
  }

  #probeLater(): NodeJS.Timeout {
    return setTimeout(() => void this.#probe(), this.#options.probeEveryMs ?? PROBE_EVERY_MS);
  }

  async #probe(): Promise<void> {
    try {
      await this.#engine.probe?.();
      this.#succeeded();
    } catch (error) {
      if (!isPassing(error)) this.fail(error as Error);
      else if (!this.#closed) this.#probeTimer = this.#probeLater();
    }
  }
}

/** It may work again; any other error is fatal. */
function isPassing(error: unknown): boolean {
  return error instanceof StorageUnavailable || error instanceof OutcomeUnknown;
}

function answer(group: readonly Waiting[], { first, conflicts }: CommitResult): void {
  let seq = first;
  group.forEach(({ resolve }, index) => {
    resolve(conflicts.get(index) ?? { seq: seq++ });
  });
}

/** What a change takes in memory and in messages, roughly: the characters of its texts. */
function lengthOf({ head, payload, entity }: Change): number {
  const state = entity?.state ?? payload;
  return head.length + payload.length + (state === payload ? 0 : state.length);
}
