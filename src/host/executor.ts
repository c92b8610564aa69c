import { type Command, lockOf } from './commands.ts';
import { decide } from './decide.ts';
import { type Facts, mayBeOutdated, type Outcome, type Subject } from './decision.ts';
import { encode } from './encode.ts';
import type { HeldApproval } from './held-approval.ts';
import { type HeldSubject, holdAgent, holdApproval, NO_SUBJECT } from './held-subject.ts';
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
import { ownerToFind } from './owner-to-find.ts';
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
  /** Reads the approval from the journal, and brings the state to where the log was then. */
  readonly storedApproval: (id: string) => Promise<HeldApproval | undefined>;
  readonly reportError: (message: string) => void;
}

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
    const { state, journal, reportError } = this.#context;
    let { shared } = journal;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const found = this.#held(command);
      const held = found instanceof Promise ? await found : found;
      const facts = this.#facts(command, held.subject, now);
      const decision = decide(command, held.subject, facts instanceof Promise ? await facts : facts);
      if (shared !== null && decision.type !== 'record' && mayBeOutdated(decision)) {
        // Once is enough: it is the log as it was after the command had come.
        await shared.catchUp();
        shared = null;
        attempt -= 1;
        continue;
      }
      if (decision.type === 'refuse') {
        return { refusal: decision.refusal };
      }
      if (decision.type === 'unchanged') {
        const { id } = decision.subject;
        return { outcome: decision.outcome, seq: state.seq, id, json: held.json };
      }
      const change = encode(decision, now, held.versions);
      const taken = this.#room.take(change);
      if ('refusal' in taken) {
        return (await this.#joinByKey(command)) ?? taken;
      }
      let appended: Appended;
      try {
        appended = await journal.append(change);
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
    reportError(`'${command.type}' met ${ATTEMPTS_MAX} conflicts in a row and was given up`);
    return { refusal: { code: 'storage-unavailable', reason: 'too many changes to the same thing at once' } };
  }

  /** What the command is about, as it is now. A promise only where memory does not have it. */
  #held(command: Command): HeldSubject | Promise<HeldSubject> {
    switch (command.type) {
      case 'notify':
        return NO_SUBJECT;
      case 'create-approval':
        return { ...NO_SUBJECT, versions: { ...NO_SUBJECT.versions, key: command.key } };
      case 'register-agent':
      case 'set-agent-status':
      case 'unregister-agent':
        return holdAgent(this.#context.state.agents.get(command.id));
      case 'resolve-approval':
      case 'cancel-approval':
      case 'expire-approval': {
        const held = this.#context.state.approval(command.id);
        return held === undefined
          ? this.#context.storedApproval(command.id).then(holdApproval)
          : holdApproval(held);
      }
    }
  }

  /** A promise only where other nodes have to be asked. */
  #facts(command: Command, subject: Subject, now: number): Facts | Promise<Facts> {
    const { presence, defaultExpiresMs } = this.#context;
    const owner = ownerToFind(command, subject);
    const connected = owner !== null && (presence.isConnected(owner) || presence.find(owner));
    const facts = (ownerConnected: boolean) => ({ now, ownerConnected, defaultExpiresMs });
    if (!(connected instanceof Promise)) {
      return facts(connected);
    }
    // To an agent it is only shown: that is no reason to refuse what it reports.
    const known = command.type === 'resolve-approval' ? connected : connected.catch(() => false);
    return known.then(facts);
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
    return held && { outcome: 'changed', seq: state.seq, id: held.id, json: held.state };
  }
}

/** Nothing was written, or nobody can say: the one who asked reads, or repeats with the key. */
export function refusalOf(error: unknown): Result {
  if (error instanceof StorageUnavailable || error instanceof OutcomeUnknown) {
    return { refusal: { code: 'storage-unavailable', reason: error.message } };
  }
  throw error;
}

function done(outcome: Outcome, entry: Entry): Done {
  const { entity, seq } = entry;
  return entity === null
    ? { outcome, seq, id: entry.id, json: eventJson(entry) }
    : { outcome, seq, id: entity.id, json: entity.state ?? 'null' };
}
