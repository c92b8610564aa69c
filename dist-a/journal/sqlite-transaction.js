import { StorageUnavailable } from '../host/journal.js';
const SQLITE_IOERR = 10;
/** Runs `write` in one transaction: all of it is durable when this returns, or none of it is there. */
export function transaction(db, write) {
    let committing = false;
    try {
        db.exec('BEGIN IMMEDIATE');
        const result = write();
        committing = true;
        db.exec('COMMIT');
        return result;
    }
    catch (error) {
        // Some errors have rolled back by themselves.
        if (db.isTransaction)
            db.exec('ROLLBACK');
        throw classify(error, committing);
    }
}
/**
 * What an error of SQLite means for the group it happened to. Before COMMIT, nothing was written and the next group may
 * work. In COMMIT that is so too, except after an I/O error: then the pages may be marked clean without being on disk,
 * and trying again would report a success that is none. Such an error comes back as one that is fatal.
 */
export function classify(error, committing) {
    const { errcode, message } = error;
    // The primary code is the lowest byte of an extended one: SQLITE_IOERR_FSYNC is 4 * 256 + 10.
    if (committing && errcode !== undefined && (errcode & 0xff) === SQLITE_IOERR) {
        return new Error(`the log may not be on disk: ${message}`);
    }
    return new StorageUnavailable(`the log cannot be written: ${message}`);
}
