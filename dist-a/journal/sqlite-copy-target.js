import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { COPIED, TABLES } from './copy-tables.js';
import { createPrivate, SqliteLock } from './sqlite-lock.js';
import { migrate, readHead, writeMeta } from './sqlite-schema.js';
/** Opens or makes a log in a file, in which there must be nothing. Throws one sentence. */
export function openSqliteTarget(path) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const lock = new SqliteLock(path);
    try {
        createPrivate(path);
        return new SqliteTarget(path, lock);
    }
    catch (error) {
        lock.close();
        throw error;
    }
}
/** All in one transaction: until it is committed, whoever opens the file finds nothing in it. */
class SqliteTarget {
    #db;
    #lock;
    #insert;
    constructor(path, lock) {
        this.#lock = lock;
        this.#db = new DatabaseSync(path);
        try {
            this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000');
            migrate(this.#db, path);
            this.#db.exec('BEGIN IMMEDIATE');
            if (readHead(this.#db) > 0)
                throw new Error(`there is something in the log '${path}' already`);
            const statements = TABLES.map((table) => [table, this.#db.prepare(INSERT[table])]);
            this.#insert = Object.fromEntries(statements);
        }
        catch (error) {
            this.#db.close();
            throw error;
        }
    }
    write(table, rows) {
        for (const row of rows)
            this.#insert[table].run(...row);
    }
    finish({ floor, approvalsFloor, clockRegressedMs }) {
        writeMeta(this.#db, 'floor', floor);
        writeMeta(this.#db, 'approvals_floor', approvalsFloor);
        writeMeta(this.#db, 'clock_regressed_ms', clockRegressedMs);
        // Whoever opens it first gives it another.
        this.#db.exec("DELETE FROM meta WHERE name = 'epoch'; COMMIT");
    }
    close() {
        this.#db.close();
        this.#lock.close();
    }
}
/** Here the columns of history are of history alone. */
const OF_HISTORY = ['status', 'created_seq', 'created_at'];
const EVENT = COPIED.events.map(([name], index) => OF_HISTORY.includes(name)
    ? `iif(?${numberOf('approval_id')} IS NULL, NULL, ?${index + 1})`
    : `?${index + 1}`);
const INSERT = {
    events: `INSERT INTO events (seq, id, kind, agent_id, approval_id, status, created_seq, created_at, decided_session,
      decided_principal, resolved_at, head, payload, state)
    SELECT seq, id, kind, agent_id, approval_id, status, created_seq, created_at, decided_session, decided_principal,
      iif(approval_id IS NULL, NULL, at), head, payload, state
    FROM (SELECT ${COPIED.events.map(([name], index) => `${EVENT[index]} AS ${name}`).join(', ')})`,
    open: 'INSERT INTO open (entity, seq, created_seq, agent_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
    keys: 'INSERT INTO keys (key, request, approval_id) VALUES (?, ?, ?)',
};
function numberOf(column) {
    return COPIED.events.findIndex(([name]) => name === column) + 1;
}
