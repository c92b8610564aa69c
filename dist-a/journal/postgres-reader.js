import pg from 'pg';
import { StorageUnavailable, } from '../host/journal.js';
import { cutApprovals, cutEvents } from './page.js';
import { approvalsQuery } from './postgres-approvals.js';
import { logQuery, toEntry } from './postgres-entries.js';
import { eventsQuery } from './postgres-events.js';
import { unavailable } from './postgres-session.js';
/** Reads that wait for a connection at most. */
const MAX_READS = 20_000;
const CONNECTIONS = 4;
const READ_MS = 3000;
/** A node that starts may read for longer than a request may wait. */
const BOOT_MS = 120_000;
/** Reads the log, on a few connections; each answer is of one moment, as it is one statement. */
export class PostgresReader {
    #schema;
    #heard;
    #pool;
    /** `heard`: what the database's clock said to what was asked when. */
    constructor(target, heard) {
        this.#schema = target.schema;
        this.#heard = heard;
        this.#pool = new pg.Pool({ ...target.config, max: CONNECTIONS, query_timeout: READ_MS });
        // A connection that ends while nobody uses it is replaced when somebody does.
        this.#pool.on('error', () => { });
    }
    /** The log after `after`, or the beginning of it. */
    async log(after) {
        const askedAt = performance.now();
        const rows = await this.#all(logQuery(this.#schema, after));
        const { head, floor, now } = rows[0];
        this.#heard(now, askedAt);
        return { head, floor, entries: rows.flatMap(toEntry) };
    }
    async boot() {
        const text = bootSql(this.#schema);
        const rows = await this.#all({ text, values: [] }, BOOT_MS);
        const { head, floor } = rows[0];
        return { head, floor, open: openOf(rows) };
    }
    async events(query) {
        const rows = await this.#all(eventsQuery(this.#schema, query));
        const { floor } = rows[0];
        const events = rows
            .filter(({ seq }) => seq !== null)
            .map(({ seq, kind, agentId, head, payload }) => ({ seq, kind, agentId, head, payload }));
        return { ...cutEvents(events, query.maxLength), floor };
    }
    async approval(id) {
        return this.#one(`SELECT substr(o.entity, 10) AS id, o.seq, o.created_seq AS "createdSeq", coalesce(e.state, e.payload) AS state
       FROM ${this.#schema}.open o JOIN ${this.#schema}.events e ON e.seq = o.seq WHERE o.entity = 'approval:' || $1
       UNION ALL
       SELECT approval_id, seq, created_seq, coalesce(state, payload)
       FROM ${this.#schema}.events WHERE approval_id = $1`, id);
    }
    async approvalByKey(keyId) {
        return this.#one(`SELECT approval_id AS "approvalId", request FROM ${this.#schema}.keys WHERE key = $1`, keyId);
    }
    async approvals(query) {
        const asked = approvalsQuery(this.#schema, query);
        if (asked === null)
            return [];
        const rows = await this.#all(asked);
        return cutApprovals(rows, query.maxLength);
    }
    /** What the log takes on the database's disk. */
    async bytes() {
        const sizes = ['events', 'open', 'keys'].map((table) => `pg_total_relation_size('${this.#schema}.${table}')`);
        const [row] = await this.#all({
            text: `SELECT ${sizes.join(' + ')} AS bytes`,
            values: [],
        });
        return row?.bytes;
    }
    /** `{floor, more}` after a slice of the past was forgotten. */
    async retain(values) {
        const text = `SELECT ${this.#schema}.retain($1, $2, $3, $4) AS answer`;
        const [row] = await this.#all({
            text,
            values: [...values],
        });
        return row?.answer;
    }
    /** Waits for nobody: what still runs here has nobody who waits for it. */
    close() {
        if (!this.#pool.ending)
            void this.#pool.end();
    }
    async #one(text, value) {
        return (await this.#all({ text, values: [value] }))[0];
    }
    async #all({ text, values }, withinMs = READ_MS) {
        if (this.#pool.waitingCount >= MAX_READS) {
            throw new StorageUnavailable(`${MAX_READS} reads wait for the log already`);
        }
        try {
            const query = { text, values, query_timeout: withinMs };
            return (await this.#pool.query(query)).rows;
        }
        catch (error) {
            throw unavailable(error);
        }
    }
}
/** Nothing is open: then there is a row for the head, and nothing in it. */
function* openOf(rows) {
    for (const { type, id, seq, createdSeq, expiresAt, state } of rows) {
        if (type !== null)
            yield { type, id, seq, createdSeq, expiresAt, state };
    }
}
function bootSql(schema) {
    return `SELECT log.seq AS head, log.floor, o.* FROM ${schema}.log LEFT JOIN (
      SELECT CASE WHEN open.created_at IS NULL THEN 'agent' ELSE 'approval' END AS type,
        substr(open.entity, CASE WHEN open.created_at IS NULL THEN 7 ELSE 10 END) AS id, open.seq,
        open.created_seq AS "createdSeq", open.expires_at AS "expiresAt", coalesce(e.state, e.payload) AS state
      FROM ${schema}.open JOIN ${schema}.events e ON e.seq = open.seq
    ) o ON true ORDER BY o."createdSeq"`;
}
