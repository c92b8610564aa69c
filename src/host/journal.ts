import type { HeldApproval } from './held-approval.ts';
import type { Presence } from './presence.ts';

/**
 * The port between the host and whatever keeps its log. It is the only thing that differs between engines.
 *
 * A journal is a numbered list of entries. `append` makes one change durable and gives it the next number; the tail
 * hands every entry to the host once, in order, before the append that made it resolves.
 */
export interface Journal {
  /**
   * 8 hex digits, chosen when the log was made. Another log, or the same one turned back, has another epoch. It may change
   * while the log is open, when its database was replaced by a copy that goes on from the same events.
   */
  readonly epoch: string;

  /** Names the log, and stays for as long as it is the same list of events, also where the epoch changes. */
  readonly logId: string;

  /** What there is besides where other nodes write this log too; null: nobody else does. */
  readonly shared: SharedLog | null;

  /** The clock that decisions go by, in milliseconds since 1970: one for all who share the log. */
  now(): number;

  /** What there is at the start: call it once, before `tail` and `append`. */
  boot(): Promise<Boot>;

  /**
   * The one reader of new entries, whoever appended them. Entries come in groups, in order, each once; a new floor comes
   * alone. Entries of others have no `key`.
   */
  tail(reader: TailReader): void;

  /**
   * Makes `change` durable. Resolves when the tail has passed it or, on a conflict, what it is in conflict with. Rejects
   * with `StorageUnavailable` if nothing was written, and with `OutcomeUnknown` if nobody can say yet.
   */
  append(change: Change): Promise<Appended>;

  /** Events above the floor, and the floor as it was in the same read: what is not there may have gone below it. */
  events(query: EventQuery): Promise<EventPage>;

  /** The approval as it is now, whatever its status. */
  approval(id: string): Promise<StoredApproval | undefined>;

  /** What an idempotency key was used for, by the key's `id`. */
  approvalByKey(keyId: string): Promise<ClaimedKey | undefined>;

  /** Approvals in the order of their creation events. */
  approvals(query: ApprovalQuery): Promise<StoredApproval[]>;

  /** Why appends fail at the moment, as a sentence; null when they do not. */
  problem(): string | null;

  /** Figures for the metrics. */
  statistics(): Promise<JournalStatistics>;

  /** Finishes the appends that were accepted, then lets go of everything. */
  close(): Promise<void>;
}

export interface SharedLog {
  /**
   * Resolves when everything that was written before this was called, by whatever node, has passed the tail. Rejects with
   * `StorageUnavailable`.
   */
  catchUp(): Promise<void>;

  readonly presence: Presence;
}

export interface Boot {
  /** `seq` of the newest entry; 0 in a new log. */
  head: number;
  /** At and below it there are no events any more. */
  floor: number;
  /** Every registered agent and every pending approval, as of `head`, each in the order of `createdSeq`: in parts, as they are read. */
  open: Parts<Iterable<OpenEntity>>;
}

/** What `for await` goes through, whether it is there already or comes. */
export type Parts<T> = Iterable<T> | AsyncIterable<T>;

export interface TailReader {
  entries(entries: readonly Entry[]): void;
  floor(floor: number): void;
}

/** What is to be written: an event, and what it makes of the entity it is about. */
export interface Change {
  /** `event-` and hex digits; unique. */
  readonly id: string;
  readonly kind: string;
  readonly agentId: string | null;
  /** When it was decided: milliseconds since 1970, UTC. */
  readonly timestamp: number;
  /** The event's members between `seq` and `payload`, as JSON: `"id":"event-…",…,"message":"…"`. See `eventJson`. */
  readonly head: string;
  /** The event's payload, as JSON. */
  readonly payload: string;
  /** Null: a notification, which changes no entity. */
  readonly entity: EntityChange | null;
}

export type EntityChange = AgentChange | ApprovalChange;

export interface AgentChange {
  readonly type: 'agent';
  readonly id: string;
  /** The version this was decided on: `seq` of the agent's newest entry, 0 when it was not registered. */
  readonly expected: number;
  /** The agent as it is now, as JSON; null: unregistered. */
  readonly state: string | null;
}

