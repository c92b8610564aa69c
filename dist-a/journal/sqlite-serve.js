import { DatabaseSync } from 'node:sqlite';
import { StorageUnavailable } from '../host/journal.js';
import { SqliteLog } from './sqlite-log.js';
import { decodeChanges } from './sqlite-messages.js';
import { SqliteReader } from './sqlite-reader.js';
/** Answers requests in the order they come. */
export function serve(port, start) {
    const thread = start.role === 'writer' ? new WriterThread(port, start) : new ReaderThread(start);
    port.on('message', (request) => {
        const [id] = request;
        try {
            port.postMessage([id, null, thread.answer(request)]);
            thread.afterwards?.(request);
        }
        catch (error) {
            port.postMessage([id, failureOf(error), error.message]);
        }
    });
}
function failureOf(error) {
    return error instanceof StorageUnavailable ? 'unavailable' : 'error';
}
class ReaderThread {
    #path;
    #db;
    #reader;
    constructor({ path }) {
        this.#path = path;
    }
    answer([, method, argument]) {
        if (method === 'open') {
            this.#db = new DatabaseSync(this.#path, { readOnly: true, timeout: 5000 });
            this.#reader = new SqliteReader(this.#db);
            return undefined;
        }
        if (method === 'close')
            return this.#db?.close();
        return read(this.#reader, method, argument);
    }
}
class WriterThread {
    #port;
    #start;
    #log;
    #tidying;
    constructor(port, start) {
        this.#port = port;
        this.#start = start;
    }
    answer([, method, argument, now]) {
        if (method === 'open') {
            this.#log = new SqliteLog(this.#start.path, this.#start.retention);
            return this.#log.epoch;
        }
        const log = this.#log;
        if (method === 'commit')
            return log.commit(decodeChanges(argument), now);
        if (method === 'probe')
            return log.probe(now);
        if (method === 'retain')
            return undefined;
        if (method === 'close') {
            clearImmediate(this.#tidying);
            return log.close();
        }
        return read(log.reader, method, argument);
    }
    afterwards([, method, , now]) {
        if (method !== 'commit' && method !== 'retain')
            return;
        this.#tidying ??= setImmediate(() => this.#tidy(now));
    }
    /** Forgets one slice at a time, so that a group that has arrived meanwhile goes first. */
    #tidy(now) {
        const log = this.#log;
        const { floor } = log;
        try {
            const more = log.retain(now);
            this.#tidying = more ? setImmediate(() => this.#tidy(now)) : undefined;
            if (log.floor !== floor)
                this.#port.postMessage([0, null, log.floor]);
            log.checkpoint();
        }
        catch (error) {
            this.#port.postMessage([0, 'error', error.message]);
        }
    }
}
function read(reader, method, argument) {
    if (method === 'events')
        return reader.events(argument);
    if (method === 'approvals')
        return reader.approvals(argument);
    if (method === 'approvalByKey')
        return reader.approvalByKey(argument);
    return reader.approval(argument);
}
