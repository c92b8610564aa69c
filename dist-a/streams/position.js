const POSITION = /^(?:([0-9a-f]{8})-)?([0-9]{1,20})$/;
/** Reads `7f3a9c21-41` or a bare `41`. Undefined: it is neither. */
export function parsePosition(text) {
    const match = POSITION.exec(text);
    return match === null ? undefined : { epoch: match[1] ?? null, seq: Number(match[2]) };
}
/** True if every event after `position` is still kept, in this log. */
export function canResume(position, log) {
    const isThisLog = position.epoch === null || position.epoch === log.epoch;
    return isThisLog && position.seq >= log.floor && position.seq <= log.seq;
}
