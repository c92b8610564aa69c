/** The events until their texts are so long. */
export function cutEvents(events, maxLength) {
    const taken = [...takeUntil(events, maxLength, ({ head, payload }) => head.length + payload.length)];
    const length = taken.reduce((sum, { head, payload }) => sum + head.length + payload.length, 0);
    return { events: taken, isCut: length >= (maxLength ?? Number.POSITIVE_INFINITY) };
}
/** The approvals until their texts are so long. */
export function cutApprovals(approvals, maxLength) {
    return [...takeUntil(approvals, maxLength, ({ state }) => state.length)];
}
function* takeUntil(rows, maxLength = Number.POSITIVE_INFINITY, lengthOf) {
    let length = 0;
    for (const row of rows) {
        yield row;
        length += lengthOf(row);
        if (length >= maxLength)
            return;
    }
}
