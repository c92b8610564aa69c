import type { HeldAgent } from './agents-by-name.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { ownerAfter } from './decide-agent.ts';
import { ownerOf as ownerOfApproval } from './decide-approval.ts';
import type { Facts, Outcome, Subject } from './decision.ts';
import { encode, type Versions } from './encode.ts';
import type { HeldApproval } from './held-approval.ts';
import {
  type Appended,
  type ClaimedKey,
  type Conflict,
  type Entry,
  eventJson,
  type Journal,
  OutcomeUnknown,
  StorageUnavailable,
} from './journal.ts';
import { Locks } from './locks.ts';
import type { Presence } from './presence.ts';
import type { Refusal } from './refusal.ts';
import { type HostLimits, Room } from './room.ts';
import type { State } from './state.ts';

/** What a command came to. */
export interface Done {
  readonly outcome: Outcome;
  /** The newest `seq` that this answer includes. */
  readonly seq: number;
  /** The subject's id; of a notification: the event's. */
  readonly id: string;
  /** The subject as it is now, as JSON; of a notification: the event; `null` for what is no more. */
  readonly json: string;
}

export type Result = Done | { readonly refusal: Refusal };

export interface ExecutorContext {
  readonly state: State;
  readonly journal: Journal;
  readonly presence: Presence;
  readonly defaultExpiresMs: number | null;
  readonly limits: HostLimits;
  /** Resolves when the state includes `seq`. */
  readonly reached: (seq: number) => Promise<boolean>;
  /** An approval that is not in memory: a final one from the journal. */
  readonly storedApproval: (id: string) => Promise<HeldApproval | undefined>;
  readonly reportError: (message: string) => void;
}

interface Held {
  readonly subject: Subject;
  readonly versions: Versions;
  /** The approval as JSON, for an answer that changes nothing. */
  readonly json: string;
}

const NOTHING: Held = {
  subject: { agent: null, approval: null },
  versions: { expected: 0, createdSeq: null, key: null },
  json: 'null',
};

/** A change that lost against another node is decided again, this often. */
const ATTEMPTS_MAX = 3;

