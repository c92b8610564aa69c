import { eventJson } from '../host/journal.js';
/**
 * The frames of a stream, as text: server-sent events (WHATWG HTML, section 9.2). JSON has no line break outside of
 * its white space and strings escape theirs, so one `data:` line holds any of it.
 */
/** How long a client waits before it connects again, in milliseconds. */
export const RETRY_MS = 2000;
/** At a stop, and when there is no room, clients are asked to come back after 2-6 s. */
const RETRY_LATER_MS = { least: 2000, spread: 4000 };
export function eventFrame(epoch, event) {
    return `id: ${epoch}-${event.seq}\ndata: ${eventJson(event)}\n\n`;
}
/** `from`: the position the stream goes on from; null when a snapshot follows. */
export function helloFrame(epoch, from, hello) {
    const id = from === null ? '' : `id: ${epoch}-${from}\n`;
    return `${id}event: hello\ndata: ${JSON.stringify(hello)}\n\n`;
}
/** `json`: one page of a snapshot. Only the last has an id: a client that saw less starts again. */
export function snapshotFrame(epoch, seq, isLast, json) {
    const id = isLast ? `id: ${epoch}-${seq}\n` : '';
    return `${id}event: snapshot\ndata: ${json}\n\n`;
}
/** Dispatches nothing, keeps the connection alive and moves the client's position on. */
export function positionFrame(epoch, seq) {
    return `id: ${epoch}-${seq}\n\n`;
}
export function retryFrame(ms) {
    return `retry: ${ms}\n\n`;
}
/** Another one each time, so that they do not all come back at once. */
export function retryLaterMs() {
    return Math.round(RETRY_LATER_MS.least + Math.random() * RETRY_LATER_MS.spread);
}
/** Characters in one part of a batch, about: nearly every batch is one. As a whole it may be too long for one text. */
const PART_LENGTH = 256 * 1024;
/** The frames of a batch, joined to as few parts as will do. */
export function joinParts(frames) {
    const parts = [];
    let text = '';
    for (const [index, frame] of frames.entries()) {
        text += frame;
        if (text.length >= PART_LENGTH || index === frames.length - 1) {
            parts.push(partOf(text));
            text = '';
        }
    }
    return parts;
}
function partOf(text) {
    const size = `${Buffer.byteLength(text).toString(16)}\r\n`;
    const chunk = Buffer.from(`${size}${text}\r\n`);
    return { plain: chunk.subarray(size.length, -2), chunk };
}
