import { backoffMs } from './backoff.ts';
import type { Frame, Status } from './messages.ts';

export interface SourceOptions {
  readonly sessionId: string;
  /** Where to go on from; '': from a snapshot. */
  readonly position: () => string;
  readonly onFrame: (frame: Frame) => void;
  readonly onStatus: (status: Status) => void;
}

/** The one event stream. It opens it again, from where it was, until somebody signs out. */
export class Source {
  readonly #options: SourceOptions;
  #stream: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
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
    stream.addEventListener('hello', (message) => {
      this.#attempt = 0;
      onStatus('live');
      this.#take({ type: 'hello', id: '', hello: JSON.parse(message.data) });
    });
    stream.addEventListener('snapshot', (message) => {
      const snapshot = JSON.parse(message.data);
      // Until its last frame the browser still names the position before it.
      this.#take({ type: 'snapshot', id: snapshot.more ? '' : message.lastEventId, snapshot });
    });
    stream.addEventListener('message', (message) => {
      this.#take({ type: 'event', id: message.lastEventId, event: JSON.parse(message.data) });
    });
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
    this.#stream?.close();
    this.#stream = undefined;
  }

  /** What is waiting for its next try does not wait any longer. */
  retry(): void {
    if (this.#stream?.readyState !== EventSource.OPEN) {
      this.#attempt = 0;
      this.open();
    }
  }

  #take(frame: Frame): void {
    this.heardAt = performance.now();
    this.#options.onFrame(frame);
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
