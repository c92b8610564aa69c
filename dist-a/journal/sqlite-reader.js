import { approvalById, approvalByKey, approvalsPage } from './sqlite-approvals.js';
import { eventsPage } from './sqlite-events.js';
import { Statements } from './sqlite-statements.js';
/** Reads the log, on any connection; each answer is of one moment. */
export class SqliteReader {
    #statements;
    constructor(db) {
        this.#statements = new Statements(db);
    }
    events(query) {
        return this.#statements.snapshot(() => eventsPage(this.#statements, query));
    }
    approval(id) {
        return approvalById(this.#statements, id);
    }
    approvalByKey(keyId) {
        return approvalByKey(this.#statements, keyId);
    }
    approvals(query) {
        return this.#statements.snapshot(() => approvalsPage(this.#statements, query));
    }
}
