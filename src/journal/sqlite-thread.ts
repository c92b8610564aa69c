import { extname } from 'node:path';
import { ReadableStream } from 'node:stream/web';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from '../host/journal.ts';
import type { Method, Reply, Request, ThreadStart } from './sqlite-messages.ts';

/** Requests that wait for one thread at most. */
export const MAX_REQUESTS = 20_000;

/** The main thread's side of a connection with a thread: a `Worker`, or anything that behaves like one. */
export interface Channel {
  postMessage(request: Request): void;
  on(event: 'message', receive: (reply: Reply) => void): unknown;
  on(event: 'error', receive: (error: Error) => void): unknown;
  on(event: 'exit', receive: () => void): unknown;
  terminate(): unknown;
}

export type StartThread = (start: ThreadStart) => Channel;

export interface ThreadNews {
  floor(floor: number): void;
  fatal(error: Error): void;
}

interface Asked {
  /** Where the answer comes in parts. */
  part?(value: unknown): void;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The log in a thread of its own, as promises. */
export class SqliteThread {
  readonly #channel: Channel;
  readonly #role: string;
  readonly #news: ThreadNews;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #ended = false;

  constructor(channel: Channel, role: string, news: ThreadNews) {
    this.#channel = channel;
    this.#role = role;
    this.#news = news;
    channel.on('message', (reply) => this.#receive(reply));
    channel.on('error', (error) => this.#die(error));
    channel.on('exit', () => this.#die(new Error('it has ended')));
  }

  ask<T>(method: Method, argument: unknown = null, now = 0): Promise<T> {
    return this.#ask<T>(method, argument, now);
  }

  /** The parts of an answer, as they come; they wait to be read. */
  askInParts<T>(method: Method): AsyncIterable<T> {
    return new ReadableStream<T>({
      start: (controller) => {
        this.#ask(method, null, 0, (value) => controller.enqueue(value as T)).then(
          () => controller.close(),
          (error) => controller.error(error),
        );
      },
    });
  }

  #ask<T>(method: Method, argument: unknown, now: number, part?: (value: unknown) => void): Promise<T> {
    if (this.#ended) return Promise.reject(new StorageUnavailable('the log is closed'));
    if (this.#asked.size >= MAX_REQUESTS) {
      return Promise.reject(new StorageUnavailable(`${MAX_REQUESTS} requests wait for the log already`));
    }
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const asked = { resolve: resolve as (value: unknown) => void, reject };
      this.#asked.set(this.#lastId, part === undefined ? asked : { ...asked, part });
      this.#channel.postMessage([this.#lastId, method, argument, now]);
    });
  }

  /** What was asked before is answered first. */
  async close(): Promise<void> {
    if (this.#ended) return;
    await this.ask('close');
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#channel.terminate();
  }

  #receive([id, failure, value, more]: Reply): void {
    if (id === 0) {
      if (failure === null) this.#news.floor(value as number);
      else this.#news.fatal(new Error(value as string));
      return;
    }
    const asked = this.#asked.get(id);
    if (more !== undefined) {
      asked?.part?.(value);
      return;
    }
    this.#asked.delete(id);
    if (failure === null) asked?.resolve(value);
    else if (failure === 'unavailable') asked?.reject(new StorageUnavailable(value as string));
    else asked?.reject(new Error(value as string));
  }

  #die(cause: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    const error = new Error(`the log's ${this.#role} thread has failed: ${cause.message}`);
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
    this.#news.fatal(error);
  }
}

/** The worker's file ends as this one does: `.ts` where the source runs, `.js` where it was built. */
export function startWorker(start: ThreadStart): Channel {
  const file = new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url);
  return new Worker(file, { workerData: start, execArgv: [] });
}
