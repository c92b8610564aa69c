import type { Actor, ConnectedSession } from '../model/session.ts';

interface Connected {
  readonly actor: Actor;
  readonly since: number;
  streams: number;
}

/** Which sessions hold an open event stream. */
export class Presence {
  readonly #sessions = new Map<string, Connected>();

  connect(actor: Actor, now: number): void {
    const session = this.#sessions.get(keyOf(actor));
    if (session === undefined) {
      this.#sessions.set(keyOf(actor), { actor, since: now, streams: 1 });
    } else {
      session.streams += 1;
    }
  }

  disconnect(actor: Actor): void {
    const session = this.#sessions.get(keyOf(actor));
    if (session !== undefined && --session.streams === 0) {
      this.#sessions.delete(keyOf(actor));
    }
  }

  isConnected(actor: Actor): boolean {
    return this.#sessions.has(keyOf(actor));
  }

  /** Who is connected, longest first. */
  list(): ConnectedSession[] {
    return [...this.#sessions.values()].map(({ actor, since, streams }) => ({
      session_id: actor.session_id,
      principal: actor.principal,
      connected_at: new Date(since).toISOString(),
      streams,
    }));
  }
}

/** A session id has no space in it. */
function keyOf(actor: Actor): string {
  return actor.principal === null ? actor.session_id : `${actor.session_id} ${actor.principal}`;
}
