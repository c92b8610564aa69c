import { APPROVALS_EVERY_MS, approvalsCutoff, MAX_RETENTION_ROWS, nextFloor, } from './retention.js';
import { readMeta, writeMeta } from './sqlite-schema.js';
import { transaction } from './sqlite-transaction.js';
/** Forgets the past, in transactions that are short enough to run between two groups. */
export class SqliteRetention {
    floor;
    #db;
    #options;
    /** History up to here has been looked at and is gone, or is not history. */
    #approvalsFloor;
    #approvalsAt = Number.NEGATIVE_INFINITY;
    constructor(db, options) {
        this.#db = db;
        this.#options = options;
        this.floor = readMeta(db, 'floor');
        this.#approvalsFloor = readMeta(db, 'approvals_floor');
    }
    /** True if there is more to do at once. */
    events(head) {
        const floor = nextFloor(head, this.floor, this.#options.retainEvents);
        if (floor === this.floor)
            return false;
        transaction(this.#db, () => {
            this.#db
                .prepare(`DELETE FROM events WHERE seq > ? AND seq <= ? AND approval_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM open INDEXED BY open_seq WHERE open.seq = events.seq)`)
                .run(this.floor, floor);
            writeMeta(this.#db, 'floor', floor);
        });
        this.floor = floor;
        return nextFloor(head, floor, this.#options.retainEvents) > floor;
    }
    /** History goes once in a while, and only where its event has gone. True if there is more to do at once. */
    approvals(now) {
        if (Math.abs(now - this.#approvalsAt) < APPROVALS_EVERY_MS)
            return false;
        const cutoff = approvalsCutoff(now, this.#options.retainApprovalsDays);
        const { passed, more } = transaction(this.#db, () => this.#forget(cutoff));
        this.#approvalsFloor = passed;
        if (!more)
            this.#approvalsAt = now;
        return more;
    }
    #forget(cutoff) {
        const { gone, passed, more } = this.#oldest(cutoff);
        for (const { seq, id } of gone) {
            this.#db.prepare('DELETE FROM events WHERE seq = ?').run(seq);
            this.#db.prepare('DELETE FROM keys WHERE approval_id = ?').run(id);
        }
        if (passed > this.#approvalsFloor)
            writeMeta(this.#db, 'approvals_floor', passed);
        return { passed, more };
    }
    #oldest(cutoff) {
        const rows = this.#db
            .prepare(`SELECT seq, approval_id AS id, resolved_at AS at FROM events
         WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`)
            .all(this.#approvalsFloor, this.floor, MAX_RETENTION_ROWS);
        const gone = [];
        let passed = this.#approvalsFloor;
        for (const { seq, id, at } of rows) {
            if (id !== null) {
                if (at >= cutoff)
                    return { gone, passed, more: false };
                gone.push({ seq, id });
            }
            passed = seq;
        }
        return { gone, passed, more: rows.length === MAX_RETENTION_ROWS };
    }
}
