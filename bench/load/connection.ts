import { connect, type Socket } from 'node:net';
import { RECEIVED } from './received.ts';

export interface Response {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/**
 * One keep-alive HTTP/1.1 connection, one request at a time, for answers in ASCII with a Content-Length. It does as
 * little as possible: the program that loads a server must cost less than the server.
 */
export class Connection {
  readonly #socket: Socket;
  #rest = '';
  #resolve: ((response: Response) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  static open(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(url, reject);
      connection.#socket.once('connect', () => resolve(connection));
    });
  }

  private constructor(url: URL, onError: (error: Error) => void) {
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: RECEIVED,
        callback: (length) => {
          this.#read(length);
          return true;
        },
      },
    });
    this.#socket.on('error', onError);
    this.#socket.on('close', () => this.#reject?.(new Error('the connection was closed before the answer')));
  }

  /** `request`: see `encodeRequest`. */
  send(request: string): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#reject = undefined;
    this.#socket.destroy();
  }

  #read(length: number): void {
    const received = this.#rest + RECEIVED.toString('latin1', 0, length);
    const headEnd = received.indexOf(HEAD_END);
    const head = received.slice(0, Math.max(0, headEnd));
    const end = headEnd + HEAD_END.length + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (headEnd < 0 || received.length < end) {
      this.#rest = received;
      return;
    }
    this.#rest = received.slice(end);
    const resolve = this.#resolve as (response: Response) => void;
    this.#resolve = undefined;
    this.#reject = undefined;
    resolve({ status: Number(head.slice(9, 12)), body: received.slice(headEnd + HEAD_END.length, end) });
  }
}

/** A request as it goes over the wire. `body` is ASCII. */
export function encodeRequest(method: string, path: string, body?: string): string {
  const content =
    body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nX-Session-Id: bench\r\n${content}\r\n${body ?? ''}`;
}
