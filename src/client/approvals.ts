import type {
  Approval,
  ApprovalsPage,
  CancelApproval,
  CreateApproval,
  ListApprovalsQuery,
  ResolveApproval,
} from './api.ts';
import type { CallOptions } from './call-options.ts';
import type { Connection } from './connection.ts';

/** What is asked, and was. */
export class Approvals {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Pending ones and history, newest first. */
  list(query: ListApprovalsQuery = {}, { signal }: CallOptions = {}): Promise<ApprovalsPage> {
    return this.#connection.json('GET', '/approvals', { query: { ...query }, signal });
  }

  get(id: string, { signal }: CallOptions = {}): Promise<Approval> {
    return this.#connection.json('GET', pathOf(id), { signal });
  }

  /** Asks once, with or without `system_level`. To be safe against broken connections use `requestApproval`. */
  create(body: CreateApproval, { signal }: CallOptions = {}): Promise<Approval> {
    return this.#connection.json('POST', '/approvals', { body, signal });
  }

  /** Decides. If another session owns it, the decision is passed on, and the approval that is answered is `pending`. */
  resolve(id: string, body: ResolveApproval, { signal }: CallOptions = {}): Promise<Approval> {
    return this.#connection.json('POST', `${pathOf(id)}/resolve`, { body, signal });
  }

  cancel(id: string, body: CancelApproval = {}, { signal }: CallOptions = {}): Promise<Approval> {
    return this.#connection.json('POST', `${pathOf(id)}/cancel`, { body, signal });
  }
}

function pathOf(id: string): string {
  return `/approvals/${encodeURIComponent(id)}`;
}
