import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Started } from '../service.ts';

/** Calls in flight at once. */
const AT_ONCE = 50;
const PATIENCE_MS = 30_000;

/** Calls `call` with 0, 1, … `count - 1`, many at a time, and returns what they came to, in that order. */
export async function times<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) => first + index);
    results.push(...(await Promise.all(indexes.map(call))));
  }
  return results;
}

/** Records `count` events over HTTP and returns the newest `seq`. */
export async function publish(
  { client }: Pick<Started, 'client'>,
  count: number,
  body: (index: number) => object = (index) => ({ kind: 'test.tick', payload: index }),
): Promise<number> {
  const answers = await times(count, (index) => client.post('/events', body(index)));
  return Math.max(...answers.map(({ body: event }) => event.seq));
}

/** `seq` of every event that a query finds, oldest first. */
export async function seqsInLog({ client }: Pick<Started, 'client'>, query = ''): Promise<number[]> {
  const seqs: number[] = [];
  for (;;) {
    const { body } = await client.get(`/events?limit=1000&after=${seqs.at(-1) ?? 0}&${query}`);
    if (body.events.length === 0) {
      return seqs;
    }
    seqs.push(...body.events.map(({ seq }: { seq: number }) => seq));
  }
}

/** The numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** One figure of `/metrics`. */
export async function metric({ client }: Pick<Started, 'client'>, name: string): Promise<number> {
  const { text } = await client.get('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Resolves when `check` says so. Throws when it never does. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await check())) {
    if (performance.now() > giveUpAt) {
      throw new Error(`it did not come to pass: ${check}`);
    }
    await sleep(2);
  }
}

/** A log on disk that stays while a test starts the service more than once, and goes with the test. */
export function lastingStore(t: Test): { store: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return { store: `sqlite:${join(folder, 'log.db')}` };
}
