import { agentFrom } from '../model/agent.ts';
import { AgentsByName, type HeldAgent } from './agents-by-name.ts';
import type { HeldApproval } from './held-approval.ts';
import type { AgentChange, ApprovalChange, Boot, Entry } from './journal.ts';
import { PendingApprovals } from './pending-approvals.ts';

/** Final approvals that are kept in memory, because somebody is about to ask for them. */
const RECENT_FINAL_MAX = 1000;
const RECENT_FINAL_BYTES_MAX = 4 * 1024 * 1024;

/** Everything that is open, as of `seq`. Only `apply` changes it, and only with what is in the log. */
export class State {
  seq = 0;
  floor = 0;
  readonly agents = new AgentsByName();
  readonly pending = new PendingApprovals();
  readonly #recentFinal = new Map<string, HeldApproval>();
  #recentFinalBytes = 0;

  approval(id: string): HeldApproval | undefined {
    return this.pending.get(id) ?? this.#recentFinal.get(id);
  }

  /** Tells of each pending approval when it expires: milliseconds since 1970, or null for never. */
  async load(boot: Boot, onPending: (id: string, expiresAt: number | null) => void): Promise<void> {
    this.seq = boot.head;
    this.floor = boot.floor;
    const agents: HeldAgent[] = [];
    for await (const part of boot.open) {
      for (const entity of part) {
        if (entity.type === 'agent') {
          agents.push({ agent: agentFrom(entity.state), seq: entity.seq });
        } else {
          this.pending.add(entity);
          onPending(entity.id, entity.expiresAt);
        }
      }
    }
    this.agents.load(agents);
  }

  apply(entry: Entry): void {
    if (entry.seq !== this.seq + 1) {
      throw new Error(`the log went from ${this.seq} to ${entry.seq}`);
    }
    this.seq = entry.seq;
    if (entry.entity?.type === 'agent') {
      this.#applyAgent(entry.entity, entry.seq);
    } else if (entry.entity?.type === 'approval') {
      this.#applyApproval(entry.entity, entry.seq);
    }
  }

  #applyAgent(change: AgentChange, seq: number): void {
    if (change.state === null) {
      this.agents.delete(change.id);
    } else {
      this.agents.set({ agent: agentFrom(change.state), seq });
    }
  }

  #applyApproval(change: ApprovalChange, seq: number): void {
    const { id, createdSeq, state } = change;
    const held = { id, seq, createdSeq: createdSeq ?? seq, state };
    if (change.status === 'pending') {
      this.pending.set(held);
      return;
    }
    this.pending.delete(change.id);
    this.#recentFinal.set(change.id, held);
    this.#recentFinalBytes += held.state.length;
    for (const oldest of this.#recentFinal.values()) {
      if (this.#recentFinal.size <= RECENT_FINAL_MAX && this.#recentFinalBytes <= RECENT_FINAL_BYTES_MAX) {
        break;
      }
      this.#recentFinal.delete(oldest.id);
      this.#recentFinalBytes -= oldest.state.length;
    }
  }
}
