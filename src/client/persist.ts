import { isPassing, type SallyportError } from './error.ts';

export interface Persistence {
  readonly signal?: AbortSignal | undefined;
  /** When to give up, by `performance.now()`; never unless given. */
  readonly until?: number | undefined;
  /** Something went wrong that may go by itself: it is tried again after `delayMs`. */
  readonly onRetry?: ((error: SallyportError, delayMs: number) => void) | undefined;
  /** Milliseconds, from the same moment as `until`. */
  readonly now?: () => number;
}

const FIRST_DELAY_MS = 200;
const DELAY_MAX_MS = 10_000;
/** What was there for as long as this was good: what goes wrong next is another trouble. */
const WAS_GOOD_MS = 5000;

/** How long to wait before the next try: longer each time, and never the same for two clients. */
export class Backoff {
  #failures = 0;

  /** In milliseconds; not before the service wants it. */
  next(retryAfterMs = 0): number {
    const most = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, DELAY_MAX_MS);
    this.#failures += 1;
    return Math.round(retryAfterMs + most * (0.5 + Math.random() / 2));
  }

  reset(): void {
    this.#failures = 0;
  }
}

/** Calls until there is an answer, for errors that may go by themselves; `leftMs` is how long it has. */
export async function persist<T>(
  call: (leftMs: number) => Promise<T>,
  { signal, until = Number.POSITIVE_INFINITY, onRetry, now = () => performance.now() }: Persistence,
): Promise<T> {
  const backoff = new Backoff();
  for (;;) {
    const startedAt = now();
    try {
      return await call(Math.max(until - startedAt, 0));
    } catch (error) {
      const failedAt = now();
      if (!isPassing(error) || failedAt >= until) {
        throw error;
      }
      if (failedAt - startedAt > WAS_GOOD_MS) {
        backoff.reset();
      }
      const delayMs = Math.min(backoff.next(error.retryAfterMs), until - failedAt);
      onRetry?.(error, delayMs);
      await sleep(delayMs, signal);
    }
  }
}

/** Rejects with the reason of the signal when it is aborted. */
export function sleep(ms: number, signal: AbortSignal = NEVER): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}

const NEVER = new AbortController().signal;
