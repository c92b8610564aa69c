import type { EventQuery } from '../host/journal.ts';
import { headRow } from './postgres-entries.ts';
import type { Query } from './postgres-reader.ts';

/** A text has at most three bytes for each of the characters that `maxLength` counts. */
const BYTES_PER_CHARACTER = 3;

/**
 * A page of the events above the floor, and the floor: one row at least. With kinds, the numbers are found first, one
 * range of an index for each kind, and only those of the page are read whole.
 */
export function eventsQuery(schema: string, query: EventQuery): Query {
  const { after, before, limit, kinds, agentId, maxLength } = query;
  const order = query.order === 'asc' ? 'ASC' : 'DESC';
  const values: unknown[] = [after, before ?? Number.MAX_SAFE_INTEGER, limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const page = `ORDER BY seq ${order} LIMIT $3`;
  let seqs = `SELECT seq FROM ${schema}.events WHERE seq > greatest($1, log.floor) AND seq < $2 ${page}`;
  if (agentId !== null) {
    // A page of one agent's events of some kinds may read over its other events, which retention bounds.
    const ofKind = kinds.length === 0 ? '' : `kind IN (SELECT ${schema}.kinds_of(${parameter(kinds)})) AND`;
    seqs = `SELECT seq FROM ${schema}.events WHERE agent_id IS NOT NULL AND ${ofKind}
      ${rangeSql('agent_id', `${parameter(agentId)}::text`, order)}`;
  } else if (kinds.length > 0) {
    seqs = `SELECT found.seq FROM ${schema}.kinds_of(${parameter(kinds)}) wanted (name) CROSS JOIN LATERAL (
        SELECT seq FROM ${schema}.events WHERE ${rangeSql('kind', 'wanted.name', order)}
      ) found ${page}`;
  }
  const maxBytes = parameter(maxLength === undefined ? null : BYTES_PER_CHARACTER * maxLength);
  const text = `SELECT log.floor, page.* FROM ${headRow(schema)} LEFT JOIN LATERAL (
      SELECT seq, kind, agent_id AS "agentId", head, payload FROM (
        SELECT events.*, sum(octet_length(head) + octet_length(payload))
          OVER (ORDER BY events.seq ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
        FROM (${seqs}) page CROSS JOIN LATERAL (
          SELECT * FROM ${schema}.events WHERE events.seq = page.seq OFFSET 0
        ) events
      ) sized WHERE ${maxBytes}::bigint IS NULL OR coalesce(bytes_before, 0) < ${maxBytes}
    ) page ON true ORDER BY page.seq ${order}`;
  return { text, values };
}

/** A page of a range of the index of `column`, which no other index has the order of: see `rangeSql` of the approvals. */
function rangeSql(column: string, value: string, order: 'ASC' | 'DESC'): string {
  return `(${column}, seq) > (${value}, greatest($1, log.floor)) AND (${column}, seq) < (${value}, $2)
    ORDER BY ${column} ${order}, seq ${order} LIMIT $3`;
}
