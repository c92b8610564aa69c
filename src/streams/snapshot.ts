import type { Host } from '../host/host.ts';
import { eventJson } from '../host/journal.ts';
import { snapshotFrame } from './frames.ts';

/** Rows in one frame, at most. */
const FRAME_ROWS_MAX = 500;
/** A frame is sent once it is this long, so that large details do not make it huge. Characters. */
const FRAME_LENGTH = 256 * 1024;
/**
 * A capture of more rows than this is shared by all who come within so many milliseconds; the events since then follow
 * it. Else a herd of readers that do not read would hold a copy each.
 */
const LARGE_ROWS = 1000;
const SHARED_MS = 1000;
/** The newest events in a snapshot. */
const EVENTS_MAX = 100;

type Capture = ReturnType<Host['capture']>;

/**
 * What is open, all of one moment, as frames that are made when their reader is ready for them: all agents, the
 * pending approvals, the newest events, oldest first. Captures hold references; those of the same moment are one.
 */
export class Snapshots {
  readonly #host: Host;
  #latest: WeakRef<Capture> | undefined;
  #capturedAt = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** What is open now, or, where that is much, was open a moment ago. `now`: milliseconds of a clock that never goes back. */
  capture(now: number): Capture {
    const latest = this.#latest?.deref();
    if (latest !== undefined && this.#isFresh(latest, now)) {
      return latest;
    }
    const capture = this.#host.capture();
    this.#latest = new WeakRef(capture);
    this.#capturedAt = now;
    return capture;
  }

  #isFresh({ seq, agents, approvals }: Capture, now: number): boolean {
    const isLarge = agents.length + approvals.length > LARGE_ROWS;
    const isYoung = now - this.#capturedAt < SHARED_MS && seq >= this.#host.floor;
    return seq === this.#host.seq || (isLarge && isYoung);
  }

  async *frames(capture: Capture): AsyncGenerator<string> {
    const { seq } = capture;
    let page = new Page(seq);
    for await (const [list, json] of this.#rows(capture)) {
      if (page.isFull) {
        yield snapshotFrame(this.#host.epoch, seq, false, page.json(true));
        page = new Page(seq);
      }
      page.add(list, json);
    }
    yield snapshotFrame(this.#host.epoch, seq, true, page.json(false));
  }

  async *#rows({ seq, agents, approvals }: Capture): AsyncGenerator<[List, string]> {
    for (const { agent } of agents) {
      yield ['agents', JSON.stringify({ ...agent, connected: this.#host.isConnected(agent) })];
    }
    for (const { state } of approvals) {
      yield ['approvals', state];
    }
    const after = Math.max(0, seq - EVENTS_MAX);
    const { events } = await this.#host.events({
      after,
      before: seq + 1,
      order: 'asc',
      limit: EVENTS_MAX,
      kinds: [],
      agentId: null,
    });
    for (const event of events) {
      yield ['events', eventJson(event)];
    }
  }
}

type List = 'agents' | 'approvals' | 'events';

class Page {
  readonly #seq: number;
  readonly #lists: Record<List, string[]> = { agents: [], approvals: [], events: [] };
  #rows = 0;
  #length = 0;

  constructor(seq: number) {
    this.#seq = seq;
  }

  get isFull(): boolean {
    return this.#rows >= FRAME_ROWS_MAX || this.#length >= FRAME_LENGTH;
  }

  add(list: List, json: string): void {
    this.#lists[list].push(json);
    this.#rows += 1;
    this.#length += json.length;
  }

  json(more: boolean): string {
    const { agents, approvals, events } = this.#lists;
    return `{"seq":${this.#seq},"more":${more},"agents":[${agents}],"approvals":[${approvals}],"events":[${events}]}`;
  }
}
