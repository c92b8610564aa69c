import { storable } from './postgres-encode.js';
const FINAL_STATUSES = ['resolved', 'expired', 'cancelled'];
const ALL_STATUSES = ['pending', ...FINAL_STATUSES];
/** A text has at most three bytes for each of the characters that `maxLength` counts. */
const BYTES_PER_CHARACTER = 3;
/** A page in the order of creation, merged from one index range for each status. Null: nothing can match. */
export function approvalsQuery(schema, query) {
    const order = query.order === 'asc' ? 'ASC' : 'DESC';
    const values = [
        query.from,
        query.createdAfter,
        query.createdBefore,
        query.limit,
        query.agentId,
        query.decidedBy === null ? null : storable(query.decidedBy),
        query.maxLength === undefined ? null : BYTES_PER_CHARACTER * query.maxLength,
    ];
    const statuses = query.statuses.length === 0 ? ALL_STATUSES : query.statuses;
    const branches = FINAL_STATUSES.filter((status) => statuses.includes(status)).flatMap((status) => finalBranches(schema, query, status));
    // Nobody has decided what is pending.
    if (statuses.includes('pending') && query.decidedBy === null)
        branches.push(pendingBranch(schema, query));
    if (branches.length === 0)
        return null;
    const page = `ORDER BY created_seq ${order} LIMIT $4`;
    const rows = branches.map((branch) => `(${branch} ${page})`).join(' UNION ALL ');
    // Each value is named once, as the database wants to know the type of every one.
    const text = `
    WITH asked AS (
      SELECT $1::bigint AS page_from, $2::bigint AS after, $3::bigint AS before, $5::text AS agent, $6::text AS decider
    ), bounds AS MATERIALIZED (${boundsSql(schema, query)})
    SELECT id, seq, created_seq AS "createdSeq", state FROM (
      SELECT rows.*, sum(octet_length(state))
        OVER (ORDER BY created_seq ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
      FROM bounds CROSS JOIN LATERAL (${rows}) rows ${page}
    ) sized WHERE $7::bigint IS NULL OR coalesce(bytes_before, 0) < $7 ORDER BY created_seq ${order}`;
    return { text, values };
}
/**
 * Bounds on `created_seq` between which every approval lies that was created between two times (both exclusive).
 *
 * The clock may go back, so `created_at` is not in the order of `created_seq`. But the log remembers the most by which
 * it ever was out of order, R. So an approval that was created at `before + R` or later proves that none after it was
 * created before `before`, and one created at `after - R` or earlier proves the same of those in front of it. The
 * nearest such approvals by time are one step in an index away.
 */
function boundsSql(schema, { order, createdAfter, createdBefore }) {
    const [finals, open] = [`${schema}.events WHERE approval_id IS NOT NULL`, `${schema}.open WHERE true`];
    const low = order === 'asc' ? ['page_from'] : [];
    const high = order === 'desc' ? ['page_from'] : [];
    for (const table of [finals, open]) {
        const select = `SELECT created_seq FROM ${table} AND`;
        if (createdAfter !== null) {
            low.push(`(${select} created_at <= after - clock_regressed_ms ORDER BY created_at DESC LIMIT 1)`);
        }
        if (createdBefore !== null) {
            high.push(`(${select} created_at >= before + clock_regressed_ms ORDER BY created_at LIMIT 1)`);
        }
    }
    return `SELECT asked.*, greatest(0, ${[...low, 'NULL'].join(', ')}) AS low,
      least(${Number.MAX_SAFE_INTEGER}, ${[...high, 'NULL'].join(', ')}) AS high
    FROM asked CROSS JOIN ${schema}.log`;
}
function finalBranches(schema, { agentId, decidedBy, ...query }, status) {
    const ofAgent = agentId === null ? '' : 'AND agent_id = agent';
    const branch = (ofDecider) => `SELECT approval_id AS id, seq, created_seq, coalesce(state, payload) AS state FROM ${schema}.events
     WHERE approval_id IS NOT NULL AND status = '${status}' ${ofAgent} ${ofDecider} ${betweenSql('events', query)}`;
    if (decidedBy === null)
        return [branch('')];
    return ['session', 'principal'].map((decider) => branch(`AND decided_${decider} = decider`));
}
function pendingBranch(schema, { agentId, ...query }) {
    const ofAgent = agentId === null ? '' : 'AND o.agent_id = agent';
    return `SELECT substr(o.entity, 10) AS id, o.seq, o.created_seq, coalesce(e.state, e.payload) AS state
    FROM ${schema}.open o JOIN ${schema}.events e ON e.seq = o.seq
    WHERE o.created_at IS NOT NULL ${ofAgent} ${betweenSql('o', query)}`;
}
function betweenSql(table, { createdAfter, createdBefore }) {
    return `AND ${table}.created_seq > low AND ${table}.created_seq < high
    ${createdAfter === null ? '' : `AND ${table}.created_at > after`}
    ${createdBefore === null ? '' : `AND ${table}.created_at < before`}`;
}
