/** Nothing was written; trying again later may work. */
export class StorageUnavailable extends Error {
    name = 'StorageUnavailable';
}
/** It may or may not have been written. */
export class OutcomeUnknown extends Error {
    name = 'OutcomeUnknown';
}
/** The event as clients see it: the stored text and its number, nothing parsed or encoded again. */
export function eventJson(event) {
    return `{"seq":${event.seq},${event.head},"payload":${event.payload}}`;
}
