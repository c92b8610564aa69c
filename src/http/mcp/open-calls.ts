import { createHash } from 'node:crypto';
import type { Host } from '../../host/host.ts';
import { newId } from '../../host/ids.ts';
import type { Actor } from '../../model/session.ts';

/** A request of a client, as the client names it. Null: it has no session, and nobody could say whose it is. */
export type CallName = readonly [session: string, id: string | number] | null;

const MARK_DIGITS = 16;

/**
 * The calls that this node is answering, so that the notification that cancels one finds it.
 *
 * It may come to another node than the call. The approval that nobody else could find has an id that ends with a mark of
 * its call, and every node knows what is pending: so that one can take the approval back, which ends the wait.
 */
export class OpenCalls {
  readonly #host: Host;
  readonly #cancels = new Map<string, () => void>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Remembers how to cancel a call. Returns what forgets it. */
  add(call: CallName, cancel: () => void): () => void {
    const key = JSON.stringify(call);
    if (call !== null) {
      this.#cancels.set(key, cancel);
    }
    return () => {
      if (this.#cancels.get(key) === cancel) {
        this.#cancels.delete(key);
      }
    };
  }

  /** An id for the approval that the call asks for. */
  newApprovalId(call: CallName): string {
    const id = newId('approval-', Date.now());
    return call === null ? id : id.slice(0, -MARK_DIGITS) + markOf(call);
  }

  async cancel(call: CallName, by: Actor, comment: string): Promise<void> {
    const cancel = this.#cancels.get(JSON.stringify(call));
    if (call === null || cancel !== undefined) {
      cancel?.();
      return;
    }
    const mark = markOf(call);
    const pending = this.#host.capture().approvals;
    for (const { id } of pending.filter((approval) => approval.id.endsWith(mark))) {
      await this.#host.execute({ type: 'cancel-approval', by, id, comment, asAdministrator: false });
    }
  }
}

function markOf(call: CallName): string {
  return createHash('sha256').update(JSON.stringify(call)).digest('hex').slice(0, MARK_DIGITS);
}
