import type { LocalSession } from '../host/local-presence.ts';
import { presenceKey } from '../host/presence.ts';
import type { Actor, ConnectedSession } from '../model/session.ts';
import { LEASE_MS, type OtherNodeRow, type OtherNodes } from './other-nodes.ts';
import { Session, unavailable } from './postgres-session.ts';
import type { PostgresTarget } from './postgres-target.ts';

/** An answer that takes longer is none. */
const ASK_MS = 2000;
const LEAVE_MS = 500;

interface SessionRow {
  readonly session_id: string;
  readonly principal: string;
  readonly since: number;
  readonly streams: number;
  readonly name: string;
}

/** What the nodes of a log tell each other about who is connected, on a connection of its own. */
export class PresenceTable {
  readonly #target: PostgresTarget;
  readonly #live: string;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;
  #isClosed = false;

  constructor(target: PostgresTarget) {
    this.#target = target;
    this.#live = `n.beat > clock_timestamp() - interval '${LEASE_MS} ms'`;
  }

  /**
   * The node lives, and has these sessions now; with no stream, they are gone. False: nothing is known of it there. With
   * `formers`, names that it had before, these are all its sessions; false: nothing was known of those names.
   */
  async attend(
    { node, name }: { node: string; name: string },
    formers: readonly string[] | null,
    sessions: readonly LocalSession[],
  ): Promise<boolean> {
    const { schema } = this.#target;
    const [row] = await this.#ask<{ there: boolean }>(
      `SELECT ${schema}.attend($1, $2, $3, $4, $5, $6, $7) AS there`,
      [
        node,
        name,
        formers,
        sessions.map(({ actor }) => actor.session_id),
        sessions.map(({ actor }) => actor.principal ?? ''),
        sessions.map(({ since }) => since),
        sessions.map(({ streams }) => streams),
      ],
    );
    return row?.there as boolean;
  }

  /** The other nodes that live, and the sessions of those of which `known` is another version. */
  async others(node: string, known: OtherNodes['known']): Promise<OtherNodeRow[]> {
    const { schema } = this.#target;
    const rows = await this.#ask<OtherRow>(
      `SELECT n.node, n.version, n.version IS DISTINCT FROM k.version AS "hasChanged", s.session_id, s.principal
       FROM ${schema}.nodes n LEFT JOIN unnest($2::text[], $3::bigint[]) k (node, version) ON k.node = n.node
       LEFT JOIN ${schema}.sessions s ON s.node = n.node AND n.version IS DISTINCT FROM k.version
       WHERE n.node <> $1 AND ${this.#live}`,
      [node, known.nodes, known.versions],
    );
    return rows.map(({ session_id, principal, ...of }) => ({
      ...of,
      key: session_id === null ? null : presenceKey({ session_id, principal: principal || null }),
    }));
  }

  /** Those of `actors` that are connected, as keys. */
  async find(actors: readonly Actor[]): Promise<Set<string>> {
    const { schema } = this.#target;
    const rows = await this.#ask<{ place: number }>(
      `SELECT g.place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY g (session_id, principal, place)
       WHERE EXISTS (SELECT FROM ${schema}.sessions s JOIN ${schema}.nodes n ON n.node = s.node
         WHERE s.session_id = g.session_id AND s.principal = g.principal AND ${this.#live})`,
      [actors.map(({ session_id }) => session_id), actors.map(({ principal }) => principal ?? '')],
    );
    return new Set(rows.map(({ place }) => presenceKey(actors[place - 1] as Actor)));
  }

  /** The sessions of all nodes but this one. */
  async all(node: string): Promise<ConnectedSession[]> {
    const { schema } = this.#target;
    const rows = await this.#ask<SessionRow>(
      `SELECT s.session_id, s.principal, s.since, s.streams, n.name
       FROM ${schema}.sessions s JOIN ${schema}.nodes n ON n.node = s.node WHERE s.node <> $1 AND ${this.#live}`,
      [node],
    );
    return rows.map(({ session_id, principal, since, streams, name }) => ({
      session_id,
      principal: principal || null,
      connected_at: new Date(since).toISOString(),
      streams,
      node: name,
    }));
  }

  /** The node is gone. Best done, but its beat ends in any case. */
  async leave(node: string): Promise<void> {
    const { schema } = this.#target;
    const sql = `WITH gone AS (DELETE FROM ${schema}.nodes WHERE node = $1) DELETE FROM ${schema}.sessions WHERE node = $1`;
    this.#isClosed = true;
    if (this.#session?.isOpen) await this.#session.ask(sql, [node], LEAVE_MS).catch(() => {});
    this.#session?.end();
  }

  async #ask<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      const session = this.#session?.isOpen ? this.#session : await this.#open();
      return await session.ask<Row>(text, values, ASK_MS);
    } catch (error) {
      throw unavailable(error);
    }
  }

  #open(): Promise<Session> {
    if (this.#isClosed) return Promise.reject(new Error('this node is closed'));
    this.#opening ??= Session.open(this.#target)
      .then((session) => {
        this.#session = session;
        if (this.#isClosed) session.end();
        return session;
      })
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }
}

interface OtherRow {
  readonly node: string;
  readonly version: number;
  readonly hasChanged: boolean;
  readonly session_id: string | null;
  readonly principal: string | null;
}
