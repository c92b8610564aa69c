import { Counter } from './counter.js';
import { requesterIn } from './held-approval.js';
const NOTHING = { agents: 0, approvals: 0, bytes: 0, requester: '' };
/**
 * Room for what is open. What is on its way to the log takes some, too: all that is decided in one turn is decided
 * before the first of it is there to be seen. Each node counts what it has on its way itself.
 */
export class Room {
    #state;
    #limits;
    #arrivingOf = new Counter();
    #arrivingAgents = 0;
    #arriving = 0;
    #arrivingBytes = 0;
    constructor(state, limits) {
        this.#state = state;
        this.#limits = limits;
    }
    /** Takes room for what the change adds, to be given back once it is in the log or never will be; or takes none. */
    take(change) {
        const addition = additionOf(change);
        const refusal = addition.approvals > 0 ? this.#approvalRefusal(addition) : this.#agentRefusal(addition.agents);
        if (refusal !== undefined) {
            return { refusal };
        }
        this.#count(addition, 1);
        if (addition.approvals > 0) {
            this.#arrivingOf.add(addition.requester);
        }
        return addition;
    }
    giveBack(addition) {
        this.#count(addition, -1);
        if (addition.approvals > 0) {
            this.#arrivingOf.remove(addition.requester);
        }
    }
    #count({ agents, approvals, bytes }, sign) {
        this.#arrivingAgents += sign * agents;
        this.#arriving += sign * approvals;
        this.#arrivingBytes += sign * bytes;
    }
    #agentRefusal(added) {
        const max = this.#limits.maxAgents;
        return added > 0 && this.#state.agents.size + this.#arrivingAgents >= max
            ? { code: 'too-many-agents', max }
            : undefined;
    }
    #approvalRefusal({ bytes, requester }) {
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
function additionOf({ entity }) {
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