/** Runs commands: one at a time per entity, each decided on a state that is durable. */
export class Executor {
  readonly #context: ExecutorContext;
  readonly #locks = new Locks();
  readonly #room: Room;
  #running = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(context: ExecutorContext) {
    this.#context = context;
    this.#room = new Room(context.state, context.limits);
  }

  /** `now`: when the host took the command up, in milliseconds since 1970. */
  async execute(command: Command, now: number): Promise<Result> {
    this.#running += 1;
    const lock = lockOf(command);
    const turn = lock === undefined ? undefined : this.#locks.take(lock);
    if (turn !== undefined) {
      await turn;
    }
    try {
      return await this.#run(command, now).catch(refusalOf);
    } finally {
      if (lock !== undefined) {
        this.#locks.release(lock);
      }
      this.#running -= 1;
      if (this.#running === 0) {
        this.#idle?.resolve();
      }
    }
  }

  /** Resolves when nothing runs. Call it when nothing new is coming. */
  async idle(): Promise<void> {
    if (this.#running > 0) {
      this.#idle ??= Promise.withResolvers();
      await this.#idle.promise;
    }
  }

  async #run(command: Command, now: number): Promise<Result> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const found = this.#held(command);
      const held = found instanceof Promise ? await found : found;
      const decision = decide(command, held.subject, this.#facts(command, held.subject, now));
      if (decision.type === 'refuse') {
        return { refusal: decision.refusal };
      }
      if (decision.type === 'unchanged') {
        const { id } = decision.subject;
        return { outcome: decision.outcome, seq: this.#context.state.seq, id, json: held.json };
      }
      const change = encode(decision, now, held.versions);
      const taken = this.#room.take(change);
      if ('refusal' in taken) {
        return (await this.#joinByKey(command)) ?? taken;
      }
      let appended: Appended;
      try {
        appended = await this.#context.journal.append(change);
      } finally {
        this.#room.giveBack(taken);
      }
      if ('conflict' in appended) {
        const joined = await this.#afterConflict(command, appended);
        if (joined !== undefined) {
          return joined;
        }
      } else if (decision.again) {
        attempt = 0;
      } else {
        return done(decision.outcome, { ...change, seq: appended.seq });
      }
    }
    this.#context.reportError(`'${command.type}' met ${ATTEMPTS_MAX} conflicts in a row and was given up`);
    return { refusal: { code: 'storage-unavailable', reason: 'too many changes to the same thing at once' } };
  }

  /** What the command is about, as it is now. A promise only where memory does not have it. */
  #held(command: Command): Held | Promise<Held> {
    switch (command.type) {
      case 'notify':
        return NOTHING;
      case 'create-approval':
        return { ...NOTHING, versions: { ...NOTHING.versions, key: command.key } };
      case 'register-agent':
      case 'set-agent-status':
      case 'unregister-agent':
        return holdAgent(this.#context.state.agents.get(command.id));
      case 'resolve-approval':
      case 'cancel-approval':
      case 'expire-approval': {
        const held = this.#context.state.approval(command.id);
        return held === undefined ? this.#stored(command.id) : holdApproval(held);
      }
    }
  }

  async #stored(id: string): Promise<Held> {
    const stored = await this.#context.storedApproval(id);
    return stored === undefined ? NOTHING : holdApproval(stored);
  }

  #facts(command: Command, { agent, approval }: Subject, now: number): Facts {
    const { presence, defaultExpiresMs } = this.#context;
    const owner = approval
      ? ownerOfApproval(approval)
      : agent
        ? ownerAfter(command, agent)
        : 'by' in command
          ? command.by
          : null;
    return { now, ownerConnected: owner !== null && presence.isConnected(owner), defaultExpiresMs };
  }

  /** Undefined: decide again. */
  async #afterConflict(command: Command, conflict: Conflict): Promise<Result | undefined> {
    if (conflict.conflict === 'version') {
      await this.#context.reached(conflict.version);
      return undefined;
    }
    return this.#join(command, conflict);
  }

  /** What joins an approval that is there adds nothing: it needs no room. Undefined: there is none to join. */
  async #joinByKey(command: Command): Promise<Result | undefined> {
    const key = command.type === 'create-approval' ? command.key : null;
    const claimed = key === null ? undefined : await this.#context.journal.approvalByKey(key.id);
    return claimed && this.#join(command, claimed);
  }

  /** Undefined: the approval has gone in that moment. */
  async #join(command: Command, { approvalId, request }: ClaimedKey): Promise<Result | undefined> {
    if (command.type === 'create-approval' && command.key?.request !== request) {
      return { refusal: { code: 'idempotency-key-reused' } };
    }
    const { state, storedApproval } = this.#context;
    const held = state.approval(approvalId) ?? (await storedApproval(approvalId));
    return held && { outcome: 'changed', seq: state.seq, id: held.id, json: held.json };
  }
}

/** Nothing was written, or nobody can say: the one who asked reads, or repeats with the key. */
function refusalOf(error: unknown): Result {
  if (error instanceof StorageUnavailable || error instanceof OutcomeUnknown) {
    return { refusal: { code: 'storage-unavailable', reason: error.message } };
  }
  throw error;
}

/** What no second command may touch meanwhile. An idempotency key counts as an entity. */
function lockOf(command: Command): string | undefined {
  switch (command.type) {
    case 'notify':
      return undefined;
    case 'create-approval':
      return command.key === null ? undefined : `key:${command.key.id}`;
    case 'register-agent':
    case 'set-agent-status':
    case 'unregister-agent':
      return `agent:${command.id}`;
    case 'resolve-approval':
    case 'cancel-approval':
    case 'expire-approval':
      return `approval:${command.id}`;
  }
}

function holdAgent(held: HeldAgent | undefined): Held {
  return held === undefined
    ? NOTHING
    : {
        subject: { agent: held.agent, approval: null },
        versions: { expected: held.seq, createdSeq: null, key: null },
        json: '',
      };
}

function holdApproval(held: HeldApproval): Held {
  return {
    subject: { agent: null, approval: JSON.parse(held.json) },
    versions: { expected: held.seq, createdSeq: held.createdSeq, key: null },
    json: held.json,
  };
}

function done(outcome: Outcome, entry: Entry): Done {
  const { entity, seq } = entry;
  return entity === null
    ? { outcome, seq, id: entry.id, json: eventJson(entry) }
    : { outcome, seq, id: entity.id, json: entity.state ?? 'null' };
}
