import type { ApprovalChange, Change, EntityChange } from '../host/journal.ts';
import type { RetentionOptions } from './retention.ts';

/** What a thread of the log is told when it starts. */
export interface ThreadStart {
  readonly role: 'writer' | 'reader';
  readonly path: string;
  readonly retention: RetentionOptions;
}

export type Method = 'open' | 'commit' | 'probe' | 'retain' | 'events' | 'approval' | 'approvals' | 'close';

export type Request = readonly [id: number, method: Method, argument: unknown, now: number];

/** `failure` is null, or what kind of error `value` describes. The id 0 is of no request: news. */
export type Reply = readonly [id: number, failure: Failure | null, value: unknown];
export type Failure = 'unavailable' | 'error';

export type Plain = string | number | null;

/** Values of one change in a message. */
const WIDTH = 17;
/** Stands for a state that is the payload, so that the text crosses over once. */
const SAME = 0;

/** One flat list of plain values is what crosses between threads at the least cost. */
export function encodeChanges(changes: readonly Change[]): Plain[] {
  const values: Plain[] = [];
  for (const change of changes) {
    const { id, kind, agentId, timestamp, head, payload, entity } = change;
    values.push(id, kind, agentId, timestamp, head, payload);
    if (entity === null) {
      values.push(null, null, null, null, null, null, null, null, null, null, null);
      continue;
    }
    values.push(entity.type, entity.id, entity.expected, entity.state === payload ? SAME : entity.state);
    if (entity.type === 'agent') values.push(null, null, null, null, null, null, null);
    else pushApproval(values, entity);
  }
  return values;
}

function pushApproval(values: Plain[], approval: ApprovalChange): void {
  const { status, createdAt, expiresAt, decidedBy, key } = approval;
  values.push(status, createdAt, expiresAt);
  values.push(decidedBy?.session_id ?? null, decidedBy?.principal ?? null);
  values.push(key?.id ?? null, key?.request ?? null);
}

export function decodeChanges(values: readonly Plain[]): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < values.length; at += WIDTH) {
    const [id, kind, agentId, timestamp, head, payload] = values.slice(at, at + 6) as Shared;
    const entity = decodeEntity(values.slice(at + 6, at + WIDTH), payload);
    changes.push({ id, kind, agentId, timestamp, head, payload, entity });
  }
  return changes;
}

type Shared = [string, string, string | null, number, string, string];

function decodeEntity(values: readonly Plain[], payload: string): EntityChange | null {
  const [type, id, expected, stored, ...approval] = values as [string | null, string, number, Plain];
  if (type === null) return null;
  const state = stored === SAME ? payload : (stored as string | null);
  if (type === 'agent') return { type, id, expected, state };
  const [status, createdAt, expiresAt, session, principal, key, request] =
    approval as unknown as ApprovalValues;
  return {
    type: 'approval',
    id,
    expected,
    state: state as string,
    status,
    // The log knows it.
    createdSeq: null,
    createdAt,
    expiresAt,
    decidedBy: session === null ? null : { session_id: session, principal },
    key: key === null ? null : { id: key, request },
  };
}

type ApprovalValues = [
  ApprovalChange['status'],
  number,
  number | null,
  string | null,
  string | null,
  string | null,
  string,
];
