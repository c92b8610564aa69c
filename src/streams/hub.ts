import type { ServerResponse } from 'node:http';
import { type EventFilter, eventTest } from '../host/event-filter.ts';
import type { Host } from '../host/host.ts';
import type { Entry, StoredEvent } from '../host/journal.ts';
import type { Actor } from '../model/session.ts';
import { eventFrame, helloFrame, positionFrame, retryFrame } from './frames.ts';
import { canResume, type Position } from './position.ts';
import { Snapshots } from './snapshot.ts';
import { Stream } from './stream.ts';

export interface HubOptions {
  /** After about this long a stream ends cleanly, in milliseconds. */
  readonly maxAgeMs: number;
  /** Streams at once. */
  readonly maxStreams: number;
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  /** Milliseconds since some moment; never goes back. */
  readonly monotonic: () => number;
  readonly reportError: (message: string) => void;
}

export interface Subscription {
  readonly filter: EventFilter;
  /** The session it counts for; null: for none. */
  readonly actor: Actor | null;
  /** Null: the client has no position. */
  readonly resumeFrom: Position | null;
  readonly snapshot: boolean;
}

/** Without a frame for this long, the position goes out alone. */
const QUIET_MAX_MS = 15_000;
/** How often slow, quiet and old streams are looked for. */
const SWEEP_MS = 500;
/** Events of a replay that are read and sent at a time. */
const REPLAY_PAGE = 500;
/** A stream's age at its end is spread by this part, so that they do not all come back at once. */
const AGE_SPREAD = 0.1;
/** At a stop, and when there is no room, clients are asked to come back after 2-6 s. */
const RETRY_LATER_MS = { least: 2000, spread: 4000 };

/** The streams with the same filter: their frames are made once. */
interface Group {
  readonly key: string;
  readonly filter: EventFilter;
  readonly passes: ((event: StoredEvent) => boolean) | undefined;
  readonly live: Set<Stream>;
  /** The live ones and those that are still reading older events. */
  members: number;
}

/** Fan-out: encodes what happened in one turn of the event loop once per filter, one write per stream and turn. */
export class Hub {
  readonly #host: Host;
  readonly #options: HubOptions;
  readonly #snapshots: Snapshots;
  readonly #groups = new Map<string, Group>();
  readonly #streams = new Set<Stream>();
  readonly #unsubscribe: () => void;
  readonly #sweeper: NodeJS.Timeout;
  #turn: Entry[] = [];
  #flushScheduled: NodeJS.Immediate | undefined;
  #isStopping = false;
  #cutOff = 0;
  #delivered = 0;

