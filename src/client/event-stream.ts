import { createParser } from 'eventsource-parser';
import type { Event, Hello, Snapshot } from './api.ts';
import { type Connection, unreachable } from './connection.ts';
import { isPassing, SallyportError } from './error.ts';
import { Backoff, sleep } from './persist.ts';

export interface StreamOptions {
  /** Only these kinds, or families such as `approval.*`; all unless given. */
  readonly kind?: string | readonly string[] | undefined;
  /** Only what is about this agent. */
  readonly agentId?: string | undefined;
  /** After which event to begin: a `seq`, 0 for the beginning, or the `position` of an earlier stream. Else with the next event. */
  readonly after?: number | string | undefined;
  /** The stream counts for the session: while it is open, the session is connected. */
  readonly presence?: boolean | undefined;
  /** Begin with what is open; `onSnapshot` gets it. */
  readonly snapshot?: boolean | undefined;
  /** The iteration ends when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** The stream is open, for the first time or again. */
  readonly onOpen?: ((hello: Hello) => void) | undefined;
  /** Events before `seq` were missed: they are not kept any more, or the log is another one. A snapshot follows. */
  readonly onGap?: ((gap: { readonly seq: number }) => void) | undefined;
  readonly onSnapshot?: ((part: Snapshot) => void) | undefined;
  /** The connection has ended, by an error or, with null, as it does now and then; it is opened again after `delayMs`. */
  readonly onDisconnect?: ((error: SallyportError | null, delayMs: number) => void) | undefined;
  /** After how long without a byte a connection counts as lost, in milliseconds. The service says something every 20 s. */
  readonly silenceMs?: number | undefined;
}

type Frame =
  | { readonly type: 'id'; readonly id: string }
  | { readonly type: 'retry'; readonly ms: number }
  | { readonly type: 'message'; readonly event: string | undefined; readonly data: string };

const SILENCE_MS = 45_000;
/** Between two connections when the first has ended as it should. */
const GO_ON_MS = 50;

/** The events of the log, in order and each once, over any number of connections. */
export class EventStream implements AsyncIterable<Event> {
  readonly #connection: Connection;
  readonly #options: StreamOptions;
  /** Where to go on: what `after` takes. That of the event that was yielded last, or further on. */
  position: string | null;
  /** The last connection got as far as its greeting. */
  #wasOpen = false;
  /** What the service has asked for since then. */
  #retryMs: number | null = null;

  constructor(connection: Connection, options: StreamOptions) {
    this.#connection = connection;
    this.#options = options;
    this.position = options.after === undefined ? null : String(options.after);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    const { signal, onDisconnect } = this.#options;
    const backoff = new Backoff();
    while (!signal?.aborted) {
      this.#wasOpen = false;
      this.#retryMs = null;
      let trouble: SallyportError | null = null;
      try {
        yield* this.#connect();
      } catch (error) {
        if (signal?.aborted) {
          return;
        }
        if (!isPassing(error)) {
          throw error;
        }
        trouble = error;
      }
      if (this.#wasOpen) {
        backoff.reset();
      }
      const delayMs = this.#delay(trouble, backoff);
      onDisconnect?.(trouble, delayMs);
      await sleep(delayMs, signal).catch(() => undefined);
    }
  }

  #delay(trouble: SallyportError | null, backoff: Backoff): number {
    if (trouble === null) {
      return this.#retryMs ?? (this.#wasOpen ? GO_ON_MS : backoff.next());
    }
    return backoff.next(trouble.retryAfterMs);
  }

  /** One connection. */
  async *#connect(): AsyncGenerator<Event, void, undefined> {
    const { signal, silenceMs = SILENCE_MS } = this.#options;
    const ending = new AbortController();
    let silence = setTimeout(() => ending.abort(), silenceMs);
    const either = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
    try {
      const response = await this.#open(either);
      const frames: Frame[] = [];
      const parser = createParser({
        onId: (id) => void frames.push({ type: 'id', id }),
        onRetry: (ms) => void frames.push({ type: 'retry', ms }),
        onEvent: ({ event, data }) => void frames.push({ type: 'message', event, data }),
      });
      for await (const text of textOf(response)) {
        clearTimeout(silence);
        silence = setTimeout(() => ending.abort(), silenceMs);
        parser.feed(text);
        for (const frame of frames.splice(0)) {
          yield* this.#take(frame);
        }
      }
    } catch (error) {
      if (error instanceof SallyportError) {
        throw error;
      }
      throw unreachable(
        ending.signal.aborted ? new Error(silent(silenceMs)) : error,
        signal,
        this.#connection.url,
      );
    } finally {
      clearTimeout(silence);
      ending.abort();
    }
  }

  async #open(signal: AbortSignal): Promise<Response> {
    const { kind, agentId, presence, snapshot } = this.#options;
    const response = await this.#connection.open('/events/stream', {
      signal,
      query: {
        ...(kind === undefined ? {} : { kind }),
        agent_id: agentId,
        session_id: presence === true ? this.#connection.session : undefined,
        snapshot: snapshot === true && this.position === null ? true : undefined,
        last_event_id: this.position ?? undefined,
      },
    });
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      const detail = `${this.#connection.url} sends no event stream: is the URL that of Sallyport?`;
      throw new SallyportError({ code: 'unexpected-answer', status: response.status, detail });
    }
    return response;
  }

  *#take(frame: Frame): Generator<Event, void, undefined> {
    if (frame.type === 'id') {
      this.position = frame.id;
    } else if (frame.type === 'retry') {
      this.#retryMs = frame.ms;
    } else if (frame.event === undefined) {
      yield JSON.parse(frame.data);
    } else if (frame.event === 'hello') {
      this.#greet(JSON.parse(frame.data));
    } else if (frame.event === 'snapshot') {
      this.#options.onSnapshot?.(JSON.parse(frame.data));
    }
  }

  #greet(hello: Hello): void {
    this.#wasOpen = true;
    // What comes first is for those who never get this far.
    this.#retryMs = null;
    this.#options.onOpen?.(hello);
    if (hello.gap) {
      this.#options.onGap?.({ seq: hello.seq });
    }
  }
}

function silent(silenceMs: number): string {
  return `nothing has come for ${silenceMs / 1000} s`;
}

/** Not every browser iterates over a body. */
async function* textOf(response: Response): AsyncGenerator<string, void, undefined> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    yield decoder.decode(value, { stream: true });
  }
}
