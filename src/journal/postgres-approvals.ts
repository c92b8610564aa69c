import type { ApprovalQuery } from '../host/journal.ts';
import { storable } from './postgres-encode.ts';
import { headRow } from './postgres-entries.ts';
import type { Query } from './postgres-reader.ts';

const FINAL_STATUSES = ['resolved', 'expired', 'cancelled'];
const ALL_STATUSES = ['pending', ...FINAL_STATUSES];
/** A text has at most three bytes for each of the characters that `maxLength` counts. */
const BYTES_PER_CHARACTER = 3;

/** A page in the order of creation, merged from one index range for each status. Null: nothing can match. */
export function approvalsQuery(schema: string, query: ApprovalQuery): Query | null {
  const order = query.order === 'asc' ? 'ASC' : 'DESC';
  const values: unknown[] = [
    query.from,
    query.createdAfter,
    query.createdBefore,
    query.limit,
    query.agentId,
    query.decidedBy === null ? null : storable(query.decidedBy),
    query.maxLength === undefined ? null : BYTES_PER_CHARACTER * query.maxLength,
  ];
  const statuses = query.statuses.length === 0 ? ALL_STATUSES : query.statuses;
  const branches = FINAL_STATUSES.filter((status) => statuses.includes(status)).flatMap((status) =>
    finalBranches(schema, query, status),
  );
  // Nobody has decided what is pending.
  if (statuses.includes('pending') && query.decidedBy === null) branches.push(pendingBranch(schema, query));
  if (branches.length === 0) return null;
  const page = `ORDER BY created_seq ${order} LIMIT $4`;
  const rows = branches.map((branch) => `(${branch})`).join(' UNION ALL ');
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
function boundsSql(schema: string, { order, createdAfter, createdBefore }: ApprovalQuery): string {
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
    FROM asked CROSS JOIN ${headRow(schema)}`;
}

/** One for each index that is needed: what a session decided and what a principal did are two. */
function finalBranches(schema: string, query: ApprovalQuery, status: string): string[] {
  const deciders = query.decidedBy === null ? [null] : ['session', 'principal'];
  return deciders.map((decider) => {
    const key: Key = [
      ...ofAgent(query),
      ...(decider === null ? [] : [[`decided_${decider}`, 'decider'] as const]),
      ['status', `'${status}'`],
    ];
    return `SELECT approval_id AS id, seq, created_seq, coalesce(state, payload) AS state FROM ${schema}.events
      WHERE approval_id IS NOT NULL AND ${rangeSql(key, query)}`;
  });
}

function pendingBranch(schema: string, query: ApprovalQuery): string {
  return `SELECT substr(o.entity, 10) AS id, o.seq, o.created_seq, e.state FROM (
      SELECT * FROM ${schema}.open WHERE created_at IS NOT NULL AND ${rangeSql(ofAgent(query), query)}
    ) o CROSS JOIN LATERAL (
      SELECT coalesce(state, payload) AS state FROM ${schema}.events WHERE events.seq = o.seq OFFSET 0
    ) e`;
}

/** Columns that an index begins with, before `created_seq`, and the value of each. */
type Key = (readonly [column: string, value: string])[];

function ofAgent({ agentId }: ApprovalQuery): Key {
  return agentId === null ? [] : [['agent_id', 'agent']];
}

/**
 * A page of a range of one index. With `column = value` the planner may also go through another index in the order of
 * `created_seq` and drop what does not fit, which reads on and on where little fits; no other index has the order of all
 * the columns. What lies in the range and not between the times, because the clock was wrong then, is dropped by a condition
 * that the planner takes for true of nearly all, as it is: with `>` and `<` it plans for a range in which little fits.
 */
function rangeSql(key: Key, { order, createdAfter, createdBefore }: ApprovalQuery): string {
  const columns = [...key.map(([column]) => column), 'created_seq'];
  const row = `(${columns.join(', ')})`;
  const place = (bound: string) => `(${[...key.map(([, value]) => value), bound].join(', ')})`;
  const isPositive = (difference: string) => `AND greatest(${difference}, 0) <> 0`;
  return `${key.map(([column]) => `${column} IS NOT NULL AND`).join(' ')}
    ${row} > ${place('low')} AND ${row} < ${place('high')}
    ${createdAfter === null ? '' : isPositive('created_at - after')}
    ${createdBefore === null ? '' : isPositive('before - created_at')}
    ORDER BY ${columns.map((column) => `${column} ${order}`).join(', ')} LIMIT $4`;
}
