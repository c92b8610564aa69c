import type { Actor, ConnectedSession } from '../model/session.ts';
import { type Presence, presenceKey } from './presence.ts';

/** A session with a stream on this node. */
export interface LocalSession {
  readonly actor: Actor;
  /** When its first open stream began: milliseconds since 1970. */
  readonly since: number;
  readonly streams: number;
}

/** Presence where there is one node: its memory. */
export class LocalPresence implements Presence {
  readonly #node: string;
  readonly #sessions = new Map<string, LocalSession>();

  /** `node`: its name. */
  constructor(node: string) {
    this.#node = node;
  }

  get size(): number {
    return this.#sessions.size;
  }

  connect(actor: Actor, now: number): undefined {
    const key = presenceKey(actor);
    const { since = now, streams = 0 } = this.#sessions.get(key) ?? {};
    this.#sessions.set(key, { actor, since, streams: streams + 1 });
  }

  disconnect(actor: Actor): void {
    const key = presenceKey(actor);
    const session = this.#sessions.get(key);
    if (session === undefined || session.streams === 1) {
      this.#sessions.delete(key);
    } else {
      this.#sessions.set(key, { ...session, streams: session.streams - 1 });
    }
  }

  isConnected(actor: Actor): boolean {
    return this.#sessions.has(presenceKey(actor));
  }

  find(actor: Actor): boolean {
    return this.isConnected(actor);
  }

  async list(): Promise<ConnectedSession[]> {
    return this.all().map(({ actor, since, streams }) => ({
      session_id: actor.session_id,
      principal: actor.principal,
      connected_at: new Date(since).toISOString(),
      streams,
      node: this.#node,
    }));
  }

  get(key: string): LocalSession | undefined {
    return this.#sessions.get(key);
  }

  all(): LocalSession[] {
    return [...this.#sessions.values()];
  }
}
