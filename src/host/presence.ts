import type { Actor, ConnectedSession } from '../model/session.ts';

/** Which sessions hold an open event stream, on any node of the host. */
export interface Presence {
  /** How many there are on this node. */
  readonly size: number;

  /**
   * A stream of the session begins on this node. A promise: it is connected for every node when that resolves; rejects
   * with `StorageUnavailable` when that cannot be. Undefined: it is already. `disconnect` is called in any case.
   */
  connect(actor: Actor, now: number): Promise<void> | undefined;

  /** A stream of the session has ended on this node. */
  disconnect(actor: Actor): void;

  /** As far as it is known here: exact for this node, and about a second old for others. */
  isConnected(actor: Actor): boolean;

  /** Exact for every node; a promise where others have to be asked. Rejects with `StorageUnavailable`. */
  find(actor: Actor): boolean | Promise<boolean>;

  /** Who is connected, longest first; once for each node. Rejects with `StorageUnavailable`. */
  list(): Promise<ConnectedSession[]>;
}

/** A session id has no space in it. */
export function presenceKey({ session_id, principal }: Actor): string {
  return principal === null ? session_id : `${session_id} ${principal}`;
}
