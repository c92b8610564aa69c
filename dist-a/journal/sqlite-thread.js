import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from '../host/journal.js';
/** Requests that wait for one thread at most. */
export const MAX_REQUESTS = 20_000;
/** The log in a thread of its own, as promises. */
export class SqliteThread {
    #channel;
    #role;
    #news;
    #asked = new Map();
    #lastId = 0;
    #ended = false;
    constructor(channel, role, news) {
        this.#channel = channel;
        this.#role = role;
        this.#news = news;
        channel.on('message', (reply) => this.#receive(reply));
        channel.on('error', (error) => this.#die(error));
        channel.on('exit', () => this.#die(new Error('it has ended')));
    }
    ask(method, argument = null, now = 0) {
        if (this.#ended)
            return Promise.reject(new StorageUnavailable('the log is closed'));
        if (this.#asked.size >= MAX_REQUESTS) {
            return Promise.reject(new StorageUnavailable(`${MAX_REQUESTS} requests wait for the log already`));
        }
        return new Promise((resolve, reject) => {
            this.#lastId += 1;
            this.#asked.set(this.#lastId, { resolve: resolve, reject });
            this.#channel.postMessage([this.#lastId, method, argument, now]);
        });
    }
    /** What was asked before is answered first. */
    async close() {
        if (this.#ended)
            return;
        await this.ask('close');
        await this.stop();
    }
    async stop() {
        this.#ended = true;
        await this.#channel.terminate();
    }
    #receive([id, failure, value]) {
        if (id === 0) {
            if (failure === null)
                this.#news.floor(value);
            else
                this.#news.fatal(new Error(value));
            return;
        }
        const asked = this.#asked.get(id);
        this.#asked.delete(id);
        if (failure === null)
            asked?.resolve(value);
        else if (failure === 'unavailable')
            asked?.reject(new StorageUnavailable(value));
        else
            asked?.reject(new Error(value));
    }
    #die(cause) {
        if (this.#ended)
            return;
        this.#ended = true;
        const error = new Error(`the log's ${this.#role} thread has failed: ${cause.message}`);
        for (const { reject } of this.#asked.values())
            reject(error);
        this.#asked.clear();
        this.#news.fatal(error);
    }
}
/** The worker's file ends as this one does: `.ts` where the source runs, `.js` where it was built. */
export function startWorker(start) {
    const file = new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url);
    return new Worker(file, { workerData: start, execArgv: [] });
}
