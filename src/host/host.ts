import type { Agent } from '../model/agent.ts';
import type { Approval } from '../model/approval.ts';
import type { Actor } from '../model/session.ts';
import type { AgentPosition, HeldAgent } from './agents-by-name.ts';
import { AwaitedSeqs } from './awaited-seqs.ts';
import type { Command } from './commands.ts';
import { ownerOf } from './decide-agent.ts';
import { Executor, type Result, refusalOf } from './executor.ts';
import { Expiries } from './expiries.ts';
import type { HeldApproval } from './held-approval.ts';
import type {
  ApprovalChange,
  ApprovalQuery,
  Boot,
  Entry,
  EventPage,
  EventQuery,
  Journal,
  StoredApproval,
} from './journal.ts';
import { LocalPresence } from './local-presence.ts';
import type { Presence } from './presence.ts';
import { RecentEvents } from './recent-events.ts';
import type { HostLimits } from './room.ts';
import { State } from './state.ts';
import { Wait, type WaitEnd, Waits } from './waits.ts';
import { within } from './within.ts';

/**
 * Whoever asks something for which the log of several nodes is needed is answered within this, also where one thing that
 * takes long comes after another. What was begun goes on: it may or may not happen. In milliseconds.
 */
export const ANSWER_MS = 4800;
const LATE = 'the database has not answered in time';

export interface HostOptions {
  /** This node's name, for people. */
  readonly node: string;
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  /** For approvals that are asked for without an `expires_in_ms`; null: never. */
  readonly defaultExpiresMs: number | null;
  /** How many bytes of the newest events are kept in memory. */
  readonly recentBytes: number;
  readonly limits: HostLimits;
  readonly reportError: (message: string) => void;
}

/** One Sallyport: its agents, approvals and events. What routes and streams call. */
export class Host {
  readonly presence: Presence;
  readonly #state = new State();
  readonly #recent: RecentEvents;
  readonly #waits = new Waits();
  readonly #listeners = new Set<(entries: readonly Entry[]) => void>();
  readonly #awaited = new AwaitedSeqs();
  readonly #journal: Journal;
  readonly #options: HostOptions;
  readonly #executor: Executor;
  readonly #expiries: Expiries;
  #stopping = false;

