import { DatabaseSync } from 'node:sqlite';
import { type ApprovalQuery, type EventQuery, StorageUnavailable } from '../host/journal.ts';
import { memoryOf, readBoot } from './sqlite-boot.ts';
import { SqliteLog } from './sqlite-log.ts';
import { decodeChanges, type Plain, type Reply, type Request, type ThreadStart } from './sqlite-messages.ts';
import { SqliteReader } from './sqlite-reader.ts';

/** A thread's side of its connection with the main thread. */
export interface ThreadPort {
  postMessage(reply: Reply, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', receive: (request: Request) => void): unknown;
}

/** Answers requests in the order they come. */
export function serve(port: ThreadPort, start: ThreadStart): void {
  const thread: Thread = start.role === 'writer' ? new WriterThread(port, start) : new ReaderThread(start);
  port.on('message', (request) => {
    const [id] = request;
    try {
      if (request[1] === 'boot') {
        for (const part of readBoot(start.path)) port.postMessage([id, null, part, 'more'], memoryOf(part));
      }
      port.postMessage([id, null, thread.answer(request)]);
      thread.afterwards?.(request);
    } catch (error) {
      port.postMessage([id, failureOf(error), (error as Error).message]);
    }
  });
}

function failureOf(error: unknown): 'unavailable' | 'error' {
  return error instanceof StorageUnavailable ? 'unavailable' : 'error';
}

interface Thread {
  answer(request: Request): unknown;
  /** What must not delay the answer. */
  afterwards?(request: Request): void;
}

class ReaderThread implements Thread {
  readonly #path: string;
  #db: DatabaseSync | undefined;
  #reader: SqliteReader | undefined;

  constructor({ path }: ThreadStart) {
    this.#path = path;
  }

  answer([, method, argument]: Request): unknown {
    if (method === 'close') return this.#db?.close();
    this.#reader ??= this.#open();
    return read(this.#reader, method, argument);
  }

  #open(): SqliteReader {
    this.#db = new DatabaseSync(this.#path, { readOnly: true, timeout: 5000 });
    return new SqliteReader(this.#db);
  }
}

class WriterThread implements Thread {
  readonly #port: ThreadPort;
  readonly #start: ThreadStart;
  #log: SqliteLog | undefined;
  #tidying: NodeJS.Immediate | undefined;

  constructor(port: ThreadPort, start: ThreadStart) {
    this.#port = port;
    this.#start = start;
  }

  answer([, method, argument, now]: Request): unknown {
    if (method === 'open') {
      this.#log = new SqliteLog(this.#start.path, this.#start.retention);
      return this.#log.epoch;
    }
    const log = this.#log as SqliteLog;
    if (method === 'commit') return log.commit(decodeChanges(argument as Plain[]), now);
    if (method === 'probe') return log.probe(now);
    // What is open has been handed over in parts.
    if (method === 'retain' || method === 'boot') return undefined;
    if (method === 'close') {
      clearImmediate(this.#tidying);
      return log.close();
    }
    return read(log.reader, method, argument);
  }

  afterwards([, method, , now]: Request): void {
    if (method !== 'commit' && method !== 'retain') return;
    this.#tidying ??= setImmediate(() => this.#tidy(now));
  }

  /** Forgets one slice at a time, so that a group that has arrived meanwhile goes first. */
  #tidy(now: number): void {
    const log = this.#log as SqliteLog;
    const { floor } = log;
    try {
      const more = log.retain(now);
      this.#tidying = more ? setImmediate(() => this.#tidy(now)) : undefined;
      if (log.floor !== floor) this.#port.postMessage([0, null, log.floor]);
      log.checkpoint();
    } catch (error) {
      this.#port.postMessage([0, 'error', (error as Error).message]);
    }
  }
}

function read(reader: SqliteReader, method: string, argument: unknown): unknown {
  if (method === 'events') return reader.events(argument as EventQuery);
  if (method === 'approvals') return reader.approvals(argument as ApprovalQuery);
  if (method === 'approvalByKey') return reader.approvalByKey(argument as string);
  return reader.approval(argument as string);
}
