import { connect, type Socket } from 'node:net';

export interface Response {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One keep-alive HTTP/1.1 connection, one request at a time, for answers with a Content-Length. It does as little as
 * possible: the program that loads a server must cost less than the server.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #resolve: ((response: Response) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  static open(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      socket.once('connect', () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data: Buffer) => this.#read(data));
    socket.on('close', () => this.#reject?.(new Error('the connection was closed before the answer')));
    socket.on('error', () => undefined);
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

  #read(data: Buffer): void {
    const received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    const headEnd = received.indexOf(HEAD_END);
    if (headEnd < 0) {
      this.#received = received;
      return;
    }
    const head = received.toString('latin1', 0, headEnd);
    const bodyStart = headEnd + HEAD_END.length;
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (received.length < bodyStart + length) {
      this.#received = received;
      return;
    }
    this.#received = received.subarray(bodyStart + length);
    const resolve = this.#resolve as (response: Response) => void;
    this.#resolve = undefined;
    this.#reject = undefined;
    resolve({ status: Number(head.slice(9, 12)), body: received.subarray(bodyStart, bodyStart + length) });
  }
}

/** A request as it goes over the wire. `body` is ASCII. */
export function encodeRequest(method: string, path: string, body?: string, headers = ''): string {
  const content =
    body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: bench\r\nX-Session-Id: bench\r\n${headers}${content}\r\n${body ?? ''}`;
}