export interface ApprovalChange {
  readonly type: 'approval';
  readonly id: string;
  /** The version this was decided on: `seq` of the approval's newest entry, 0 for a new one. */
  readonly expected: number;
  /** The approval as it is now, as JSON. */
  readonly state: string;
  /** `pending` keeps it open, everything else closes it. */
  readonly status: 'pending' | 'resolved' | 'expired' | 'cancelled';
  /** `seq` of its creation event; null: this is it. */
  readonly createdSeq: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970, or null: never. */
  readonly expiresAt: number | null;
  readonly decidedBy: { readonly session_id: string; readonly principal: string | null } | null;
  /** Only for a new approval: the idempotency key it was asked for with. */
  readonly key: IdempotencyKey | null;
}

export interface IdempotencyKey {
  /** A digest of principal, session and key. */
  readonly id: string;
  /** A digest of what was asked. */
  readonly request: string;
}

/** A change that is in the log. */
export interface Entry extends Change {
  readonly seq: number;
}

export type Appended = { readonly seq: number } | Conflict;

/** The change was not written, because what it was decided on is no longer so. */
export type Conflict =
  /** The entity's version is `version` (0: it is not open). */
  | { readonly conflict: 'version'; readonly version: number }
  /** The idempotency key belongs to an approval that is there already. */
  | ({ readonly conflict: 'key' } & ClaimedKey);

/** An idempotency key that belongs to an approval that is there. */
export interface ClaimedKey {
  readonly approvalId: string;
  /** The digest of what was asked with it. */
  readonly request: string;
}

export interface OpenEntity {
  readonly type: 'agent' | 'approval';
  readonly id: string;
  readonly seq: number;
  readonly createdSeq: number;
  readonly expiresAt: number | null;
  /** May be made from its bytes each time it is read: most of what is open at a start is not looked at for long. */
  readonly state: string;
  /** How many bytes `state` has, and its `requesterIn`, from an engine that knows them. */
  readonly bytes?: number;
  readonly requester?: string | undefined;
}

export interface StoredEvent {
  readonly seq: number;
  readonly kind: string;
  readonly agentId: string | null;
  readonly head: string;
  readonly payload: string;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  readonly floor: number;
  /** `maxLength` has cut it: there may be more. */
  readonly isCut: boolean;
}

export type StoredApproval = HeldApproval;

export interface EventQuery {
  /** Only events with a greater `seq`. */
  readonly after: number;
  /** Only events with a smaller `seq`; null: no such bound. */
  readonly before: number | null;
  /** By `seq`. */
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** The page is cut after the event that brings its texts to this many characters. Not given: it is not. */
  readonly maxLength?: number;
  /** Kinds, and families of kinds that end in `.*`; any of them. Empty: every kind. */
  readonly kinds: readonly string[];
  /** Null: every agent and none. */
  readonly agentId: string | null;
}

export interface ApprovalQuery {
  /** Empty: every status. */
  readonly statuses: readonly string[];
  readonly agentId: string | null;
  /** A session id or a principal. */
  readonly decidedBy: string | null;
  /** Milliseconds since 1970; both exclusive. */
  readonly createdAfter: number | null;
  readonly createdBefore: number | null;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** The page is cut after the approval that brings its texts to this many characters. Not given: it is not. */
  readonly maxLength?: number;
  /** The `createdSeq` the page goes on from, exclusive; null: from the start. */
  readonly from: number | null;
}

export interface JournalStatistics {
  /** Transactions that were committed, and the changes in them. */
  readonly commits: number;
  readonly changes: number;
  /** Bytes on disk; 0 where there is no disk. */
  readonly bytes: number;
}

/** Nothing was written; trying again later may work. */
export class StorageUnavailable extends Error {
  override name = 'StorageUnavailable';
}

/** It may or may not have been written. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
}

/** The event as clients see it: the stored text and its number, nothing parsed or encoded again. */
export function eventJson(event: { seq: number; head: string; payload: string }): string {
  return `{"seq":${event.seq},${event.head},"payload":${event.payload}}`;
}
