import { cutApprovals } from './page.js';
import { createdBounds } from './sqlite-created.js';
const FINAL_STATUSES = ['resolved', 'expired', 'cancelled'];
const ALL_STATUSES = ['pending', ...FINAL_STATUSES];
const FINAL = `SELECT approval_id AS id, seq, created_seq AS createdSeq, coalesce(state, payload) AS state FROM events`;
const PENDING = `SELECT substr(entity, 10) AS id, open.seq AS seq, open.created_seq AS createdSeq,
  coalesce(state, payload) AS state FROM open`;
const EVENT = 'CROSS JOIN events ON events.seq = open.seq';
export function approvalById(statements, id) {
    return statements.get(`${PENDING} ${EVENT} WHERE entity = 'approval:' || $id
     UNION ALL ${FINAL} INDEXED BY final_id WHERE approval_id = $id`, { id });
}
export function approvalByKey(statements, keyId) {
    return statements.get('SELECT approval_id AS approvalId, request FROM keys WHERE key = $keyId', { keyId });
}
/** A page in the order of creation, merged from one index range for each status. */
export function approvalsPage(statements, query) {
    const sql = approvalsSql(query);
    if (sql === null)
        return [];
    const { low, high } = createdBounds(statements, query.createdAfter, query.createdBefore);
    const from = query.from;
    const rows = statements.iterate(sql, {
        agent: query.agentId,
        decider: query.decidedBy,
        low: from !== null && query.order === 'asc' ? Math.max(low, from) : low,
        high: from !== null && query.order === 'desc' ? Math.min(high, from) : high,
        after: query.createdAfter ?? Number.MIN_SAFE_INTEGER,
        before: query.createdBefore ?? Number.MAX_SAFE_INTEGER,
        limit: query.limit,
    });
    return cutApprovals(rows, query.maxLength);
}
/** Null: nothing can match. */
export function approvalsSql(query) {
    const statuses = query.statuses.length === 0 ? ALL_STATUSES : query.statuses;
    const branches = FINAL_STATUSES.filter((status) => statuses.includes(status)).flatMap((status) => finalBranches(query, status));
    // Nobody has decided what is pending.
    if (statuses.includes('pending') && query.decidedBy === null)
        branches.push(pendingBranch(query));
    if (branches.length === 0)
        return null;
    const order = query.order === 'asc' ? 'ASC' : 'DESC';
    return `${branches.join(' UNION ALL ')} ORDER BY createdSeq ${order} LIMIT $limit`;
}
function finalBranches(query, status) {
    const range = `approval_id IS NOT NULL AND status = '${status}' AND created_seq > $low AND created_seq < $high
    AND created_at > $after AND created_at < $before`;
    const ofAgent = query.agentId === null ? '' : 'AND agent_id = $agent';
    const index = query.agentId === null ? 'final' : 'final_agent';
    if (query.decidedBy !== null) {
        return ['session', 'principal'].map((decider) => `${FINAL} INDEXED BY ${index}_${decider} WHERE decided_${decider} = $decider AND ${range} ${ofAgent}`);
    }
    return [`${FINAL} INDEXED BY ${index}_status WHERE ${range} ${ofAgent}`];
}
function pendingBranch(query) {
    const [index, ofAgent] = query.agentId === null ? ['open_approvals', ''] : ['open_approvals_agent', 'AND open.agent_id = $agent'];
    return `${PENDING} INDEXED BY ${index} ${EVENT} WHERE open.created_at IS NOT NULL ${ofAgent}
    AND open.created_seq > $low AND open.created_seq < $high
    AND open.created_at > $after AND open.created_at < $before`;
}
