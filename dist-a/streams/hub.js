import { Counter } from '../host/counter.js';
import { Batches } from './batches.js';
import { catchUp } from './catch-up.js';
import { eventFrame, joinParts, positionFrame, retryFrame, retryLaterMs } from './frames.js';
import { Groups } from './groups.js';
import { Snapshots } from './snapshot.js';
import { Stream } from './stream.js';
/** Without a frame for this long, the position goes out alone. */
const QUIET_MAX_MS = 15_000;
/** How often slow, quiet and old streams are looked for. */
const SWEEP_MS = 500;
/** A stream's age at its end is spread by this part, so that they do not all come back at once. */
const AGE_SPREAD = 0.1;
/** Fan-out: encodes each batch of what happened once per filter, one write per stream and batch. */
export class Hub {
    #host;
    #options;
    #snapshots;
    #batches;
    #groups = new Groups();
    #streams = new Set();
    #ofPrincipal = new Counter();
    #unsubscribe;
    #sweeper;
    #isStopping = false;
    #cutOff = 0;
    #turnedAway = 0;
    #delivered = 0;
    constructor(host, options) {
        this.#host = host;
        this.#options = options;
        this.#snapshots = new Snapshots(host);
        this.#batches = new Batches((entries) => this.#send(entries), options.monotonic);
        this.#unsubscribe = host.subscribe((entries) => this.#batches.add(entries));
        this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    }
    get figures() {
        return {
            streams: this.#streams.size,
            cutOff: this.#cutOff,
            turnedAway: this.#turnedAway,
            delivered: this.#delivered,
        };
    }
    /** Streams to a response whose head has been written. The answer cuts it off. */
    open(response, subscription) {
        const stream = this.#open(response, subscription);
        return () => stream?.close();
    }
    #open(response, subscription) {
        // Writing to a connection that has just gone is no error of ours.
        response.on('error', () => undefined);
        if (response.destroyed) {
            return undefined;
        }
        const { actor, principal, filter } = subscription;
        if (this.#isStopping || this.#isFullFor(principal)) {
            // The client is told when to come back. A 503 would close an `EventSource` for good.
            this.#turnedAway += 1;
            response.end(retryFrame(retryLaterMs()));
            return undefined;
        }
        const group = this.#groups.join(filter);
        const ageMs = this.#options.maxAgeMs * (1 - AGE_SPREAD * Math.random());
        const endsAt = this.#options.monotonic() + ageMs;
        const stream = new Stream(response, { actor, principal, live: group.live, endsAt });
        this.#streams.add(stream);
        if (principal !== null) {
            this.#ofPrincipal.add(principal);
        }
        const connecting = actor === null ? undefined : this.#host.presence.connect(actor, this.#options.clock());
        response.on('close', () => this.#forget(stream, group));
        if (connecting === undefined) {
            this.#catchUp(stream, subscription);
        }
        else {
            // Not before every node knows.
            connecting.then(() => this.#catchUp(stream, subscription), () => this.#turnAway(stream));
        }
        return stream;
    }
    /** Ends every stream; their clients come back, spread over seconds. */
    stop() {
        this.#isStopping = true;
        this.#batches.flush();
        this.#unsubscribe();
        clearInterval(this.#sweeper);
        for (const stream of this.#streams) {
            stream.end(retryLaterMs());
        }
    }
    #isFullFor(principal) {
        const { maxStreams, maxStreamsPerPrincipal } = this.#options;
        return (this.#streams.size >= maxStreams ||
            (principal !== null && this.#ofPrincipal.of(principal) >= maxStreamsPerPrincipal));
    }
    #catchUp(stream, subscription) {
        catchUp(stream, subscription, {
            host: this.#host,
            snapshots: this.#snapshots,
            monotonic: this.#options.monotonic,
            goLive: () => this.#goLive(stream),
        }).catch((error) => {
            this.#options.reportError(`a stream was ended because reading the log failed: ${error.message}`);
            stream.end(retryLaterMs());
        });
    }
    #turnAway(stream) {
        this.#turnedAway += 1;
        stream.end(retryLaterMs());
    }
    #send(entries) {
        const frames = [];
        for (const group of this.#groups) {
            this.#sendToGroup(group, entries, frames);
        }
    }
    #sendToGroup(group, entries, frames) {
        if (group.live.size === 0) {
            return;
        }
        const wanted = [];
        for (const [index, entry] of entries.entries()) {
            if (group.passes === undefined || group.passes(entry)) {
                frames[index] ??= eventFrame(this.#host.epoch, entry);
                wanted.push(frames[index]);
            }
        }
        const { seq } = entries[entries.length - 1];
        const now = this.#options.monotonic();
        const parts = joinParts(wanted);
        this.#delivered += wanted.length * group.live.size;
        for (const stream of group.live) {
            stream.position = seq;
            if (parts.length > 0 && !stream.push(parts, now)) {
                this.#cut(stream);
            }
        }
    }
    #goLive(stream) {
        // What is collected by now is at or before the stream's position: it is not for this stream.
        this.#batches.flush();
        stream.goLive(this.#options.monotonic());
    }
    #sweep() {
        const now = this.#options.monotonic();
        for (const stream of this.#streams) {
            if (stream.isStuck(now)) {
                this.#cut(stream);
            }
            else if (now >= stream.options.endsAt && !stream.isEnding) {
                stream.end();
            }
            else if (now - stream.lastFrameAt >= QUIET_MAX_MS && stream.isLive) {
                stream.say(positionFrame(this.#host.epoch, stream.position), now);
            }
        }
    }
    #cut(stream) {
        this.#cutOff += 1;
        stream.close();
    }
    #forget(stream, group) {
        const { actor, principal } = stream.options;
        stream.close();
        this.#streams.delete(stream);
        this.#groups.leave(group);
        if (principal !== null) {
            this.#ofPrincipal.remove(principal);
        }
        if (actor !== null) {
            this.#host.presence.disconnect(actor);
        }
    }
}
