import type { ServerResponse } from 'node:http';
import { Counter } from '../host/counter.ts';
import type { Host } from '../host/host.ts';
import type { Entry } from '../host/journal.ts';
import { Batches } from './batches.ts';
import { catchUp, type Subscription } from './catch-up.ts';
import { eventFrame, joinParts, positionFrame, retryFrame, retryLaterMs } from './frames.ts';
import { type Group, Groups } from './groups.ts';
import { Snapshots } from './snapshot.ts';
import { Stream } from './stream.ts';

export interface HubOptions {
  /** After about this long a stream ends cleanly, in milliseconds. */
  readonly maxAgeMs: number;
  /** Streams at once. */
  readonly maxStreams: number;
  /** Of one principal; where no credential is needed there are none. */
  readonly maxStreamsPerPrincipal: number;
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  /** Milliseconds since some moment; never goes back. */
  readonly monotonic: () => number;
  readonly reportError: (message: string) => void;
}

/** Without a frame for this long, the position goes out alone. */
const QUIET_MAX_MS = 15_000;
/** How often slow, quiet and old streams are looked for. */
const SWEEP_MS = 500;
/** A stream's age at its end is spread by this part, so that they do not all come back at once. */
const AGE_SPREAD = 0.1;

/** Fan-out: encodes each batch of what happened once per filter, one write per stream and batch. */
export class Hub {
  readonly #host: Host;
  readonly #options: HubOptions;
  readonly #snapshots: Snapshots;
  readonly #batches: Batches;
  readonly #groups = new Groups();
  readonly #streams = new Set<Stream>();
  readonly #ofPrincipal = new Counter();
  readonly #unsubscribe: () => void;
  readonly #sweeper: NodeJS.Timeout;
  #isStopping = false;
  #cutOff = 0;
  #turnedAway = 0;
  #delivered = 0;

  constructor(host: Host, options: HubOptions) {
    this.#host = host;
    this.#options = options;
    this.#snapshots = new Snapshots(host);
    this.#batches = new Batches((entries) => this.#send(entries), options.monotonic);
    this.#unsubscribe = host.subscribe((entries) => this.#batches.add(entries));
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  get figures(): { streams: number; cutOff: number; turnedAway: number; delivered: number } {
    return {
      streams: this.#streams.size,
      cutOff: this.#cutOff,
      turnedAway: this.#turnedAway,
      delivered: this.#delivered,
    };
  }

  /** Streams to a response whose head has been written. The answer cuts it off. */
  open(response: ServerResponse, subscription: Subscription): () => void {
    const stream = this.#open(response, subscription);
    return () => stream?.close();
  }

  #open(response: ServerResponse, subscription: Subscription): Stream | undefined {
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
    } else {
      // Not before every node knows.
      connecting.then(
        () => this.#catchUp(stream, subscription),
        () => this.#turnAway(stream),
      );
    }
    return stream;
  }

  /** Ends every stream; their clients come back, spread over seconds. */
  stop(): void {
    this.#isStopping = true;
    this.#batches.flush();
    this.#unsubscribe();
    clearInterval(this.#sweeper);
    for (const stream of this.#streams) {
      stream.end(retryLaterMs());
    }
  }

  #isFullFor(principal: string | null): boolean {
    const { maxStreams, maxStreamsPerPrincipal } = this.#options;
    return (
      this.#streams.size >= maxStreams ||
      (principal !== null && this.#ofPrincipal.of(principal) >= maxStreamsPerPrincipal)
    );
  }

  #catchUp(stream: Stream, subscription: Subscription): void {
    catchUp(stream, subscription, {
      host: this.#host,
      snapshots: this.#snapshots,
      monotonic: this.#options.monotonic,
      goLive: () => this.#goLive(stream),
    }).catch((error: Error) => {
      this.#options.reportError(`a stream was ended because reading the log failed: ${error.message}`);
      stream.end(retryLaterMs());
    });
  }

  #turnAway(stream: Stream): void {
    this.#turnedAway += 1;
    stream.end(retryLaterMs());
  }

  #send(entries: readonly Entry[]): void {
    const frames: string[] = [];
    for (const group of this.#groups) {
      this.#sendToGroup(group, entries, frames);
    }
  }

  #sendToGroup(group: Group, entries: readonly Entry[], frames: string[]): void {
    if (group.live.size === 0) {
      return;
    }
    const wanted: string[] = [];
    for (const [index, entry] of entries.entries()) {
      if (group.passes === undefined || group.passes(entry)) {
        frames[index] ??= eventFrame(this.#host.epoch, entry);
        wanted.push(frames[index]);
      }
    }
    const { seq } = entries[entries.length - 1] as Entry;
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

  #goLive(stream: Stream): void {
    // What is collected by now is at or before the stream's position: it is not for this stream.
    this.#batches.flush();
    stream.goLive(this.#options.monotonic());
  }

  #sweep(): void {
    const now = this.#options.monotonic();
    for (const stream of this.#streams) {
      if (stream.isStuck(now)) {
        this.#cut(stream);
      } else if (now >= stream.options.endsAt && !stream.isEnding) {
        stream.end();
      } else if (now - stream.lastFrameAt >= QUIET_MAX_MS && stream.isLive) {
        stream.say(positionFrame(this.#host.epoch, stream.position), now);
      }
    }
  }

  #cut(stream: Stream): void {
    this.#cutOff += 1;
    stream.close();
  }

  #forget(stream: Stream, group: Group): void {
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
