import type { DatabaseSync } from 'node:sqlite';
import type { ApprovalQuery, ClaimedKey, EventPage, EventQuery, StoredApproval } from '../host/journal.ts';
import { approvalById, approvalByKey, approvalsPage } from './sqlite-approvals.ts';
import { eventsPage } from './sqlite-events.ts';
import { Statements } from './sqlite-statements.ts';

/** Reads the log, on any connection; each answer is of one moment. */
export class SqliteReader {
  readonly #statements: Statements;

  constructor(db: DatabaseSync) {
    this.#statements = new Statements(db);
  }

  events(query: EventQuery): EventPage {
    return this.#statements.snapshot(() => eventsPage(this.#statements, query));
  }

  approval(id: string): StoredApproval | undefined {
    return approvalById(this.#statements, id);
  }

  approvalByKey(keyId: string): ClaimedKey | undefined {
    return approvalByKey(this.#statements, keyId);
  }

  approvals(query: ApprovalQuery): StoredApproval[] {
    return this.#statements.snapshot(() => approvalsPage(this.#statements, query));
  }
}
