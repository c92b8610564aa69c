import { Connection, type Response } from './connection.ts';

const BATCH = 100;

/** Not all at the same moment: a listener's queue is short, and what does not fit waits for seconds. */
export async function inBatches<T>(count: number, open: () => Promise<T>): Promise<T[]> {
  const opened: T[] = [];
  while (opened.length < count) {
    const some = Math.min(BATCH, count - opened.length);
    opened.push(...(await Promise.all(Array.from({ length: some }, open))));
  }
  return opened;
}

export function openConnections(url: URL, count: number): Promise<Connection[]> {
  return inBatches(count, () => Connection.open(url));
}

/** Each work with a connection of its own, all at once. */
export async function inParallel<T>(
  url: URL,
  count: number,
  work: (connection: Connection, index: number) => Promise<T>,
): Promise<T[]> {
  const opened = await openConnections(url, count);
  const results = await Promise.all(opened.map(work));
  for (const connection of opened) {
    connection.close();
  }
  return results;
}

export function expectStatus({ status, body }: Response, expected: number): void {
  if (status !== expected) {
    throw new Error(`the server answered ${status}: ${body}`);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
