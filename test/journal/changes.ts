import type {
  AgentChange,
  Appended,
  ApprovalChange,
  Change,
  IdempotencyKey,
} from '../../src/host/journal.ts';

let made = 0;

/** Ids as the host makes them: time-ordered hex. */
export function makeId(prefix: 'event' | 'approval'): string {
  made += 1;
  return `${prefix}-${made.toString(16).padStart(12, '0')}`;
}

interface About {
  kind?: string;
  agentId?: string | null;
  timestamp?: number;
  payload?: unknown;
  message?: string;
}

export function notification(about: About = {}): Change {
  const { kind = 'host.notification', agentId = null, timestamp = 1000, payload = null } = about;
  const id = makeId('event');
  const head = `"id":"${id}","kind":"${kind}","message":${JSON.stringify(about.message ?? 'A message')}`;
  return { id, kind, agentId, timestamp, head, payload: JSON.stringify(payload), entity: null };
}

/** An agent as it becomes; `state` null: it is unregistered. */
export function agent(id: string, expected: number, state: unknown, about: About = {}): Change {
  const kind = state === null ? 'agent.unregistered' : 'agent.registered';
  const entity: AgentChange = {
    type: 'agent',
    id,
    expected,
    state: state === null ? null : JSON.stringify(state),
  };
  return { ...notification({ kind, agentId: id, payload: state, ...about }), entity };
}

interface Asked extends About {
  createdAt?: number;
  expiresAt?: number | null;
  key?: IdempotencyKey | null;
  state?: unknown;
}

export function requested(id: string, about: Asked = {}): Change {
  const { createdAt = 1000, expiresAt = null, key = null, state = { id, status: 'pending' } } = about;
  const change = notification({ kind: 'approval.requested', payload: state, timestamp: createdAt, ...about });
  const entity: ApprovalChange = {
    type: 'approval',
    id,
    expected: 0,
    state: JSON.stringify(state),
    status: 'pending',
    createdSeq: null,
    createdAt,
    expiresAt,
    decidedBy: null,
    key,
  };
  return { ...change, entity };
}

interface Moved extends Asked {
  status?: ApprovalChange['status'];
  decidedBy?: ApprovalChange['decidedBy'];
  createdSeq?: number;
}

/** The next change of an approval whose newest entry is `expected`. */
export function moved(id: string, expected: number, about: Moved = {}): Change {
  const { status = 'resolved', decidedBy = { session_id: 'ui-1', principal: null } } = about;
  const change = requested(id, { kind: `approval.${status}`, state: { id, status }, ...about });
  const entity = {
    ...(change.entity as ApprovalChange),
    expected,
    status,
    decidedBy: status === 'pending' || status === 'expired' ? null : decidedBy,
    createdSeq: about.createdSeq ?? expected,
  };
  return { ...change, entity };
}

/** The number an append was given; throws on a conflict. */
export function seqOf(appended: Appended): number {
  if ('conflict' in appended) throw new Error(`a conflict: ${JSON.stringify(appended)}`);
  return appended.seq;
}
