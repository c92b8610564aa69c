import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Change, OutcomeUnknown, StorageUnavailable } from '../host/journal.ts';
import { Locks } from '../host/locks.ts';
import type { CommitResult } from './group-commit.ts';
import type { OrderedTail } from './ordered-tail.ts';
import { decodeWritten, encodeColumns, type Written } from './postgres-encode.ts';
import { APPEND_COLUMNS, NOW_MS } from './postgres-functions.ts';
import { isRefusal, isUnprepared, messageOf, Session, unavailable } from './postgres-session.ts';
import type { PostgresTarget } from './postgres-target.ts';

/** Whoever appends is answered within this, and a little more for reading what others wrote before. */
export const COMMIT_MS = 3000;
/** A try to connect that had less time than this says nothing about the database. */
const TRY_MS = 300;
const BACK_OFF_MS = 50;
const BACK_OFF_MAX_MS = 400;
const TURN = 'the connection';

/** What the database says to a writer that connects. */
export interface Greeting {
  /** The log's name. */
  readonly log: string;
  readonly epoch: string;
  readonly head: number;
  /** Of the event at the writer's `passed`; null: it is not kept. */
  readonly id: string | null;
}

type Passed = OrderedTail['passed'];

interface Greeted {
  readonly answer: Greeting & { readonly answers: Written[] };
  /** The server process that has answered. */
  readonly backend: number;
}

export interface WriterOptions {
  readonly target: PostgresTarget;
  /** There is a pooler in between: connections are not told apart. */
  readonly isPooled: boolean;
  /** What the tail has passed last: what is there is in the next greeting. */
  passed(): Passed;
  /** After each connect, with what had passed when it was asked for. Throws if this is another log. */
  greeted(greeting: Greeting, passed: Passed): void;
  /** After each answer: what the database's clock says, and when it was asked. */
  heard(now: number, askedAt: number): void;
  /** After each group that was written. */
  written(head: number, floor: number): void;
}

/** Writes groups on one connection, the next one sent while one is written; finds out what became of those whose answer was lost. */
export class PostgresWriter {
  /** Its name among all who write this log. */
  readonly id = randomBytes(8).toString('hex');
  readonly #options: WriterOptions;
  readonly #append: string;
  readonly #settle: string;
  /** Of the group that was sent last. */
  #number = 0;
  /** What became of the groups that were sent before the last connect. */
  #settled: { readonly upTo: number; readonly answers: readonly Written[] } = { upTo: 0, answers: [] };
  #session: Session | undefined;
  /** The append's name as a prepared statement of the connection; undefined: it is none. */
  #prepared: string | undefined;
  #mayPrepare: boolean;
  /** Why there is no connection, when trying has not helped. */
  #away: string | null = null;
  #isClosed = false;
  readonly #turns = new Locks();

  constructor(options: WriterOptions) {
    this.#options = options;
    const { schema } = options.target;
    this.#mayPrepare = !options.isPooled;
    const arrays = APPEND_COLUMNS.map(([, type], index) => `$${index + 3}::${type}[]`).join(', ');
    this.#append = `SELECT ${schema}.append($1, $2, ${arrays}) AS answer, ${NOW_MS} AS now`;
    this.#settle = `SELECT ${schema}.settle($1, $2, $3, $4) AS answer, ${NOW_MS} AS now, pg_backend_pid() AS backend`;
  }

  /** Throws if it cannot. */
  async connect(): Promise<void> {
    await this.#attach(performance.now() + COMMIT_MS);
  }

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    // Not behind a probe that waits for the database.
    if (this.#away !== null) throw new StorageUnavailable(this.#away);
    const deadline = performance.now() + COMMIT_MS;
    const answer = await this.#write(encodeColumns(changes), deadline);
    const result = decodeWritten(answer);
    this.#options.written(answer.first - 1 + changes.length - result.conflicts.size, answer.floor);
    return result;
  }

