import { agentFrom } from '../model/agent.js';
import { AgentsByName } from './agents-by-name.js';
import { PendingApprovals } from './pending-approvals.js';
/** Final approvals that are kept in memory, because somebody is about to ask for them. */
const RECENT_FINAL_MAX = 1000;
const RECENT_FINAL_BYTES_MAX = 4 * 1024 * 1024;
/** Everything that is open, as of `seq`. Only `apply` changes it, and only with what is in the log. */
export class State {
    seq = 0;
    floor = 0;
    agents = new AgentsByName();
    pending = new PendingApprovals();
    #recentFinal = new Map();
    #recentFinalBytes = 0;
    approval(id) {
        return this.pending.get(id) ?? this.#recentFinal.get(id);
    }
    /** Tells of each pending approval when it expires: milliseconds since 1970, or null for never. */
    load(boot, onPending) {
        this.seq = boot.head;
        this.floor = boot.floor;
        const agents = [];
        for (const { type, id, seq, createdSeq, expiresAt, state } of boot.open) {
            if (type === 'agent') {
                agents.push({ agent: agentFrom(state), seq });
            }
            else {
                this.pending.set({ id, seq, createdSeq, json: state });
                onPending(id, expiresAt);
            }
        }
        this.agents.load(agents);
    }
    apply(entry) {
        if (entry.seq !== this.seq + 1) {
            throw new Error(`the log went from ${this.seq} to ${entry.seq}`);
        }
        this.seq = entry.seq;
        if (entry.entity?.type === 'agent') {
            this.#applyAgent(entry.entity, entry.seq);
        }
        else if (entry.entity?.type === 'approval') {
            this.#applyApproval(entry.entity, entry.seq);
        }
    }
    #applyAgent(change, seq) {
        if (change.state === null) {
            this.agents.delete(change.id);
        }
        else {
            this.agents.set({ agent: agentFrom(change.state), seq });
        }
    }
    #applyApproval(change, seq) {
        const { id, createdSeq, state } = change;
        const held = { id, seq, createdSeq: createdSeq ?? seq, json: state };
        if (change.status === 'pending') {
            this.pending.set(held);
            return;
        }
        this.pending.delete(change.id);
        this.#recentFinal.set(change.id, held);
        this.#recentFinalBytes += held.json.length;
        for (const oldest of this.#recentFinal.values()) {
            if (this.#recentFinal.size <= RECENT_FINAL_MAX && this.#recentFinalBytes <= RECENT_FINAL_BYTES_MAX) {
                break;
            }
            this.#recentFinal.delete(oldest.id);
            this.#recentFinalBytes -= oldest.json.length;
        }
    }
}
