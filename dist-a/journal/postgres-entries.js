/** Entries that one read of the tail takes at most, and about how many bytes of text. */
export const LOG_PAGE = 1000;
const LOG_PAGE_BYTES = 16 * 1024 * 1024;
/** The log after `after`, with its head and floor and the database's time; one row at least. */
export function logQuery(schema, after) {
    const text = `SELECT log.seq AS head, log.floor, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, e.*
    FROM ${schema}.log LEFT JOIN LATERAL (
      SELECT * FROM (
        SELECT seq, id, kind, agent_id, at, entity, expected, status, created_seq, created_at, expires_at,
          decided_session, decided_principal, events.head AS event_head, payload, state,
          sum(octet_length(events.head) + octet_length(payload) + coalesce(octet_length(state), 0))
            OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
        FROM (SELECT * FROM ${schema}.events WHERE seq > $1 ORDER BY seq LIMIT ${LOG_PAGE}) events
      ) sized WHERE coalesce(bytes_before, 0) < ${LOG_PAGE_BYTES}
    ) e ON true ORDER BY e.seq`;
    return { text, values: [after] };
}
/** The entry as whoever appended it had it, but for its key and a principal that is called like its session. */
export function toEntry(row) {
    if (row.seq === null)
        return [];
    const { seq, id, kind, agent_id: agentId, at: timestamp, event_head: head, payload } = row;
    return [{ seq, id, kind, agentId, timestamp, head, payload, entity: toEntity(row, row.seq) }];
}
function toEntity(row, seq) {
    const { entity, expected, status, payload } = row;
    if (entity === null)
        return null;
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
        status: status,
        createdSeq: row.created_seq === seq ? null : row.created_seq,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        decidedBy: session === null ? null : { session_id: session, principal: row.decided_principal },
        key: null,
    };
}
