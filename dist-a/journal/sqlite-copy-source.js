import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { BATCH_ROWS, TABLES } from './copy-tables.js';
import { SqliteLock } from './sqlite-lock.js';
import { migrate, readHead, readMeta, versionOf } from './sqlite-schema.js';
/** Opens the log in a file, and keeps everybody else off it. Throws one sentence. */
export function openSqliteSource(path) {
    if (!existsSync(path))
        throw new Error(`there is no log '${path}'`);
    const lock = new SqliteLock(path);
    try {
        return new SqliteSource(path, lock);
    }
    catch (error) {
        lock.close();
        throw error;
    }
}
class SqliteSource {
    figures;
    rows;
    #db;
    #lock;
    constructor(path, lock) {
        this.#lock = lock;
        this.#db = new DatabaseSync(path);
        try {
            refuseOther(this.#db, path);
            migrate(this.#db, path);
            this.figures = {
                head: readHead(this.#db),
                floor: readMeta(this.#db, 'floor'),
                approvalsFloor: readMeta(this.#db, 'approvals_floor'),
                clockRegressedMs: readMeta(this.#db, 'clock_regressed_ms'),
            };
            const counts = TABLES.map((table) => [table, this.#count(table)]);
            this.rows = Object.fromEntries(counts);
        }
        catch (error) {
            this.#db.close();
            throw error;
        }
    }
    *read(table) {
        const statement = this.#db.prepare(READ[table]);
        statement.setReturnArrays(true);
        let rows = [];
        for (const row of statement.iterate()) {
            rows.push(row);
            if (rows.length === BATCH_ROWS) {
                yield rows;
                rows = [];
            }
        }
        if (rows.length > 0)
            yield rows;
    }
    close() {
        this.#db.close();
        this.#lock.close();
    }
    #count(table) {
        return this.#db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows;
    }
}
function refuseOther(db, path) {
    let version = 0;
    try {
        version = versionOf(db);
    }
    catch (error) {
        throw new Error(`'${path}' is no log: ${error.message}`);
    }
    if (version === 0)
        throw new Error(`'${path}' is no log`);
}
/**
 * What an event is about is known here only for what is open and for history. Of others it is asked only by a node that
 * is behind, and no node ever is behind a copy: it starts at its head.
 */
const READ = {
    events: `SELECT events.seq,
      coalesce(resolved_at, CAST(round(1000 * unixepoch('{' || head || '}' ->> 'timestamp', 'subsec')) AS INTEGER)),
      id, kind, events.agent_id, coalesce(open.entity, 'approval:' || approval_id), NULL, approval_id, status,
      coalesce(events.created_seq, open.created_seq), coalesce(events.created_at, open.created_at), expires_at,
      decided_session, decided_principal, head, payload, state
    FROM events LEFT JOIN open INDEXED BY open_seq ON open.seq = events.seq ORDER BY events.seq`,
    open: 'SELECT entity, seq, created_seq, agent_id, created_at, expires_at FROM open',
    keys: 'SELECT key, request, approval_id FROM keys',
};