  /** It knows nothing, and is not to be asked, until it has begun. */
  constructor(journal: Journal, options: HostOptions) {
    this.presence = journal.shared?.presence ?? new LocalPresence(options.node);
    this.#journal = journal;
    this.#options = options;
    this.#recent = new RecentEvents(options.recentBytes);
    this.#executor = new Executor({
      state: this.#state,
      journal,
      presence: this.presence,
      defaultExpiresMs: options.defaultExpiresMs,
      limits: options.limits,
      reached: (seq) => this.reached(seq),
      storedApproval: (id) => this.#storedApproval(id),
      reportError: options.reportError,
    });
    this.#expiries = new Expiries({
      clock: options.clock,
      isShared: journal.shared !== null,
      isPending: (id) => this.#state.pending.has(id),
      expire: (id) => this.execute({ type: 'expire-approval', id }),
      reportError: options.reportError,
    });
  }

  /** Takes in what is open and expires what is overdue; then it is ready. */
  async begin(boot: Boot): Promise<void> {
    await this.#state.load(boot, (id, expiresAt) => this.#expiries.watch(id, expiresAt));
    this.#journal.tail({
      entries: (entries) => this.#onEntries(entries),
      floor: (floor) => {
        this.#state.floor = floor;
      },
    });
    if (!(await this.#expiries.expireDue())) {
      this.#expiries.stop();
      throw new Error(`approvals that are overdue could not be expired: ${this.#journal.problem()}`);
    }
  }

  /** `seq` of the newest event. */
  get seq(): number {
    return this.#state.seq;
  }

  /** At and below it there are no events any more. */
  get floor(): number {
    return this.#state.floor;
  }

  get epoch(): string {
    return this.#journal.epoch;
  }

  get figures(): { agents: number; pending: number; waits: number } {
    return { agents: this.#state.agents.size, pending: this.#state.pending.size, waits: this.#waits.size };
  }

  /** Names the log, on every node and for as long as it is this one. */
  get logId(): string {
    return this.#journal.logId;
  }

  /** How long an approval can be answered when nobody says; null: for ever. */
  get defaultExpiresMs(): number | null {
    return this.#options.defaultExpiresMs;
  }

  /** Why changes are refused at the moment, as a sentence; null when they are not. */
  problem(): string | null {
    return this.#stopping ? 'this node is shutting down' : this.#journal.problem();
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  execute(command: Command): Promise<Result> {
    if (this.#stopping) {
      return Promise.resolve({ refusal: { code: 'shutting-down' } });
    }
    const result = this.#executor.execute(command, this.#options.clock());
    if (this.#journal.shared === null) {
      return result;
    }
    const known = command.type === 'create-approval' ? this.#expiries.own(command, result) : result;
    return this.#inTime(known).catch(refusalOf);
  }

  async agent(id: string): Promise<Agent | undefined> {
    if (!this.#state.agents.has(id)) {
      await this.catchUp();
    }
    const agent = this.#state.agents.get(id)?.agent;
    return agent && { ...agent, connected: await this.#isConnectedAnywhere(ownerOf(agent)) };
  }

  /** By name, then id, from the first one after `position` (null: from the start). */
  *agents(position: AgentPosition | null): Generator<Agent> {
    for (const held of this.#state.agents.from(position)) {
      yield this.#withPresence(held);
    }
  }

  /** As it is now, or was a moment ago on another node. */
  async approval(id: string): Promise<HeldApproval | undefined> {
    return this.#state.approval(id) ?? (await this.#inTime(this.#storedApproval(id)));
  }

  /** As it is now, on whatever node it was made. Undefined, and no promise: memory has what there is to know. */
  find(id: string): Promise<HeldApproval | undefined> | undefined {
    const catchingUp = this.isPending(id) ? undefined : this.catchUp();
    return catchingUp && this.#inTime(catchingUp.then(() => this.approval(id)));
  }

  /** The state then includes everything that was answered before, by whatever node. Undefined: it does. */
  catchUp(): Promise<void> | undefined {
    return this.#journal.shared?.catchUp();
  }

  /** Somebody can still decide it. */
  isPending(approvalId: string): boolean {
    return this.#state.pending.has(approvalId);
  }

  approvals(query: ApprovalQuery): Promise<StoredApproval[]> {
    return this.#journal.approvals(query);
  }

  /** Events above the floor, from memory if it has them all. */
  async events(query: EventQuery): Promise<EventPage> {
    const { floor } = this.#state;
    const events = this.#recent.read({ ...query, after: Math.max(query.after, floor) });
    return events === undefined ? this.#journal.events(query) : { events, floor, isCut: false };
  }

  /** Everything that is open, as of `seq`: texts and references, nothing copied. */
  capture(): { seq: number; agents: readonly HeldAgent[]; approvals: readonly HeldApproval[] } {
    return {
      seq: this.#state.seq,
      agents: this.#state.agents.all(),
      approvals: this.#state.pending.all(),
    };
  }

  isConnected(agent: Agent): boolean {
    return this.presence.isConnected(ownerOf(agent));
  }

  /** Calls `listener` with every group of new events, in order. Returns what ends it. */
  subscribe(listener: (entries: readonly Entry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True when the state includes `seq`, false when that has taken longer than `withinMs`. */
  reached(seq: number, withinMs?: number): Promise<boolean> {
    if (seq <= this.#state.seq || this.#stopping) {
      return Promise.resolve(seq <= this.#state.seq);
    }
    const reached = this.#awaited.wait(seq, withinMs);
    // Not to wait for a hint that may be lost. If it fails, the journal tries again by itself.
    this.catchUp()?.catch(() => {});
    return reached;
  }

  /**
   * Waits until the approval is final, `timeoutMs` has passed or the node stops; then `tell` is called, once.
   * Undefined: there is no such approval. `known`: it was found a moment ago.
   */
  async wait(
    approvalId: string,
    timeoutMs: number,
    tell: (end: WaitEnd) => void,
    known?: HeldApproval,
  ): Promise<Wait | undefined> {
    const found = known ?? (await this.approval(approvalId));
    if (found === undefined) {
      return undefined;
    }
    // The state may be ahead of what was found: only one of this moment is an answer.
    const held = this.#state.approval(approvalId) ?? found;
    const wait = new Wait(approvalId, tell);
    if (!this.#state.pending.has(approvalId)) {
      tell({ type: 'answer', json: answerJson(held.state) });
    } else if (this.#stopping) {
      tell({ type: 'shutting-down', approval: held.state });
    } else {
      this.#waits.park(wait, timeoutMs, () => this.#timeOut(wait));
    }
    return wait;
  }

  /** The one who waited is gone. */
  endWait(wait: Wait): void {
    this.#waits.end(wait);
  }

  /** Refuses new changes, finishes those that run, then answers every wait. Once. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#expiries.stop();
    await this.#executor.idle();
    this.#awaited.giveUp();
    for (const id of this.#waits.approvalIds) {
      this.#waits.tellAll(id, { type: 'shutting-down', approval: this.#pendingJson(id) });
    }
  }

  #onEntries(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#state.apply(entry);
      const { seq, kind, agentId, head, payload, entity } = entry;
      this.#recent.push({ seq, kind, agentId, head, payload });
      if (entity?.type === 'approval') {
        this.#onApproval(entity);
      }
    }
    for (const listener of this.#listeners) {
      listener(entries);
    }
    this.#awaited.wake(this.#state.seq);
  }

  #onApproval(change: ApprovalChange): void {
    if (change.status !== 'pending') {
      if (this.#waits.has(change.id)) {
        this.#waits.tellAll(change.id, { type: 'answer', json: answerJson(change.state) });
      }
    } else if (change.createdSeq === null) {
      this.#expiries.watch(change.id, change.expiresAt);
    }
  }

  #timeOut(wait: Wait): void {
    this.#waits.end(wait);
    wait.tell({ type: 'answer', json: answerJson(this.#pendingJson(wait.approvalId)) });
  }

  /** A wait is parked only while its approval is pending. */
  #pendingJson(id: string): string {
    return (this.#state.pending.get(id) as HeldApproval).state;
  }

  async #storedApproval(id: string): Promise<HeldApproval | undefined> {
    const stored = await this.#journal.approval(id);
    if (stored === undefined) {
      return undefined;
    }
    if (stored.seq > this.#state.seq) {
      await (this.catchUp() ?? this.reached(stored.seq));
    }
    // What the state has is not older by now.
    return this.#state.approval(id) ?? stored;
  }

  #inTime<T>(promise: Promise<T>): Promise<T> {
    return this.#journal.shared === null ? promise : within(ANSWER_MS, promise, LATE);
  }

  async #isConnectedAnywhere(owner: Actor): Promise<boolean> {
    try {
      return this.presence.isConnected(owner) || (await this.presence.find(owner));
    } catch {
      // The agent itself is known: as far as this node knows its owner is not connected.
      return false;
    }
  }

  #withPresence({ agent }: HeldAgent): Agent {
    return { ...agent, connected: this.isConnected(agent) };
  }
}

/** `{outcome, approval}` of the same moment. Only a pending approval has no outcome: then this wait has timed out. */
function answerJson(approval: string): string {
  const { outcome } = JSON.parse(approval) as Approval;
  return `{"outcome":"${outcome ?? 'timed_out'}","approval":${approval}}`;
}
