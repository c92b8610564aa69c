import type { Test } from 'tap';
import type { AnswerReader, WireAnswer } from '../fuzz/answer-reader.ts';
import { Connection } from '../fuzz/connection.ts';
import type { Started } from '../service.ts';

/** Longer than anything here takes, and shorter than the service's own limits. */
export const SOON_MS = 10_000;

/** A connection that is closed with the test. */
export function dial(t: Test, url: string): Connection {
  const connection = new Connection(url);
  t.teardown(() => connection.destroy());
  return connection;
}

/** Sends `bytes`; resolves with every answer, when the service has closed the connection. */
export async function answersUntilClosed(
  t: Test,
  url: string,
  bytes: string | Buffer,
  methods: readonly string[] = [],
): Promise<readonly WireAnswer[]> {
  const connection = dial(t, url);
  connection.send(bytes, methods);
  const end = await connection.until(() => false, SOON_MS);
  if (end !== 'closed') {
    throw new Error(`still open, with ${JSON.stringify(connection.reader.answers)}`);
  }
  return connection.reader.answers;
}

/** Resolves with the first so many answers. */
export async function firstAnswers(connection: Connection, count: number): Promise<readonly WireAnswer[]> {
  const passes = ({ answers }: AnswerReader) => answers.length >= count;
  const end = await connection.until(passes, SOON_MS);
  if (end !== 'passed') {
    throw new Error(`${end} after ${connection.reader.answers.length} of ${count} answers`);
  }
  return connection.reader.answers;
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape.
export function json(answer: WireAnswer | undefined): any {
  return JSON.parse(answer?.body.toString() ?? 'null');
}

/** What the log's events say, oldest first. */
export async function messages({ client }: Pick<Started, 'client'>): Promise<string[]> {
  const { body } = await client.get('/events?after=0&limit=1000');
  return body.events.map(({ message }: { message: string }) => message);
}

/** A request that is recorded with `message` if it is carried out. */
export function notify(message: string, lines: readonly string[] = []): string {
  const body = JSON.stringify({ message });
  return post('/events', [`Content-Length: ${body.length}`, ...lines], body);
}

export function post(path: string, lines: readonly string[], body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'X-Session-Id: test',
    'Content-Type: application/json',
  ];
  return `${[...head, ...lines].join('\r\n')}\r\n\r\n${body}`;
}
