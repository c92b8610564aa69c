import type { ApprovalChange, EntityChange, Entry } from '../host/journal.ts';
import type { Query } from './postgres-reader.ts';

/** Entries that one read of the tail takes at most, and about how many bytes of text. */
export const LOG_PAGE = 1000;
const LOG_PAGE_BYTES = 16 * 1024 * 1024;
/** Entries that a node which keeps up reads at most. */
export const FEW = 10;

/** A row of the log as the tail needs it; without an entry, all but the first four are null. */
export interface LoggedRow {
  readonly head: number;
  readonly floor: number;
  readonly epoch: string;
  readonly now: number;
  readonly seq: number | null;
  readonly id: string;
  readonly kind: string;
  readonly agent_id: string | null;
  readonly at: number;
  readonly entity: string | null;
  readonly expected: number;
  readonly status: string;
  readonly created_seq: number;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly decided_session: string | null;
  readonly decided_principal: string | null;
  readonly event_head: string;
  readonly payload: string;
  readonly state: string | null;
}

/**
 * The head row, as `log`. The planner counts its dead versions where it has no statistics, and takes whatever is joined with
 * it for a thousand times dearer than it is: dear enough to compile it, which takes longer than all the rest.
 */
export function headRow(schema: string): string {
  return `(SELECT * FROM ${schema}.log LIMIT 1) log`;
}

/** The log after `after`, with its head, floor and epoch and the database's time; one row at least. */
export function logQuery(schema: string, after: number): Query {
  const entries = `SELECT * FROM (
      SELECT ${ENTRY_COLUMNS},
        sum(octet_length(events.head) + octet_length(payload) + coalesce(octet_length(state), 0))
          OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
      FROM (SELECT * FROM ${schema}.events WHERE seq > $1 ORDER BY seq LIMIT ${LOG_PAGE}) events
    ) sized WHERE coalesce(bytes_before, 0) < ${LOG_PAGE_BYTES}`;
  return { text: withHead(schema, entries), values: [after] };
}

/** The same, of `FEW` entries at most: so few are not measured first, which takes as long as reading them. */
export function fewQuery(schema: string, after: number): Query {
  const entries = `SELECT ${ENTRY_COLUMNS} FROM ${schema}.events WHERE seq > $1 ORDER BY seq LIMIT ${FEW}`;
  return { text: withHead(schema, entries), values: [after] };
}

const ENTRY_COLUMNS = `seq, id, kind, agent_id, at, entity, expected, status, created_seq, created_at, expires_at,
  decided_session, decided_principal, events.head AS event_head, payload, state`;

function withHead(schema: string, entries: string): string {
  return `SELECT log.seq AS head, log.floor, log.epoch, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, e.*
    FROM ${headRow(schema)} LEFT JOIN LATERAL (${entries}) e ON true ORDER BY e.seq`;
}

/** The entry as whoever appended it had it, but for its key and a principal that is called like its session. */
export function toEntry(row: LoggedRow): Entry[] {
  if (row.seq === null) return [];
  const { seq, id, kind, agent_id: agentId, at: timestamp, event_head: head, payload } = row;
  return [{ seq, id, kind, agentId, timestamp, head, payload, entity: toEntity(row, row.seq) }];
}

function toEntity(row: LoggedRow, seq: number): EntityChange | null {
  const { entity, expected, status, payload } = row;
  if (entity === null) return null;
  const colon = entity.indexOf(':');
  const id = entity.slice(colon + 1);
  const state = row.state ?? payload;
  if (entity.startsWith('agent:')) {
    return { type: 'agent', id, expected, state: status === 'gone' ? null : state };
  }
  const session = row.decided_session;
  return {
    type: 'approval',
    id,
    expected,
    state,
    status: status as ApprovalChange['status'],
    createdSeq: row.created_seq === seq ? null : row.created_seq,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedBy: session === null ? null : { session_id: session, principal: row.decided_principal },
    key: null,
  };
}
