import { hash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBelow } from '../host/random.ts';
import type { Board } from './board.ts';
import {
  approvalOf,
  type Connection,
  type LogEvent,
  type Reading,
  type Seen,
  type Snapshot,
} from './history.ts';

const NODES = 3;
/** A reader leaves by itself after this long at most, so that much is resumed. */
const STAYS_MS = 4000;
const CONNECT_MS = 2000;
const PAUSE_MS = 100;
/** Every so many connections it has lost its place and begins anew, or comes back with the place of long ago. */
const BEGINS_ANEW = 8;
const COMES_BACK = 16;

export interface ReaderOptions {
  readonly urls: readonly string[];
  readonly random: () => number;
  readonly board: Board;
  /** The session that its streams count for. */
  readonly session: string;
  readonly family: string;
  /** Where it begins anew it wants to know what is open. */
  readonly asksSnapshot: boolean;
  readonly over: AbortSignal;
}

/** Follows the log by way of any node, and resumes on any other after each break. */
export class Reader implements Reading {
  readonly name: string;
  readonly family: string;
  readonly connections: Connection[] = [];
  readonly #options: ReaderOptions;
  #lastEventId: string | null = null;
  #firstEventId: string | null = null;
  #lastSeq = 0;
  /** Frames of a snapshot that goes on. */
  #frames: Snapshot[] = [];

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.name = `${options.session} reads ${options.family || 'all'}`;
    this.family = options.family;
  }

  /** The greatest `seq` that came. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  async run(): Promise<void> {
    const { over, random } = this.#options;
    while (!over.aborted) {
      await this.#read(randomBelow(random, NODES)).catch(() => {});
      await sleep(randomBelow(random, PAUSE_MS));
    }
  }

  async #read(node: number): Promise<void> {
    const { over, random, asksSnapshot } = this.#options;
    if (!over.aborted) this.#loseThePlace();
    const isAnew = this.#lastEventId === null;
    const connection: Connection = {
      ...{ node, begunAt: Date.now(), lastEventId: this.#lastEventId, asksSnapshot },
      ...{
        minSeq: isAnew ? this.#lastSeq : 0,
        hello: null,
        helloAt: 0,
        snapshot: null,
        seen: [],
        lastId: null,
      },
    };
    this.connections.push(connection);
    this.#frames = [];
    const leaves = new AbortController();
    const leave = () => leaves.abort();
    over.addEventListener('abort', leave);
    let timer = setTimeout(leave, CONNECT_MS);
    try {
      const response = await this.#open(connection, leaves.signal);
      clearTimeout(timer);
      timer = setTimeout(leave, randomBelow(random, STAYS_MS));
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) {
        const frames = (text + chunk).split('\n\n');
        text = frames.pop() as string;
        for (const frame of frames) this.#take(frame, connection);
      }
    } finally {
      clearTimeout(timer);
      over.removeEventListener('abort', leave);
    }
  }

  #loseThePlace(): void {
    const { random } = this.#options;
    if (randomBelow(random, BEGINS_ANEW) === 0) this.#lastEventId = null;
    else if (randomBelow(random, COMES_BACK) === 0) this.#lastEventId = this.#firstEventId;
  }

  #open(
    { node, lastEventId, asksSnapshot, minSeq }: Connection,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { urls, session, family } = this.#options;
    const query = `session_id=${session}${family ? `&kind=${family}*` : ''}${asksSnapshot ? '&snapshot=true' : ''}`;
    const headers = {
      ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }),
      ...(minSeq === 0 ? {} : { 'Sallyport-Min-Seq': String(minSeq) }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        `${urls[node]}/events/stream?${query}`,
        { headers, signal, agent: false },
        resolve,
      );
      sent.on('error', reject);
      sent.end();
    });
  }

  #take(frame: string, connection: Connection): void {
    const fields = new Map(
      frame.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^\w*: ?/, '')]),
    );
    const [id, data, kind] = [fields.get('id'), fields.get('data'), fields.get('event')];
    if (id !== undefined) {
      this.#lastEventId = id;
      this.#firstEventId ??= id;
      connection.lastId = id;
    }
    if (data === undefined) return;
    const parsed = JSON.parse(data);
    if (kind === 'hello') Object.assign(connection, { hello: parsed, helloAt: Date.now() });
    else if (kind === 'snapshot') this.#takeSnapshot(parsed, connection);
    else if (kind === undefined) this.#see(parsed, connection);
  }

  #takeSnapshot(frame: Snapshot & { readonly more: boolean }, connection: Connection): void {
    this.#frames.push(frame);
    if (frame.more) return;
    connection.snapshot = {
      seq: frame.seq,
      agents: this.#frames.flatMap(({ agents }) => agents),
      approvals: this.#frames.flatMap(({ approvals }) => approvals),
      events: this.#frames.flatMap(({ events }) => events as unknown as LogEvent[]).map(seenOf),
    };
  }

  #see(event: LogEvent, { seen }: Connection): void {
    seen.push(seenOf(event));
    this.#lastSeq = Math.max(this.#lastSeq, event.seq);
    const id = approvalOf(event);
    if (event.kind === 'approval.requested' && id !== null) {
      this.#options.board.see({ id, seq: event.seq, owner: event.payload.client_id });
    }
  }
}

function seenOf(event: LogEvent): Seen {
  return { seq: event.seq, digest: digestOf(event) };
}

/** Short, as a run sees every event many times. */
export function digestOf(event: LogEvent): string {
  return hash('sha1', JSON.stringify(event), 'base64').slice(0, 12);
}
