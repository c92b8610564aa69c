import { connect, type Socket } from 'node:net';
import type { Test } from 'tap';
import type { Answer } from '../client.ts';

/** A connection on which a test writes what it likes. Closed with the test. */
export function dial(t: Test, url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // What a test sends may well get the connection cut.
  socket.on('error', () => undefined);
  t.teardown(() => socket.destroy());
  return socket;
}

/** Sends `bytes` as they are; resolves with what came back when the service has closed the connection. */
export function exchange(t: Test, url: string, bytes: string | Buffer): Promise<Answer> {
  const socket = dial(t, url);
  socket.write(bytes);
  return answerOf(socket);
}

/** What comes until the connection is closed, read as one answer. */
export function answerOf(socket: Socket): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => {
      const answer = readAnswer(Buffer.concat(chunks).toString());
      if (answer === undefined) {
        reject(new Error('the connection was closed without an answer'));
      } else {
        resolve(answer);
      }
    });
  });
}

/** A request that asks for the connection to be closed. `lines`: more headers. */
export function request(line: string, lines: readonly string[] = [], body = ''): string {
  const head = [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', 'X-Session-Id: test', ...lines];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function readAnswer(bytes: string): Answer | undefined {
  const [head = '', text = ''] = bytes.split(/\r\n\r\n(.*)/s);
  const [status, ...lines] = head.split('\r\n');
  if (status?.startsWith('HTTP/1.1 ') !== true) {
    return undefined;
  }
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const isJson = /json/.test(headers['content-type'] ?? '') && text !== '';
  return { status: Number(status.split(' ')[1]), headers, text, body: isJson ? JSON.parse(text) : undefined };
}
