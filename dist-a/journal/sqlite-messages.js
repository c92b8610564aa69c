/** Values of one change in a message. */
const WIDTH = 17;
/** Stands for a state that is the payload, so that the text crosses over once. */
const SAME = 0;
/** One flat list of plain values is what crosses between threads at the least cost. */
export function encodeChanges(changes) {
    const values = [];
    for (const change of changes) {
        const { id, kind, agentId, timestamp, head, payload, entity } = change;
        values.push(id, kind, agentId, timestamp, head, payload);
        if (entity === null) {
            values.push(null, null, null, null, null, null, null, null, null, null, null);
            continue;
        }
        values.push(entity.type, entity.id, entity.expected, entity.state === payload ? SAME : entity.state);
        if (entity.type === 'agent')
            values.push(null, null, null, null, null, null, null);
        else
            pushApproval(values, entity);
    }
    return values;
}
function pushApproval(values, approval) {
    const { status, createdAt, expiresAt, decidedBy, key } = approval;
    values.push(status, createdAt, expiresAt);
    values.push(decidedBy?.session_id ?? null, decidedBy?.principal ?? null);
    values.push(key?.id ?? null, key?.request ?? null);
}
export function decodeChanges(values) {
    const changes = [];
    for (let at = 0; at < values.length; at += WIDTH) {
        const payload = values[at + 5];
        changes.push({
            id: values[at],
            kind: values[at + 1],
            agentId: values[at + 2],
            timestamp: values[at + 3],
            head: values[at + 4],
            payload,
            entity: decodeEntity(values, at + 6, payload),
        });
    }
    return changes;
}
function decodeEntity(values, at, payload) {
    const type = values[at];
    if (type === null)
        return null;
    const id = values[at + 1];
    const expected = values[at + 2];
    const state = (values[at + 3] === SAME ? payload : values[at + 3]);
    if (type === 'agent')
        return { type, id, expected, state };
    const session = values[at + 7];
    const key = values[at + 9];
    return {
        type: 'approval',
        id,
        expected,
        state: state,
        status: values[at + 4],
        // The log knows it.
        createdSeq: null,
        createdAt: values[at + 5],
        expiresAt: values[at + 6],
        decidedBy: session === null ? null : { session_id: session, principal: values[at + 8] },
        key: key === null ? null : { id: key, request: values[at + 10] },
    };
}