  /** Resolves if a commit would work: it writes nothing but the head row. */
  async probe(): Promise<void> {
    if (this.#away !== null) await this.reconnect();
    await this.#write(encodeColumns([]), performance.now() + COMMIT_MS);
  }

  /** Resolves when it has been greeted anew. What was sent and not answered is looked up. Throws `StorageUnavailable`. */
  async reconnect(): Promise<void> {
    await this.#inTurn(() => this.#reattach());
  }

  close(): void {
    this.#isClosed = true;
    this.#away = 'the log is closed';
    this.#session?.end();
  }

  /** One after the other. */
  async #inTurn<T>(run: () => Promise<T>): Promise<T> {
    await this.#turns.take(TURN);
    try {
      return await run();
    } finally {
      this.#turns.release(TURN);
    }
  }

  /** Sends a group until it is known to be in the log. */
  async #write(columns: readonly Buffer[], deadline: number): Promise<Written> {
    for (;;) {
      const { number, answered } = await this.#inTurn(() => this.#send(columns, deadline));
      try {
        return await answered;
      } catch (error) {
        if (isUnprepared(error)) {
          // There is a pooler after all. Nothing was written, and it is sent again.
          this.#mayPrepare = false;
        } else if (isRefusal(error)) {
          throw new StorageUnavailable(`the database refuses to write: ${error.message}`);
        }
      }
      const answer = await this.#inTurn(() => this.#fate(number, deadline));
      if (answer !== undefined) return answer;
    }
  }

  /** Its turn ends when it is sent, so that the database has the next one when it has answered this. */
  async #send(columns: readonly Buffer[], deadline: number) {
    if (this.#away !== null) throw new StorageUnavailable(this.#away);
    if (!this.#session?.isOpen) await this.#attachBefore(deadline);
    this.#number += 1;
    const values = [this.id, this.#number, ...columns];
    const asked = this.#ask<{ answer: Written }>(this.#append, values, deadline, this.#prepared);
    return { number: this.#number, answered: asked.then(({ answer }) => answer) };
  }

  /** What became of a group whose connection broke. Undefined: it is not in the log and never will be. */
  async #fate(number: number, deadline: number): Promise<Written | undefined> {
    if (this.#settled.upTo < number) {
      this.#session?.end();
      try {
        await this.#attachBefore(deadline);
      } catch (error) {
        throw new OutcomeUnknown(messageOf(error));
      }
    }
    return this.#settled.answers.find((answer) => answer.number === number);
  }

  /** Connects as often as time allows. */
  async #attachBefore(deadline: number): Promise<void> {
    let backOffMs = BACK_OFF_MS;
    for (;;) {
      try {
        await this.#attach(deadline);
        return;
      } catch (error) {
        if (this.#isClosed || performance.now() + backOffMs + TRY_MS > deadline) {
          const failure = unavailable(error);
          this.#away = failure.message;
          throw failure;
        }
      }
      await sleep(backOffMs);
      backOffMs = Math.min(2 * backOffMs, BACK_OFF_MAX_MS);
    }
  }

  async #reattach(): Promise<void> {
    try {
      await this.#attach(performance.now() + COMMIT_MS);
    } catch (error) {
      throw unavailable(error);
    }
    this.#away = null;
  }

  /** Connects, and settles what was sent: the answers of the groups that are in the log. */
  async #attach(deadline: number): Promise<void> {
    this.#session?.end();
    const { target } = this.#options;
    const session = await Session.open(target, deadline - performance.now(), { pipeline: true });
    if (this.#isClosed) {
      session.end();
      throw new StorageUnavailable('the log is closed');
    }
    this.#session = session;
    const passed = this.#options.passed();
    const values = [this.id, this.#number, passed.seq, randomBytes(4).toString('hex')];
    const { answer: greeting, backend } = await this.#ask<Greeted>(this.#settle, values, deadline);
    // A pooler may send each statement to another process, which has not got it.
    this.#prepared = this.#mayPrepare && backend === session.backend ? 'append' : undefined;
    this.#options.greeted(greeting, passed);
    this.#settled = { upTo: this.#number, answers: greeting.answers };
  }

  async #ask<Row>(text: string, values: unknown[], deadline: number, name?: string): Promise<Row> {
    const askedAt = performance.now();
    const session = this.#session as Session;
    const [row] = await session.ask<Row & { now: number }>(text, values, deadline - askedAt, name);
    const answered = row as Row & { now: number };
    this.#options.heard(answered.now, askedAt);
    return answered;
  }
}
