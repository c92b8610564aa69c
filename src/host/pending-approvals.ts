import { Counter } from './counter.ts';
import { type HeldApproval, requesterIn } from './held-approval.ts';
import type { OpenEntity } from './journal.ts';

/** The pending approvals, in the order of their creation, and how many there are of what counts against a limit. */
export class PendingApprovals {
  readonly #byId = new Map<string, HeldApproval>();
  readonly #byRequester = new Counter();
  #bytes = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** Of their texts together, in UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many there are of one requester, as `requesterIn` finds it. */
  requestedBy(requester: string): number {
    return this.#byRequester.of(requester);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  get(id: string): HeldApproval | undefined {
    return this.#byId.get(id);
  }

  all(): HeldApproval[] {
    return [...this.#byId.values()];
  }

  /** One of those of a start, of which there is none yet. */
  add(entity: OpenEntity): void {
    this.#byId.set(entity.id, entity);
    this.#bytes += entity.bytes ?? Buffer.byteLength(entity.state);
    this.#count(entity.requester ?? requesterIn(entity.state));
  }

  /** One that is there already has changed, not who asked for it. */
  set(held: HeldApproval): void {
    const before = this.#byId.get(held.id);
    this.#byId.set(held.id, held);
    this.#bytes += Buffer.byteLength(held.state);
    if (before === undefined) {
      this.#count(requesterIn(held.state));
    } else {
      this.#bytes -= Buffer.byteLength(before.state);
    }
  }

  delete(id: string): void {
    const held = this.#byId.get(id);
    if (held !== undefined) {
      this.#byId.delete(id);
      this.#bytes -= Buffer.byteLength(held.state);
      this.#byRequester.remove(requesterIn(held.state));
    }
  }

  #count(requester: string): void {
    const isNew = this.#byRequester.of(requester) === 0;
    // A part of a text keeps the whole of it in memory: a name that may stay for long becomes a text of its own.
    this.#byRequester.add(isNew ? Buffer.from(requester).toString() : requester);
  }
}
