/** What clients, readers and faults of one run did and saw. What is checked is this, and nothing that a node says of itself. */
export interface History {
  readonly operations: readonly Operation[];
  readonly readings: readonly Reading[];
  readonly faults: readonly Fault[];
  /** Nodes that ended without being killed, each with its last words. */
  readonly deaths: readonly string[];
  /** Nodes that were told to stop. */
  readonly stops: readonly Stop[];
  /** All that was ever written, as the database has it. */
  readonly log: readonly LogEvent[];
  /** How the floor moved, in order. */
  readonly floors: readonly FloorMove[];
  /** So many of the newest events each node has to keep. */
  readonly retainEvents: number;
  /** What each node says when all is over and everything is well again. */
  readonly endings: readonly Ending[];
}

export type OperationKind =
  | 'create'
  | 'ask'
  | 'wait'
  | 'read'
  | 'resolve'
  | 'cancel'
  | 'register'
  | 'report'
  | 'unregister'
  | 'notify';

/** One request. Times are in milliseconds since 1970, by the clock of the test. */
export interface Operation {
  readonly kind: OperationKind;
  /** 0, 1, 2. */
  readonly node: number;
  readonly session: string;
  /** What gets into the log by this request alone, at most once. Tries of the same request share it. */
  readonly mark: string | null;
  readonly key: string | null;
  /** The approval or the agent. */
  readonly about: string | null;
  /** What it asked for. */
  readonly body: Record<string, unknown>;
  /** How long it wanted to wait. */
  readonly timeoutMs: number;
  /** The client knew that the log goes this far. */
  readonly knownSeq: number;
  /** `Sallyport-Min-Seq` was sent with `knownSeq`. */
  readonly isOrdered: boolean;
  readonly begunAt: number;
  readonly endedAt: number;
  /** Null: there was none. */
  readonly answer: Answer | null;
}

export interface Answer {
  readonly status: number;
  /** `Sallyport-Seq`. */
  readonly seq: number | null;
  readonly hasRetryAfter: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape.
  readonly body: any;
}

/** What a client saw of the log by way of streams that broke and were resumed. */
export interface Reading {
  readonly name: string;
  /** The start of the kinds that it wants; empty: all. */
  readonly family: string;
  readonly connections: readonly Connection[];
}

export interface Connection {
  readonly node: number;
  readonly begunAt: number;
  /** Null: it began anew. */
  readonly lastEventId: string | null;
  /** It wanted a snapshot, should it begin anew. */
  readonly asksSnapshot: boolean;
  /** What its answer had to include. */
  readonly minSeq: number;
  /** The data of `hello`; null: it broke before. */
  hello: { readonly seq: number; readonly resumed_from: number | null; readonly gap: boolean } | null;
  helloAt: number;
  /** Null: there was none, or it broke before its end. */
  snapshot: Snapshot | null;
  readonly seen: Seen[];
  /** The last `id:` that came; null: none. */
  lastId: string | null;
}

export interface Seen {
  readonly seq: number;
  readonly digest: string;
}

/** All frames of it together. */
export interface Snapshot {
  readonly seq: number;
  // biome-ignore lint/suspicious/noExplicitAny: as it was sent.
  readonly agents: any[];
  // biome-ignore lint/suspicious/noExplicitAny: as it was sent.
  readonly approvals: any[];
  readonly events: Seen[];
}

export interface Stop {
  readonly node: number;
  readonly tookMs: number;
  /** Of its process. */
  readonly code: number | null;
  readonly lastWords: string;
}

export interface FloorMove {
  readonly floor: number;
  /** In milliseconds since 1970, a little before anybody could know. */
  readonly at: number;
}

export interface Fault {
  readonly fault: string;
  /** Null: the database, for all of them. */
  readonly node: number | null;
  readonly begunAt: number;
  endedAt: number;
}

export interface LogEvent {
  readonly seq: number;
  readonly id: string;
  readonly timestamp: string;
  readonly kind: string;
  readonly agent_id: string | null;
  readonly message: string;
  // biome-ignore lint/suspicious/noExplicitAny: an approval, an agent, or what a client sent.
  readonly payload: any;
}

export interface Ending {
  /** What it keeps. */
  readonly log: readonly LogEvent[];
  // biome-ignore lint/suspicious/noExplicitAny: as it was answered.
  readonly agents: readonly any[];
  // biome-ignore lint/suspicious/noExplicitAny: as it was answered.
  readonly approvals: readonly any[];
}

/** Something that must not be. */
export interface Wrong {
  readonly rule: string;
  /** A sentence. */
  readonly what: string;
  /** The approval, the agent, the mark or the reading it is about; null: none. */
  readonly about: string | null;
}

/** The mark that an event carries. */
export function markOf({ kind, message, payload }: LogEvent): string | null {
  switch (kind) {
    case 'approval.requested':
      return payload.action;
    case 'approval.resolved':
    case 'approval.cancelled':
    case 'approval.resolve_requested':
      return payload.comment;
    case 'agent.registered':
      return payload.name;
    case 'agent.status_changed':
    case 'host.notification':
      return message;
    default:
      return null;
  }
}

/** The approval that an event is about. */
export function approvalOf({ kind, payload }: LogEvent): string | null {
  if (!kind.startsWith('approval.')) return null;
  return kind === 'approval.resolve_requested' ? payload.approval_id : payload.id;
}

/** An answer that says it has happened. */
export function isDone({ answer }: Operation): boolean {
  return answer !== null && answer.status < 300;
}

/** Nobody can say whether it has happened. */
export function isUnknown({ answer }: Operation): boolean {
  return answer === null || answer.status === 503;
}

const FINAL = ['approval.resolved', 'approval.expired', 'approval.cancelled'];

export function isFinal({ kind }: LogEvent): boolean {
  return FINAL.includes(kind);
}
