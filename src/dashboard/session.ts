const KEY = 'sallyport-session';

let known: string | undefined;

/** The session of this browser: one name for all its tabs, also tomorrow. It says nothing of who is there. */
export function sessionId(): string {
  // Not as the script is read: what a browser keeps, it has to fetch.
  known ??= readSessionId();
  return known;
}

function readSessionId(): string {
  const made = `dashboard-${Array.from(crypto.getRandomValues(new Uint8Array(6)), hex).join('')}`;
  try {
    const kept = localStorage.getItem(KEY);
    if (kept !== null && /^dashboard-[0-9a-f]{12}$/.test(kept)) {
      return kept;
    }
    localStorage.setItem(KEY, made);
    return localStorage.getItem(KEY) ?? made;
  } catch {
    // A browser that keeps nothing has another one each time.
    return made;
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
