import { DatabaseSync } from 'node:sqlite';
import { StorageUnavailable } from '../host/journal.js';
import { makeEpoch, settleEpoch } from './sqlite-epoch.js';
import { createPrivate, SqliteLock } from './sqlite-lock.js';
import { makePlace } from './sqlite-place.js';
import { SqliteReader } from './sqlite-reader.js';
import { SqliteRetention } from './sqlite-retention.js';
import { migrate, readHead, writeMeta } from './sqlite-schema.js';
import { classify, transaction } from './sqlite-transaction.js';
import { SqliteWriter } from './sqlite-writer.js';
/** The path of a log that is gone when it is closed. */
export const IN_MEMORY = ':memory:';
/** The write-ahead log is emptied when it has so many pages: SQLite's own measure. */
const CHECKPOINT_PAGES = 1000;
/**
 * The log in one SQLite file, synchronous: whoever calls it waits for the disk, so it runs in a thread of its own.
 * It is WAL with `synchronous=FULL`: in WAL mode only that makes COMMIT wait for the fsync.
 */
export class SqliteLog {
    epoch;
    reader;
    #db;
    #lock;
    #writer;
    #retention;
    #walPages;
    #checkpoint;
    #fatal;
    /** Opens or makes the log; throws one sentence if another process has it or a newer version wrote it. */
    constructor(path, options) {
        if (path !== IN_MEMORY) {
            makePlace(path);
            this.#lock = new SqliteLock(path);
            createPrivate(path);
        }
        this.#db = new DatabaseSync(path);
        try {
            this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0');
            migrate(this.#db, path);
            this.epoch = this.#lock === undefined ? makeEpoch() : settleEpoch(this.#db, path, this.#lock);
            this.#retention = new SqliteRetention(this.#db, options);
            this.#writer = new SqliteWriter(this.#db, readHead(this.#db));
            this.reader = new SqliteReader(this.#db);
            // It counts (SQLite 3.51); an older one does what PASSIVE does, every time.
            this.#walPages = this.#db.prepare('PRAGMA wal_checkpoint(NOOP)');
            this.#checkpoint = this.#db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
        }
        catch (error) {
            this.#db.close();
            this.#lock?.close();
            throw error;
        }
    }
    get head() {
        return this.#writer.head;
    }
    get floor() {
        return this.#retention.floor;
    }
    /** Writes a group in one transaction. `StorageUnavailable`: nothing was written; any other error is fatal. */
    commit(changes, now) {
        // The next group may be on its way already, and its fsync could report as done what is not.
        if (this.#fatal !== undefined)
            throw this.#fatal;
        const before = this.#writer.mark();
        try {
            const result = transaction(this.#db, () => this.#write(changes));
            this.#lock?.recordNowAndThen(this.epoch, this.head, now);
            return result;
        }
        catch (error) {
            this.#writer.reset(before);
            if (!(error instanceof StorageUnavailable))
                this.#fatal = error;
            throw error;
        }
    }
    /** Throws what `commit` would throw. */
    probe(now) {
        transaction(this.#db, () => writeMeta(this.#db, 'probed_at', now));
    }
    /** Forgets a slice of the past. True if there is more to forget at once. */
    retain(now) {
        try {
            const events = this.#retention.events(this.head);
            return this.#retention.approvals(now) || events;
        }
        catch (error) {
            // The disk is full: what is due now is due later too.
            if (error instanceof StorageUnavailable)
                return false;
            throw error;
        }
    }
    /**
     * Brings a write-ahead log that has grown into the file. SQLite would do it in a COMMIT, whose answer would wait for
     * two fsyncs more, and would keep an I/O error to itself; the next one could then drop pages that are nowhere else.
     */
    checkpoint() {
        const { log, checkpointed } = this.#walPages.get();
        if (log - checkpointed < CHECKPOINT_PAGES)
            return;
        try {
            this.#checkpoint.get();
        }
        catch (error) {
            const cause = classify(error, true);
            // The disk is full: it stays where it is, and is as safe there.
            if (cause instanceof StorageUnavailable)
                return;
            this.#fatal = cause;
            throw cause;
        }
    }
    close() {
        this.#lock?.record(this.epoch, this.head);
        this.#db.close();
        this.#lock?.close();
    }
    #write(changes) {
        const first = this.head + 1;
        const conflicts = new Map();
        changes.forEach((change, index) => {
            const conflict = this.#writer.write(change, this.floor);
            if (conflict !== undefined)
                conflicts.set(index, conflict);
        });
        return { first, conflicts };
    }
}
