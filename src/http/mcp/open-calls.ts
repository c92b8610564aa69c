/** The calls that this node is answering, so that the notification that cancels one finds it. */
export class OpenCalls {
  readonly #cancels = new Map<string, () => void>();

  /** Remembers how to cancel a call. Without a session nobody could say whose it is. Returns what forgets it. */
  add(session: string | null, id: string | number | undefined, cancel: () => void): () => void {
    if (session === null || id === undefined) {
      return () => undefined;
    }
    const key = keyOf(session, id);
    this.#cancels.set(key, cancel);
    return () => {
      if (this.#cancels.get(key) === cancel) {
        this.#cancels.delete(key);
      }
    };
  }

  cancel(session: string | null, id: unknown): void {
    if (session !== null) {
      this.#cancels.get(keyOf(session, id))?.();
    }
  }
}

function keyOf(session: string, id: unknown): string {
  return JSON.stringify([session, id]);
}
