import { connect, type Socket } from 'node:net';
import type { Test } from 'tap';
import { until } from './publish.ts';

/** A connection on which nothing is read or written that a test does not see. */
export class RawConnection {
  readonly socket: Socket;
  #received = '';

  constructor(t: Test, url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname).setEncoding('utf8');
    this.socket.on('data', (text: string) => {
      this.#received += text;
    });
    // One that is reset says so by an error; the tests look at what it means.
    this.socket.on('error', () => undefined);
    t.teardown(() => this.socket.destroy());
  }

  send(method: string, path: string, headers: Record<string, string> = {}, version = '1.1'): void {
    const lines = Object.entries({ Host: 'localhost', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    this.socket.write(`${method} ${path} HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n`);
  }

  /** All that came so far, as it came. */
  get received(): string {
    return this.#received;
  }

  get head(): string {
    return this.#received.split('\r\n\r\n', 1)[0] as string;
  }

  /** The body so far, taken out of its chunks. */
  get body(): string {
    let bytes = Buffer.from(this.#received.slice(this.head.length + 4));
    let body = '';
    for (;;) {
      const lineEnd = bytes.indexOf('\r\n');
      const length = Number.parseInt(bytes.toString('latin1', 0, Math.max(0, lineEnd)), 16);
      if (!(length > 0) || bytes.length < lineEnd + 2 + length + 2) {
        return body;
      }
      body += bytes.toString('utf8', lineEnd + 2, lineEnd + 2 + length);
      bytes = bytes.subarray(lineEnd + 2 + length + 2);
    }
  }

  /** Resolves when the body has `text` in it. */
  async receives(text: string): Promise<void> {
    await until(() => this.body.includes(text));
  }
}
