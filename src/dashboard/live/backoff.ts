const LEAST_MS = 1000;
const MOST_MS = 15_000;

/** How long to wait before the try with this number, from 0: doubles from 1 s to 15 s, spread, so that not all come back at once. */
export function backoffMs(attempt: number, random = Math.random()): number {
  const most = Math.min(MOST_MS, LEAST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(LEAST_MS / 2 + (most - LEAST_MS / 2) * random);
}
