import { connect, type Socket } from 'node:net';
import { RECEIVED } from './received.ts';
import type { Tape } from './tape.ts';
import { Transcript } from './transcript.ts';

export interface StreamOptions {
  readonly path: string;
  /** The last frame that every stream begins with has this in it; what comes then is the same for all. */
  readonly opening: string;
}

/** One event stream, read as cheaply as it can be checked. */
export class Subscriber {
  events = 0;
  /** It is the server that closed it. */
  isClosed = false;
  readonly #tape: Tape;
  readonly #onEvent: ((index: number) => void) | undefined;
  readonly #socket: Socket;
  readonly #opening: string;
  /** What has come before the end of the opening; then undefined. */
  #head: string | undefined = '';
  #at = 0;
  /** If it has had something else than the others: what it has had. */
  #own: Transcript | undefined;

  /** Resolves when the stream has begun. `onEvent` gets the number of each event, from 1. */
  static open(url: URL, options: StreamOptions, tape: Tape, onEvent?: (index: number) => void) {
    return new Promise<Subscriber>((resolve, reject) => {
      const subscriber = new Subscriber(url, options, tape, onEvent, () => resolve(subscriber));
      subscriber.#socket.on('error', reject);
    });
  }

  private constructor(
    url: URL,
    { path, opening }: StreamOptions,
    tape: Tape,
    onEvent: ((index: number) => void) | undefined,
    onOpen: () => void,
  ) {
    this.#tape = tape;
    this.#onEvent = onEvent;
    this.#opening = opening;
    const callback = (length: number) => {
      this.#receive(length, onOpen);
      return true;
    };
    const { hostname: host, port } = url;
    this.#socket = connect({
      host,
      port: Number(port),
      noDelay: true,
      onread: { buffer: RECEIVED, callback },
    });
    this.#socket.on('close', () => {
      this.isClosed = true;
    });
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
  }

  get wrong(): number {
    return (this.#own ?? this.#tape).wrong;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(length: number, onOpen: () => void): void {
    if (this.#head === undefined) {
      this.#read(RECEIVED, length);
      return;
    }
    const before = this.#head.length;
    this.#head += RECEIVED.toString('latin1', 0, length);
    const frame = this.#head.indexOf(this.#opening);
    const end = frame < 0 ? -1 : this.#head.indexOf('\n\n', frame);
    if (end >= 0) {
      const rest = RECEIVED.subarray(end + 2 - before, length);
      this.#head = undefined;
      this.#read(rest, rest.length);
      onOpen();
    }
  }

  #read(bytes: Buffer, length: number): void {
    if (this.#own === undefined && this.#tape.goesOn(this.#at, bytes, length)) {
      this.#at += length;
      const { ends } = this.#tape;
      while (this.events < ends.length && (ends[this.events] as number) <= this.#at) {
        this.#count();
      }
      return;
    }
    this.#own ??= this.#leaveTape();
    this.#own.read(bytes.subarray(0, length));
  }

  #leaveTape(): Transcript {
    let again = this.events;
    const own = new Transcript(() => {
      again -= 1;
      if (again < 0) {
        this.#count();
      }
    });
    this.#tape.readUntil(this.#at, own);
    return own;
  }

  #count(): void {
    this.events += 1;
    this.#onEvent?.(this.events);
  }
}
