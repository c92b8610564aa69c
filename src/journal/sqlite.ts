import { stat } from 'node:fs/promises';
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
  StorageUnavailable,
  type StoredApproval,
  type TailReader,
} from '../host/journal.ts';
import { type CommitResult, type Engine, GroupCommit } from './group-commit.ts';
import type { JournalOptions } from './options.ts';
import { HOURLY_MS } from './retention.ts';
import type { PackedBoot } from './sqlite-boot.ts';
import { IN_MEMORY } from './sqlite-log.ts';
import { encodeChanges } from './sqlite-messages.ts';
import { unpackedBoot } from './sqlite-open-entities.ts';
import { SqliteThread, type StartThread, startWorker } from './sqlite-thread.ts';

/** The thread that reads starts so long after the log is followed: a start does not wait for it, nor does who asks first. */
const READER_AFTER_MS = 100;

/**
 * Opens or makes the log at `path`. Commits run in one thread and reads in another, with a connection of its own, so
 * that history never waits for an fsync nor an answer for history. Throws one sentence if the log cannot be had.
 */
export async function openSqlite(
  path: string,
  options: JournalOptions,
  startThread: StartThread = startWorker,
): Promise<Journal> {
  const { retainEvents, retainApprovalsDays } = options;
  const retention = { retainEvents, retainApprovalsDays };
  const news = {
    floor: (floor: number) => journal?.group.moveFloor(floor),
    fatal: (error: Error) => journal?.group.fail(error),
  };
  const start = (role: 'writer' | 'reader') =>
    new SqliteThread(startThread({ role, path, retention }), role, news);

  let journal: SqliteJournal | undefined;
  const writer = start('writer');
  try {
    const opened = writer.ask<string>('open');
    // Asked before there is an answer: this thread may be loading the rest of the program when it comes.
    const boot = path === IN_MEMORY ? undefined : writer.askInParts<PackedBoot>('boot');
    const epoch = await opened;
    const startReader = () => (path === IN_MEMORY ? writer : start('reader'));
    journal = new SqliteJournal(path, epoch, writer, startReader, boot, options);
    return journal;
  } catch (error) {
    await writer.stop();
    throw error;
  }
}

class SqliteJournal implements Journal {
  readonly epoch: string;
  readonly logId: string;
  readonly shared = null;
  readonly group: GroupCommit;
  readonly #path: string;
  readonly #writer: SqliteThread;
  readonly #startReader: () => SqliteThread;
  readonly now: () => number;
  readonly #hourly: NodeJS.Timeout;
  /** Not at once: a thread is a tenth of all that a start has to compute. */
  #started: SqliteThread | undefined;
  #starting: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Until something is appended. */
  #boot: AsyncIterable<PackedBoot> | undefined;

  constructor(
    path: string,
    epoch: string,
    writer: SqliteThread,
    startReader: () => SqliteThread,
    boot: AsyncIterable<PackedBoot> | undefined,
    options: JournalOptions,
  ) {
    this.#boot = boot;
    this.#path = path;
    this.epoch = epoch;
    this.logId = epoch;
    this.#writer = writer;
    this.#startReader = startReader;
    this.now = options.now ?? Date.now;
    this.group = new GroupCommit(this.#engine(), options);
    this.#hourly = setInterval(() => this.#retain(), HOURLY_MS);
  }

  async boot(): Promise<Boot> {
    if (this.#path === IN_MEMORY) return { head: 0, floor: 0, open: [] };
    const parts = this.#boot ?? this.#writer.askInParts<PackedBoot>('boot');
    this.#boot = undefined;
    return unpackedBoot(parts);
  }

  tail(reader: TailReader): void {
    this.group.tail(reader);
    if (!this.#isClosed) this.#starting = setTimeout(() => this.#startReading(), READER_AFTER_MS);
    // Not earlier: nobody would hear that the floor has moved since the boot.
    this.#retain();
  }

  append(change: Change): Promise<Appended> {
    this.#boot = undefined;
    return this.group.append(change);
  }

  async events(query: EventQuery): Promise<EventPage> {
    return this.#reader().ask('events', query);
  }

  async approval(id: string): Promise<StoredApproval | undefined> {
    return this.#reader().ask('approval', id);
  }

  async approvalByKey(keyId: string): Promise<ClaimedKey | undefined> {
    return this.#reader().ask('approvalByKey', keyId);
  }

  async approvals(query: ApprovalQuery): Promise<StoredApproval[]> {
    return this.#reader().ask('approvals', query);
  }

  problem(): string | null {
    return this.group.problem();
  }

  async statistics(): Promise<JournalStatistics> {
    const { commits, changes } = this.group;
    const sizes = await Promise.all([this.#path, `${this.#path}-wal`].map(bytesOf));
    return { commits, changes, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#hourly);
    clearTimeout(this.#starting);
    await this.group.close();
    // The last connection to close empties the write-ahead log, so it must be the one that can write.
    if (this.#started !== this.#writer) await this.#started?.close();
    await this.#writer.close();
  }

  #startReading(): void {
    try {
      this.#reader();
    } catch (error) {
      this.group.fail(error as Error);
    }
  }

  #reader(): SqliteThread {
    // Whoever closes it waits for the threads that there are.
    if (this.#isClosed) throw new StorageUnavailable('the log is closed');
    this.#started ??= this.#startReader();
    return this.#started;
  }

  #engine(): Engine {
    return {
      commit: (changes) => this.#writer.ask<CommitResult>('commit', encodeChanges(changes), this.now()),
      probe: () => this.#writer.ask('probe', null, this.now()),
    };
  }

  #retain(): void {
    this.#writer.ask('retain', null, this.now()).catch(() => {
      // A thread that is gone has been reported as fatal.
    });
  }
}

/** A log in memory, and one that was just emptied, have no such file. */
async function bytesOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
