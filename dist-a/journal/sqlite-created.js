/**
 * Bounds on `created_seq` between which every approval lies that was created between two times (both exclusive).
 *
 * The clock may go back, so `created_at` is not in the order of `created_seq`. But the log remembers the most by which
 * it ever was out of order, R. So an approval that was created at `before + R` or later proves that none after it was
 * created before `before`, and one created at `after - R` or earlier proves the same of those in front of it. Such
 * approvals are found by bisection: a page costs some twenty steps in an index, however many rows it skips.
 */
export function createdBounds(statements, after, before) {
    if (after === null && before === null)
        return { low: 0, high: Number.MAX_SAFE_INTEGER };
    const { head, regressedMs } = statements.get(LIMITS);
    return {
        low: after === null ? 0 : lowBound(statements, head, after - regressedMs),
        high: before === null ? head + 1 : highBound(statements, head, before + regressedMs),
    };
}
/** By its own clock, the approval that was created last; 0 when there is none. */
export function newestCreation(statements) {
    return statements.get(LAST_UP_TO, { seq: Number.MAX_SAFE_INTEGER })?.at ?? 0;
}
/** No approval from the result on was created early enough. */
function highBound(statements, head, proof) {
    let low = 0;
    let high = head + 1;
    while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const next = statements.get(FIRST_FROM, { seq: middle });
        if (next === undefined || next.seq >= high || next.at >= proof)
            high = middle;
        else
            low = next.seq + 1;
    }
    return high;
}
/** No approval up to the result was created late enough. */
function lowBound(statements, head, proof) {
    let low = 0;
    let high = head;
    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        const previous = statements.get(LAST_UP_TO, { seq: middle });
        if (previous === undefined || previous.seq <= low || previous.at <= proof)
            low = middle;
        else
            high = previous.seq - 1;
    }
    return low;
}
const LIMITS = `SELECT coalesce((SELECT max(seq) FROM events), 0) AS head,
  (SELECT value FROM meta WHERE name = 'clock_regressed_ms') AS regressedMs`;
export const FIRST_FROM = nearest('>=', 'ASC');
export const LAST_UP_TO = nearest('<=', 'DESC');
function nearest(comparison, order) {
    const finals = ['resolved', 'expired', 'cancelled'].map((status) => `SELECT created_seq AS seq, created_at AS at FROM events INDEXED BY final_status
       WHERE approval_id IS NOT NULL AND status = '${status}' AND created_seq ${comparison} $seq`);
    const pending = `SELECT created_seq AS seq, created_at AS at FROM open INDEXED BY open_approvals
    WHERE created_at IS NOT NULL AND created_seq ${comparison} $seq`;
    return `${[...finals, pending].join(' UNION ALL ')} ORDER BY seq ${order} LIMIT 1`;
}
