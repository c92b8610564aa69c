import { eventFrame, helloFrame } from './frames.js';
import { canResume } from './position.js';
/** Events of a replay that are read at a time. */
const PAGE_EVENTS_MAX = 500;
/** A page from the log is not longer than this and one event. Characters. */
const PAGE_LENGTH = 1024 * 1024;
/** They are sent once they are this long. Characters. */
const PART_LENGTH = 256 * 1024;
/**
 * Brings a new stream up to date: `hello`, then the snapshot it needs or the events its client has missed, as fast as
 * its reader takes them. A stream that needs neither is live when this returns, before anything else can happen.
 */
export async function catchUp(stream, subscription, context) {
    const { host, snapshots, monotonic, goLive } = context;
    const { filter, actor, resumeFrom, snapshot } = subscription;
    if (resumeFrom !== null && resumeFrom.seq > host.seq) {
        // Another node may have sent what this one has not seen yet.
        const catchingUp = host.catchUp();
        if (catchingUp !== undefined) {
            await catchingUp;
        }
    }
    if (stream.isEnding) {
        return;
    }
    const { epoch, seq, floor } = host;
    const canGoOn = resumeFrom !== null && canResume(resumeFrom, { epoch, seq, floor });
    const gap = resumeFrom !== null && !canGoOn;
    const withSnapshot = gap || (snapshot && !canGoOn);
    stream.position = canGoOn ? resumeFrom.seq : seq;
    const hello = helloFrame(epoch, withSnapshot ? null : stream.position, {
        seq,
        resumed_from: canGoOn ? resumeFrom.seq : null,
        gap,
        session_id: actor?.session_id ?? null,
    });
    if (!withSnapshot && stream.position === seq) {
        stream.say(hello, monotonic());
        goLive();
        return;
    }
    const capture = withSnapshot ? snapshots.capture(monotonic()) : undefined;
    const snapshotFrames = capture && snapshots.frames(capture);
    stream.position = capture?.seq ?? stream.position;
    await stream.send(hello, monotonic());
    let frame = await snapshotFrames?.next();
    while (frame?.done === false && !stream.isEnding) {
        await stream.send(frame.value, monotonic());
        frame = await snapshotFrames?.next();
    }
    await replay(stream, filter, context);
}
/** Sends what is kept after the stream's position, until there is nothing more. */
async function replay(stream, filter, context) {
    const { host, goLive } = context;
    while (!stream.isEnding) {
        const upTo = host.seq;
        if (stream.position === upTo) {
            goLive();
            return;
        }
        const { events, floor, isCut } = await host.events({
            ...filter,
            after: stream.position,
            before: upTo + 1,
            order: 'asc',
            limit: PAGE_EVENTS_MAX,
            maxLength: PAGE_LENGTH,
        });
        if (floor > stream.position) {
            // Retention has overtaken it: the client comes back and is told of the gap.
            stream.end();
            return;
        }
        await sendPage(stream, events, context);
        if (events.length < PAGE_EVENTS_MAX && !isCut) {
            stream.position = upTo;
        }
    }
}
/** In parts: what one stream holds in memory for its reader does not grow with the length of the events. */
async function sendPage(stream, events, { host, monotonic }) {
    let frames = '';
    for (const event of events) {
        frames += eventFrame(host.epoch, event);
        if (frames.length >= PART_LENGTH || event === events.at(-1)) {
            await stream.send(frames, monotonic());
            if (stream.isEnding) {
                return;
            }
            stream.position = event.seq;
            frames = '';
        }
    }
}
