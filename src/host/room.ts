import { Counter } from './counter.ts';
import { requesterIn } from './held-approval.ts';
import type { Change } from './journal.ts';
import type { Refusal } from './refusal.ts';
import type { State } from './state.ts';

/** How much is kept open at most. */
export interface HostLimits {
  readonly maxAgents: number;
  readonly maxPending: number;
  /** Of the texts of all pending approvals together, in UTF-8. */
  readonly maxPendingBytes: number;
  /** Of one session of one principal. */
  readonly maxPendingPerSession: number;
}

/** What a change adds to what is open. */
export interface Addition {
  readonly agents: 0 | 1;
  readonly approvals: 0 | 1;
  readonly bytes: number;
  readonly requester: string;
}

const NOTHING: Addition = { agents: 0, approvals: 0, bytes: 0, requester: '' };

/**
 * Room for what is open. What is on its way to the log takes some, too: all that is decided in one turn is decided
 * before the first of it is there to be seen. Each node counts what it has on its way itself.
 */
export class Room {
  readonly #state: State;
  readonly #limits: HostLimits;
  readonly #arrivingOf = new Counter();
  #arrivingAgents = 0;
  #arriving = 0;
  #arrivingBytes = 0;

  constructor(state: State, limits: HostLimits) {
    this.#state = state;
    this.#limits = limits;
  }

  /** Takes room for what the change adds, to be given back once it is in the log or never will be; or takes none. */
  take(change: Change): Addition | { readonly refusal: Refusal } {
    const addition = additionOf(change);
    const refusal =
      addition.approvals > 0 ? this.#approvalRefusal(addition) : this.#agentRefusal(addition.agents);
    if (refusal !== undefined) {
      return { refusal };
    }
    this.#count(addition, 1);
    if (addition.approvals > 0) {
      this.#arrivingOf.add(addition.requester);
    }
    return addition;
  }

  giveBack(addition: Addition): void {
    this.#count(addition, -1);
    if (addition.approvals > 0) {
      this.#arrivingOf.remove(addition.requester);
    }
  }

  #count({ agents, approvals, bytes }: Addition, sign: 1 | -1): void {
    this.#arrivingAgents += sign * agents;
    this.#arriving += sign * approvals;
    this.#arrivingBytes += sign * bytes;
  }

  #agentRefusal(added: number): Refusal | undefined {
    const max = this.#limits.maxAgents;
    return added > 0 && this.#state.agents.size + this.#arrivingAgents >= max
      ? { code: 'too-many-agents', max }
      : undefined;
  }

  #approvalRefusal({ bytes, requester }: Addition): Refusal | undefined {
    const code = 'too-many-pending-approvals';
    const { pending } = this.#state;
    const { maxPending, maxPendingBytes, maxPendingPerSession } = this.#limits;
    if (pending.requestedBy(requester) + this.#arrivingOf.of(requester) >= maxPendingPerSession) {
      return { code, limit: 'of-session', max: maxPendingPerSession };
    }
    if (pending.size + this.#arriving >= maxPending) {
      return { code, limit: 'in-all', max: maxPending };
    }
    return pending.bytes + this.#arrivingBytes + bytes > maxPendingBytes
      ? { code, limit: 'in-bytes', max: maxPendingBytes }
      : undefined;
  }
}

/** Only what is new adds anything: it has no version yet. */
function additionOf({ entity }: Change): Addition {
  if (entity === null || entity.expected !== 0) {
    return NOTHING;
  }
  return entity.type === 'agent'
    ? { ...NOTHING, agents: 1 }
    : {
        agents: 0,
        approvals: 1,
        bytes: Buffer.byteLength(entity.state),
        requester: requesterIn(entity.state),
      };
}