  constructor(host: Host, options: HubOptions) {
    this.#host = host;
    this.#options = options;
    this.#snapshots = new Snapshots(host);
    this.#unsubscribe = host.subscribe((entries) => this.#collect(entries));
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  get figures(): { streams: number; cutOff: number; delivered: number } {
    return { streams: this.#streams.size, cutOff: this.#cutOff, delivered: this.#delivered };
  }

  /** No room, or no time: the client is told when to come back. A 503 would close an `EventSource` for good. */
  get isFull(): boolean {
    return this.#isStopping || this.#streams.size >= this.#options.maxStreams;
  }

  /** Streams to a response whose head has been written. */
  open(response: ServerResponse, subscription: Subscription): void {
    // Writing to a connection that has just gone is no error of ours.
    response.on('error', () => undefined);
    if (response.destroyed) {
      return;
    }
    if (this.isFull) {
      response.end(retryFrame(spreadRetryMs()));
      return;
    }
    const { actor, filter } = subscription;
    const group = this.#join(filter);
    const ageMs = this.#options.maxAgeMs * (1 - AGE_SPREAD * Math.random());
    const endsAt = this.#options.monotonic() + ageMs;
    const stream = new Stream(response, { actor, live: group.live, endsAt });
    this.#streams.add(stream);
    if (actor !== null) {
      this.#host.presence.connect(actor, this.#options.clock());
    }
    response.on('close', () => this.#forget(stream, group));
    this.#begin(stream, group, subscription).catch((error: Error) => {
      this.#options.reportError(`a stream was ended because reading the log failed: ${error.message}`);
      stream.end();
    });
  }

  /** Ends every stream; their clients come back, spread over seconds. */
  stop(): void {
    this.#isStopping = true;
    this.flush();
    this.#unsubscribe();
    clearInterval(this.#sweeper);
    for (const stream of this.#streams) {
      stream.end(spreadRetryMs());
    }
  }

  /** Sends what happened in this turn now. */
  flush(): void {
    clearImmediate(this.#flushScheduled);
    this.#flushScheduled = undefined;
    const entries = this.#turn;
    if (entries.length === 0) {
      return;
    }
    this.#turn = [];
    const frames: string[] = [];
    for (const group of this.#groups.values()) {
      this.#flushGroup(group, entries, frames);
    }
  }

  #flushGroup(group: Group, entries: readonly Entry[], frames: string[]): void {
    if (group.live.size === 0) {
      return;
    }
    let text = '';
    let count = 0;
    for (const [index, entry] of entries.entries()) {
      if (group.passes === undefined || group.passes(entry)) {
        frames[index] ??= eventFrame(this.#host.epoch, entry);
        text += frames[index];
        count += 1;
      }
    }
    const { seq } = entries[entries.length - 1] as Entry;
    const now = this.#options.monotonic();
    const buffer = Buffer.from(text);
    for (const stream of group.live) {
      stream.position = seq;
      if (count > 0 && !stream.push(buffer, now)) {
        this.#cut(stream);
      }
    }
    this.#delivered += count * group.live.size;
  }

  #collect(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#turn.push(entry);
    }
    this.#flushScheduled ??= setImmediate(() => this.flush());
  }

  async #begin(stream: Stream, group: Group, { resumeFrom, snapshot, actor }: Subscription): Promise<void> {
    const { epoch, seq, floor } = this.#host;
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
      stream.push(Buffer.from(hello), this.#options.monotonic());
      this.#goLive(stream, group);
      return;
    }
    const capture = withSnapshot ? this.#snapshots.capture() : undefined;
    await stream.send(hello, this.#options.monotonic());
    if (capture !== undefined) {
      for await (const frame of this.#snapshots.frames(capture)) {
        if (stream.isEnding) {
          return;
        }
        await stream.send(frame, this.#options.monotonic());
      }
    }
    await this.#catchUp(stream, group);
  }

  /** Sends what is kept after the stream's position, as fast as its reader takes it, until it is up to date. */
  async #catchUp(stream: Stream, group: Group): Promise<void> {
    while (!stream.isEnding) {
      const upTo = this.#host.seq;
      if (stream.position === upTo) {
        this.#goLive(stream, group);
        return;
      }
      const { events, floor } = await this.#host.events({
        ...group.filter,
        after: stream.position,
        before: upTo + 1,
        order: 'asc',
        limit: REPLAY_PAGE,
      });
      if (floor > stream.position) {
        // Retention has overtaken it: the client comes back and is told of the gap.
        stream.end();
        return;
      }
      const last = events.length < REPLAY_PAGE ? upTo : (events[events.length - 1] as StoredEvent).seq;
      if (events.length > 0) {
        const frames = events.map((event) => eventFrame(this.#host.epoch, event));
        await stream.send(frames.join(''), this.#options.monotonic());
      }
      stream.position = last;
    }
  }

  #goLive(stream: Stream, group: Group): void {
    // What is collected in this turn is at or before the stream's position: it is not for this stream.
    this.flush();
    stream.goLive(this.#options.monotonic());
    group.live.add(stream);
  }

  #sweep(): void {
    const now = this.#options.monotonic();
    for (const stream of this.#streams) {
      if (stream.isStuck(now)) {
        this.#cut(stream);
      } else if (now >= stream.options.endsAt && !stream.isEnding) {
        stream.end();
      } else if (now - stream.lastFrameAt >= QUIET_MAX_MS && stream.isLive) {
        stream.push(Buffer.from(positionFrame(this.#host.epoch, stream.position)), now);
      }
    }
  }

  #cut(stream: Stream): void {
    this.#cutOff += 1;
    stream.close();
  }

  #join(filter: EventFilter): Group {
    const key = JSON.stringify([[...new Set(filter.kinds)].sort(), filter.agentId]);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { filter, passes: eventTest(filter), live: new Set(), members: 0, key };
      this.#groups.set(key, group);
    }
    group.members += 1;
    return group;
  }

  #forget(stream: Stream, group: Group): void {
    const { actor } = stream.options;
    stream.close();
    this.#streams.delete(stream);
    group.members -= 1;
    if (group.members === 0) {
      this.#groups.delete(group.key);
    }
    if (actor !== null) {
      this.#host.presence.disconnect(actor);
    }
  }
}

function spreadRetryMs(): number {
  return Math.round(RETRY_LATER_MS.least + Math.random() * RETRY_LATER_MS.spread);
}
