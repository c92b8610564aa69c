import { backoffMs } from './backoff.ts';
import type { Frame, Status } from './messages.ts';

export interface SourceOptions {
  readonly sessionId: string;
  /** Where to go on from; '': from a snapshot. */
  readonly position: () => string;
  readonly onFrame: (frame: Frame) => void;
  readonly onStatus: (status: Status) => void;
}

/** The browser hands over many messages in one task, each of up to 500 rows: they are read in tasks of their own, as long as this. */
const TASK_MS = 8;
/** From here on they are read at once: the timers of a tab that nobody looks at are few. */
const UNREAD_MAX = 1000;

/** A message as it came. */
interface Unread {
  readonly type: 'hello' | 'snapshot' | 'message';
  readonly data: string;
  readonly lastEventId: string;
}

/** The one event stream. It opens it again, from where it was, until somebody signs out. */
export class Source {
  readonly #options: SourceOptions;
  #stream: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #unread: Unread[] = [];
  #reading: ReturnType<typeof setTimeout> | undefined;
  /** When anything was last heard, by a clock that never goes back. */
  heardAt = performance.now();

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** Now, whatever there is already. */
  open(): void {
    this.close();
    const { sessionId, position, onStatus } = this.#options;
    const query = new URLSearchParams({ snapshot: 'true', session_id: sessionId });
    if (position() !== '') {
      query.set('last_event_id', position());
    }
    this.heardAt = performance.now();
    const stream = new EventSource(`/events/stream?${query}`);
    this.#stream = stream;
    for (const type of ['hello', 'snapshot', 'message'] as const) {
      stream.addEventListener(type, ({ data, lastEventId }) => this.#queue({ type, data, lastEventId }));
    }
    stream.addEventListener('error', () => {
      if (stream === this.#stream) {
        onStatus('reconnecting');
        // Else the browser connects again by itself.
        if (stream.readyState === EventSource.CLOSED) {
          void this.#askWhy();
        }
      }
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#reading);
    this.#stream?.close();
    this.#stream = undefined;
    // Whoever opens it again goes on from what was read.
    this.#unread = [];
    this.#reading = undefined;
  }

  /** There is more than what was passed on. */
  get isReading(): boolean {
    return this.#unread.length > 0;
  }

  /** What is waiting for its next try does not wait any longer. */
  retry(): void {
    if (this.#stream?.readyState !== EventSource.OPEN) {
      this.#attempt = 0;
      this.open();
    }
  }

  #queue(message: Unread): void {
    this.heardAt = performance.now();
    this.#unread.push(message);
    if (this.#unread.length > UNREAD_MAX) {
      this.#read(Number.POSITIVE_INFINITY);
    } else {
      this.#reading ??= setTimeout(() => this.#read(TASK_MS));
    }
  }

  #read(limitMs: number): void {
    clearTimeout(this.#reading);
    this.#reading = undefined;
    const stream = this.#stream;
    const messages = this.#unread;
    const endsAt = performance.now() + limitMs;
    let count = 0;
    try {
      // What one of them says may be a reason to close it.
      while (count < messages.length && stream === this.#stream && performance.now() < endsAt) {
        count += 1;
        this.#take(messages[count - 1] as Unread);
      }
    } finally {
      // One that cannot be read is missing then, and what is missing is asked for again.
      if (stream === this.#stream) {
        messages.splice(0, count);
        if (messages.length > 0) {
          this.#reading = setTimeout(() => this.#read(TASK_MS));
        }
      }
    }
  }

  #take({ type, data, lastEventId }: Unread): void {
    const { onFrame, onStatus } = this.#options;
    if (type === 'hello') {
      this.#attempt = 0;
      onStatus('live');
      onFrame({ type, id: '', hello: JSON.parse(data) });
    } else if (type === 'snapshot') {
      const snapshot = JSON.parse(data);
      // Until its last frame the browser still names the position before it.
      onFrame({ type, id: snapshot.more ? '' : lastEventId, snapshot });
    } else {
      onFrame({ type: 'event', id: lastEventId, event: JSON.parse(data) });
    }
  }

  /** An answer that is no stream closes an `EventSource` for good, without saying which answer it was. */
  async #askWhy(): Promise<void> {
    const closed = this.#stream;
    const status = await fetch('/me', { cache: 'no-store' }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (closed !== this.#stream) {
      return;
    }
    if (status === 401) {
      this.close();
      this.#options.onStatus('signed-out');
    } else {
      this.#timer = setTimeout(() => this.open(), backoffMs(this.#attempt));
      this.#attempt += 1;
    }
  }
}
