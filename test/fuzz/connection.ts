import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';

export type End = 'passed' | 'closed' | 'late';

/** A socket on which anything can be written, and whose answers are read strictly. */
export class Connection {
  readonly socket: Socket;
  /** Of what is being read now. */
  reader = new AnswerReader();
  isClosed = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    this.socket.on('data', (bytes) => this.#attempt(() => this.reader.read(bytes)));
    this.socket.on('end', () => this.#close());
    this.socket.on('close', () => this.#close());
    // What a test sends may well get the connection reset.
    this.socket.on('error', () => undefined);
  }

  /** The answers to what was sent before are forgotten. `methods`: of the requests in `bytes`, in order. */
  send(bytes: string | Buffer, methods: readonly string[] = []): void {
    this.reader = new AnswerReader(methods);
    this.socket.write(bytes);
  }

  /** Waits for what comes; throws when that is not HTTP. */
  async until(passes: (reader: AnswerReader) => boolean, ms: number): Promise<End> {
    const deadline = performance.now() + ms;
    for (;;) {
      if (this.#error !== undefined) {
        throw this.#error;
      }
      if (passes(this.reader)) {
        return 'passed';
      }
      const left = deadline - performance.now();
      if (this.isClosed || left <= 0) {
        return this.isClosed ? 'closed' : 'late';
      }
      await this.#changed(left);
    }
  }

  destroy(): void {
    this.socket.destroy();
  }

  #changed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #close(): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.socket.end();
      this.#attempt(() => this.reader.end());
    }
  }

  #attempt(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#error = error as Error;
    }
    this.#wake?.();
  }
}
