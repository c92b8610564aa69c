import { connect, type Socket } from 'node:net';

const FRAME_END = Buffer.from('\n\n');
const DASH = 0x2d;
const NEWLINE = 0x0a;

/** One event stream, read as cheaply as it can be checked: every event in order, each once. */
export class Subscriber {
  events = 0;
  /** Events that were missing, repeated or out of order. */
  wrong = 0;
  lastSeq = 0;
  readonly #socket: Socket;
  readonly #onEvent: ((seq: number, text: string) => void) | undefined;
  #rest: Buffer = Buffer.alloc(0);

  /** Resolves when the server has begun the stream. */
  static open(url: URL, path: string, onEvent?: (seq: number, text: string) => void): Promise<Subscriber> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      socket.on('error', reject);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n`);
      const subscriber = new Subscriber(socket, onEvent);
      socket.once('data', () => resolve(subscriber));
    });
  }

  private constructor(socket: Socket, onEvent?: (seq: number, text: string) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('data', (data: Buffer) => this.#read(data));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** The framing of HTTP's chunks lies between frames or inside them; it has no blank line that ends a frame. */
  #read(data: Buffer): void {
    const text = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    let start = 0;
    for (;;) {
      const end = text.indexOf(FRAME_END, start);
      if (end < 0) {
        break;
      }
      this.#frame(text, start, end);
      start = end + FRAME_END.length;
    }
    this.#rest = text.subarray(start);
  }

  #frame(text: Buffer, start: number, end: number): void {
    const at = text.indexOf('id: ', start, 'latin1');
    if (at < 0 || at >= end) {
      return;
    }
    const dash = text.indexOf(DASH, at);
    const lineEnd = text.indexOf(NEWLINE, dash);
    if (lineEnd < 0 || lineEnd >= end || text[lineEnd + 1] !== 0x64) {
      // No `data:` line follows: a position alone, or `hello`.
      this.#position(text, dash, Math.min(lineEnd < 0 ? end : lineEnd, end));
      return;
    }
    const seq = Number(text.toString('latin1', dash + 1, lineEnd));
    if (this.lastSeq !== 0 && seq !== this.lastSeq + 1) {
      this.wrong += 1;
    }
    this.lastSeq = seq;
    this.events += 1;
    this.#onEvent?.(seq, text.toString('latin1', lineEnd, end));
  }

  #position(text: Buffer, dash: number, end: number): void {
    this.lastSeq = Number(text.toString('latin1', dash + 1, end));
  }
}
