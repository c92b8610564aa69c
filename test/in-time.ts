const LIMIT_MS = 60_000;

/**
 * What the promise brings. Throws when it has brought nothing in a minute, far longer than anything takes: a promise of
 * ours that is broken fails with a name then, and does not hang until the whole file is ended.
 */
export async function inTime<Value>(promised: Promise<Value>, what: () => string): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`nothing came in ${LIMIT_MS / 1000} s: ${what()}`)),
    LIMIT_MS,
  );
  try {
    return await Promise.race([promised, late]);
  } finally {
    clearTimeout(timer);
  }
}
