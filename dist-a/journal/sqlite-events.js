import { cutEvents } from './page.js';
/** With more kinds than this in one question, reading all events in order is cheaper than merging. */
export const MAX_MERGED_KINDS = 64;
/** A page of the events above the floor, by whichever index gives them in order. */
export function eventsPage(statements, query) {
    const { floor } = statements.get(FLOOR);
    const kinds = distinctKinds(statements, query);
    if (kinds?.length === 0)
        return { events: [], floor, isCut: false };
    const sql = eventsSql(query, kinds);
    const values = {
        after: Math.max(query.after, floor),
        before: query.before ?? Number.MAX_SAFE_INTEGER,
        limit: query.limit,
        agent: query.agentId ?? '',
    };
    kinds?.forEach((kind, index) => {
        values[`kind${index}`] = kind;
    });
    return { ...cutEvents(statements.iterate(sql, values), query.maxLength), floor };
}
const FLOOR = "SELECT value AS floor FROM meta WHERE name = 'floor'";
export function eventsSql(query, kinds) {
    const order = `ORDER BY seq ${query.order === 'asc' ? 'ASC' : 'DESC'} LIMIT $limit`;
    const select = 'SELECT seq, kind, agent_id AS agentId, head, payload FROM events';
    const range = 'seq > $after AND seq < $before';
    const oneOf = `kind IN (${kinds?.map((_, index) => `$kind${index}`).join()})`;
    if (query.agentId !== null) {
        // A page of one agent's events of some kinds may read over its other events, which retention bounds.
        const only = kinds === null ? '' : `AND ${oneOf}`;
        return `${select} INDEXED BY events_agent WHERE agent_id = $agent AND ${range} ${only} ${order}`;
    }
    if (kinds === null)
        return `${select} WHERE ${range} ${order}`;
    if (kinds.length > MAX_MERGED_KINDS)
        return `${select} NOT INDEXED WHERE ${range} AND ${oneOf} ${order}`;
    return `${kinds
        .map((_, index) => `${select} INDEXED BY events_kind WHERE kind = $kind${index} AND ${range}`)
        .join(' UNION ALL ')} ${order}`;
}
/** Null: every kind. Families become the kinds there are. */
function distinctKinds(statements, { kinds }) {
    if (kinds.length === 0)
        return null;
    const distinct = new Set();
    for (const kind of kinds) {
        if (!kind.endsWith('.*'))
            distinct.add(kind);
        else
            for (const member of family(statements, kind.slice(0, -1)))
                distinct.add(member);
    }
    return [...distinct].sort();
}
/** The kinds that start with `prefix`, one step in the index for each. */
function family(statements, prefix) {
    return statements
        .all(FAMILY, { prefix, end: `${prefix.slice(0, -1)}/` })
        .map(({ kind }) => kind);
}
/** A slash is what follows a dot in ASCII, so the family ends before it. */
export const FAMILY = `
  WITH RECURSIVE family (kind) AS (
    SELECT (SELECT min(kind) FROM events WHERE kind >= $prefix AND kind < $end)
    UNION ALL
    SELECT (SELECT min(events.kind) FROM events WHERE events.kind > family.kind AND events.kind < $end)
    FROM family WHERE family.kind IS NOT NULL
  )
  SELECT kind FROM family WHERE kind IS NOT NULL`;
