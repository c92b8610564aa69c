import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
const RECORD_EVERY_MS = 1000;
const SQLITE_BUSY = 5;
/**
 * Keeps a second process off the log: a tiny SQLite file of its own, held EXCLUSIVE for as long as the log is open (the
 * kernel lets go when the process dies), so that the log itself stays open to readers. It also records how far the log
 * has come, which tells a log that was turned back.
 */
export class SqliteLock {
    #db;
    #record;
    #recordedAt = Number.NEGATIVE_INFINITY;
    constructor(path) {
        const lockPath = `${path}-lock`;
        createPrivate(lockPath);
        this.#db = new DatabaseSync(lockPath);
        try {
            this.#db.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        BEGIN EXCLUSIVE;
        CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY, epoch TEXT, head INTEGER) STRICT;
        INSERT OR IGNORE INTO seen VALUES (1, '', 0);
        COMMIT;
        PRAGMA synchronous = OFF;`);
        }
        catch (error) {
            this.#db.close();
            throw lockError(error, path);
        }
        this.#record = this.#db.prepare('UPDATE seen SET epoch = ?, head = ? WHERE one = 1');
    }
    /** True if the log was last of this epoch and not further than `head`: no older copy was put in its place. */
    knows(epoch, head) {
        const seen = this.#db.prepare('SELECT epoch, head FROM seen').get();
        return seen.epoch === epoch && seen.head <= head;
    }
    /** Only a hint, so it may be late, lost, or refused by a full disk. */
    record(epoch, head) {
        try {
            this.#record.run(epoch, head);
        }
        catch {
            // A head recorded earlier still tells most turned-back logs.
        }
    }
    recordNowAndThen(epoch, head, now) {
        if (Math.abs(now - this.#recordedAt) < RECORD_EVERY_MS)
            return;
        this.#recordedAt = now;
        this.record(epoch, head);
    }
    close() {
        this.#db.close();
    }
}
/**
 * Makes the file readable by its owner only, unless it is there. It must not be opened if it is: to close any
 * descriptor of a file lets go of all locks that this process has on it.
 */
export function createPrivate(path) {
    try {
        closeSync(openSync(path, 'wx', 0o600));
    }
    catch (error) {
        if (error.code !== 'EEXIST')
            throw error;
    }
}
function lockError(error, path) {
    const { errcode, message } = error;
    return (errcode & 0xff) === SQLITE_BUSY
        ? new Error(`another process is using the log '${path}'; stop it first, or give this one another SALLYPORT_STORE`)
        : new Error(`the lock '${path}-lock' cannot be taken: ${message}; delete it if no process uses the log`);
}
