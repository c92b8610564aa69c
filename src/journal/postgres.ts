import { hostname } from 'node:os';
import {
  type Appended,
  type ApprovalQuery,
  type Boot,
  type Change,
  type ClaimedKey,
  type EventPage,
  type EventQuery,
  type Journal,
  type JournalStatistics,
  type SharedLog,
  StorageUnavailable,
  type StoredApproval,
  type TailReader,
} from '../host/journal.ts';
import { within } from '../host/within.ts';
import { DatabaseClock } from './database-clock.ts';
import { GroupCommit } from './group-commit.ts';
import type { JournalOptions } from './options.ts';
import { OrderedTail } from './ordered-tail.ts';
import { Feed } from './postgres-feed.ts';
import { PostgresPresence } from './postgres-presence.ts';
import { PostgresReader } from './postgres-reader.ts';
import { SharedRetention } from './postgres-retention.ts';
import { migrate } from './postgres-schema.ts';
import { messageOf } from './postgres-session.ts';
import { type PostgresTarget, targetOf } from './postgres-target.ts';
import { type Greeting, PostgresWriter } from './postgres-writer.ts';

/** With the time that a commit may take, an append is answered within 4 s. */
const PASS_MS = 1000;
/** A group costs a round trip, an fsync and a fixed part of what the database does: a small one is as dear as half of this. */
const FULL_GROUP = 128;
/** Whoever asks for what is new is answered within this. */
const CATCH_UP_MS = 4000;

/** Opens or makes the log at `url`, which other nodes may have open too. Throws one sentence if it cannot be had. */
export async function openPostgres(url: string, options: JournalOptions): Promise<Journal> {
  const target = targetOf(url);
  try {
    await migrate(target);
  } catch (error) {
    throw new Error(messageOf(error));
  }
  const journal = new PostgresJournal(target, options);
  try {
    await journal.open();
  } catch (error) {
    await journal.close();
    throw error;
  }
  return journal;
}

class PostgresJournal implements Journal {
  readonly #clock = new DatabaseClock();
  readonly #reader: PostgresReader;
  readonly #writer: PostgresWriter;
  readonly #tail: OrderedTail;
  readonly #retention: SharedRetention;
  readonly #feed: Feed;
  readonly #group: GroupCommit;
  readonly #presence: PostgresPresence;
  readonly shared: SharedLog;
  #epoch = '';
  #logId = '';

  constructor(target: PostgresTarget, options: JournalOptions) {
    const { retainEvents, retainApprovalsDays, pollMs = null } = options;
    const heard = (now: number, askedAt: number) => this.#clock.heard(now, askedAt);
    const onFatal = (error: Error) => this.#group.fail(error);
    this.#reader = new PostgresReader(target, heard);
    this.#tail = new OrderedTail({ read: (after) => this.#read(after), withinMs: PASS_MS, onFatal });
    this.#writer = new PostgresWriter({
      target,
      isPooled: pollMs !== null,
      heard,
      passed: () => this.#tail.passed,
      greeted: (greeting, passed) => this.#greeted(greeting, passed),
      written: (head, floor) => this.#retention.look(head, floor),
    });
    this.#retention = new SharedRetention({
      retainEvents,
      retainApprovalsDays,
      now: () => (options.now ?? (() => this.now()))(),
      retain: (values) => this.#reader.retain(values),
      moved: (floor) => this.#tail.moveFloor(floor),
    });
    this.#presence = new PostgresPresence(target, options.node ?? hostname());
    this.shared = {
      catchUp: () =>
        within(CATCH_UP_MS, this.#tail.catchUp(), 'what other nodes have written cannot be read in time'),
      presence: this.#presence,
    };
    this.#feed = new Feed({
      target,
      writer: this.#writer.id,
      pollMs,
      catchUp: () => this.#tail.catchUp(),
      heardAt: () => this.#clock.heardAt,
    });
    this.#group = new GroupCommit(
      {
        fullGroup: FULL_GROUP,
        commit: (changes) => this.#writer.commit(changes),
        probe: () => this.#writer.probe(),
        pass: (entries, upTo) => this.#tail.pass(entries, upTo),
      },
      options,
    );
    options.report?.(
      pollMs === null
        ? 'the log in PostgreSQL is followed by LISTEN'
        : `the log in PostgreSQL is followed by reading it every ${pollMs} ms, without LISTEN`,
    );
  }

  get epoch(): string {
    return this.#epoch;
  }

  get logId(): string {
    return this.#logId;
  }

  async open(): Promise<void> {
    await this.#writer.connect();
    const { head, floor } = await this.#reader.log(Number.MAX_SAFE_INTEGER);
    this.#tail.startAfter(head, floor);
  }

  now(): number {
    return this.#clock.now();
  }

  async boot(): Promise<Boot> {
    const boot = await this.#reader.boot();
    this.#tail.startAfter(boot.head, boot.floor);
    return boot;
  }

  tail(reader: TailReader): void {
    this.#tail.follow(reader);
    this.#feed.start();
  }

  append(change: Change): Promise<Appended> {
    return this.#group.append(change);
  }

  events(query: EventQuery): Promise<EventPage> {
    return this.#reader.events(query);
  }

  approval(id: string): Promise<StoredApproval | undefined> {
    return this.#reader.approval(id);
  }

  approvalByKey(keyId: string): Promise<ClaimedKey | undefined> {
    return this.#reader.approvalByKey(keyId);
  }

  approvals(query: ApprovalQuery): Promise<StoredApproval[]> {
    return this.#reader.approvals(query);
  }

  problem(): string | null {
    return this.#group.problem() ?? this.#feed.problem();
  }

  async statistics(): Promise<JournalStatistics> {
    const { commits, changes } = this.#group;
    return { commits, changes, bytes: await this.#reader.bytes() };
  }

  async close(): Promise<void> {
    await this.#group.close();
    await this.#presence.close();
    this.#feed.stop();
    this.#tail.close();
    await this.#retention.idle();
    this.#writer.close();
    this.#reader.close();
  }

  /** What is read may be of another server's log by now: that is found out before anything of it passes. */
  async #read(after: number) {
    let page = await this.#reader.log(after, this.#feed.session);
    if (page.epoch !== this.#epoch || page.head < after) {
      await this.#writer.reconnect();
      page = await this.#reader.log(after, this.#feed.session);
      if (page.epoch !== this.#epoch)
        throw new StorageUnavailable('the log is read and written in two places');
    }
    this.#retention.look(page.head, page.floor);
    return page;
  }

  /** A log that has not got what has passed here is another one, and the state of this node is not its state. */
  #greeted({ log, epoch, head, id }: Greeting, { seq, id: known }: OrderedTail['passed']): void {
    if (head < seq || (id !== null && known !== undefined && id !== known)) {
      const error = new Error(
        `the log in PostgreSQL has not got what this node knows of it up to ${seq}: it is another one`,
      );
      this.#group.fail(error);
      throw error;
    }
    this.#epoch = epoch;
    this.#logId = log;
  }
}
