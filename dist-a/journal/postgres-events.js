/** A text has at most three bytes for each of the characters that `maxLength` counts. */
const BYTES_PER_CHARACTER = 3;
/**
 * A page of the events above the floor, and the floor: one row at least. With kinds, the numbers are found first, one
 * range of an index for each kind, and only those of the page are read whole.
 */
export function eventsQuery(schema, query) {
    const { after, before, limit, kinds, agentId, maxLength } = query;
    const order = query.order === 'asc' ? 'ASC' : 'DESC';
    const values = [after, before ?? Number.MAX_SAFE_INTEGER, limit];
    const parameter = (value) => `$${values.push(value)}`;
    const range = 'seq > greatest($1, log.floor) AND seq < $2';
    const page = `ORDER BY seq ${order} LIMIT $3`;
    let seqs = `SELECT seq FROM ${schema}.events WHERE ${range} ${page}`;
    if (agentId !== null) {
        // A page of one agent's events of some kinds may read over its other events, which retention bounds.
        const ofKind = kinds.length === 0 ? '' : `AND kind IN (SELECT ${schema}.kinds_of(${parameter(kinds)}))`;
        seqs = `SELECT seq FROM ${schema}.events WHERE agent_id = ${parameter(agentId)} AND ${range} ${ofKind} ${page}`;
    }
    else if (kinds.length > 0) {
        seqs = `SELECT found.seq FROM ${schema}.kinds_of(${parameter(kinds)}) wanted (kind) CROSS JOIN LATERAL (
        SELECT seq FROM ${schema}.events e WHERE e.kind = wanted.kind AND ${range} ${page}
      ) found ${page}`;
    }
    const maxBytes = parameter(maxLength === undefined ? null : BYTES_PER_CHARACTER * maxLength);
    const text = `SELECT log.floor, page.* FROM ${schema}.log LEFT JOIN LATERAL (
      SELECT seq, kind, agent_id AS "agentId", head, payload FROM (
        SELECT events.*, sum(octet_length(head) + octet_length(payload))
          OVER (ORDER BY seq ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
        FROM (${seqs}) wanted JOIN ${schema}.events USING (seq)
      ) sized WHERE ${maxBytes}::bigint IS NULL OR coalesce(bytes_before, 0) < ${maxBytes}
    ) page ON true ORDER BY page.seq ${order}`;
    return { text, values };
}
