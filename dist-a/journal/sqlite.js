import { stat } from 'node:fs/promises';
import { GroupCommit } from './group-commit.js';
import { HOURLY_MS } from './retention.js';
import { bootSqlite } from './sqlite-boot.js';
import { IN_MEMORY } from './sqlite-log.js';
import { encodeChanges } from './sqlite-messages.js';
import { SqliteThread, startWorker } from './sqlite-thread.js';
/**
 * Opens or makes the log at `path`. Commits run in one thread and reads in another, with a connection of its own, so
 * that history never waits for an fsync nor an answer for history. Throws one sentence if the log cannot be had.
 */
export async function openSqlite(path, options, startThread = startWorker) {
    const { retainEvents, retainApprovalsDays } = options;
    const retention = { retainEvents, retainApprovalsDays };
    const news = {
        floor: (floor) => journal?.group.moveFloor(floor),
        fatal: (error) => journal?.group.fail(error),
    };
    const start = (role) => new SqliteThread(startThread({ role, path, retention }), role, news);
    let journal;
    const writer = start('writer');
    const reader = path === IN_MEMORY ? writer : start('reader');
    try {
        const epoch = await writer.ask('open');
        // Not earlier: what is not there yet cannot be read.
        if (reader !== writer)
            await reader.ask('open');
        journal = new SqliteJournal(path, epoch, writer, reader, options);
        return journal;
    }
    catch (error) {
        await Promise.all([writer.stop(), reader.stop()]);
        throw error;
    }
}
class SqliteJournal {
    epoch;
    logId;
    shared = null;
    group;
    #path;
    #writer;
    #reader;
    now;
    #hourly;
    constructor(path, epoch, writer, reader, options) {
        this.#path = path;
        this.epoch = epoch;
        this.logId = epoch;
        this.#writer = writer;
        this.#reader = reader;
        this.now = options.now ?? Date.now;
        this.group = new GroupCommit(this.#engine(), options);
        this.#hourly = setInterval(() => this.#retain(), HOURLY_MS);
    }
    async boot() {
        return this.#path === IN_MEMORY ? { head: 0, floor: 0, open: [] } : bootSqlite(this.#path);
    }
    tail(reader) {
        this.group.tail(reader);
        // Not earlier: nobody would hear that the floor has moved since the boot.
        this.#retain();
    }
    append(change) {
        return this.group.append(change);
    }
    events(query) {
        return this.#reader.ask('events', query);
    }
    approval(id) {
        return this.#reader.ask('approval', id);
    }
    approvalByKey(keyId) {
        return this.#reader.ask('approvalByKey', keyId);
    }
    approvals(query) {
        return this.#reader.ask('approvals', query);
    }
    problem() {
        return this.group.problem();
    }
    async statistics() {
        const { commits, changes } = this.group;
        const sizes = await Promise.all([this.#path, `${this.#path}-wal`].map(bytesOf));
        return { commits, changes, bytes: sizes.reduce((sum, size) => sum + size, 0) };
    }
    async close() {
        clearInterval(this.#hourly);
        await this.group.close();
        // The last connection to close empties the write-ahead log, so it must be the one that can write.
        if (this.#reader !== this.#writer)
            await this.#reader.close();
        await this.#writer.close();
    }
    #engine() {
        return {
            commit: (changes) => this.#writer.ask('commit', encodeChanges(changes), this.now()),
            probe: () => this.#writer.ask('probe', null, this.now()),
        };
    }
    #retain() {
        this.#writer.ask('retain', null, this.now()).catch(() => {
            // A thread that is gone has been reported as fatal.
        });
    }
}
/** A log in memory, and one that was just emptied, have no such file. */
async function bytesOf(path) {
    try {
        return (await stat(path)).size;
    }
    catch {
        return 0;
    }
}
