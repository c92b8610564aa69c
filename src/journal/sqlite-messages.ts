import type { ApprovalChange, Change, EntityChange } from '../host/journal.ts';
import type { RetentionOptions } from './retention.ts';

/** What a thread of the log is told when it starts. */
export interface ThreadStart {
  readonly role: 'writer' | 'reader';
  readonly path: string;
  readonly retention: RetentionOptions;
}

export type Method =
  | 'open'
  | 'commit'
  | 'probe'
  | 'retain'
  | 'boot'
  | 'events'
  | 'approval'
  | 'approvalByKey'
  | 'approvals'
  | 'close';

export type Request = readonly [id: number, method: Method, argument: unknown, now: number];

/** `failure` is null, or what kind of error `value` describes. The id 0 is of no request: news. With `more` it is a part of an answer. */
export type Reply = readonly [id: number, failure: Failure | null, value: unknown, more?: 'more'];
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
    const payload = values[at + 5] as string;
    changes.push({
      id: values[at] as string,
      kind: values[at + 1] as string,
      agentId: values[at + 2] as string | null,
      timestamp: values[at + 3] as number,
      head: values[at + 4] as string,
      payload,
      entity: decodeEntity(values, at + 6, payload),
    });
  }
  return changes;
}

function decodeEntity(values: readonly Plain[], at: number, payload: string): EntityChange | null {
  const type = values[at];
  if (type === null) return null;
  const id = values[at + 1] as string;
  const expected = values[at + 2] as number;
  const state = (values[at + 3] === SAME ? payload : values[at + 3]) as string | null;
  if (type === 'agent') return { type, id, expected, state };
  const session = values[at + 7] as string | null;
  const key = values[at + 9] as string | null;
  return {
    type: 'approval',
    id,
    expected,
    state: state as string,
    status: values[at + 4] as ApprovalChange['status'],
    // The log knows it.
    createdSeq: null,
    createdAt: values[at + 5] as number,
    expiresAt: values[at + 6] as number | null,
    decidedBy: session === null ? null : { session_id: session, principal: values[at + 8] as string | null },
    key: key === null ? null : { id: key, request: values[at + 10] as string },
  };
}
