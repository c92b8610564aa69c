import { randomBytes } from 'node:crypto';
import { StorageUnavailable } from '../host/journal.ts';
import { LocalPresence, type LocalSession } from '../host/local-presence.ts';
import { type Presence, presenceKey } from '../host/presence.ts';
import { within } from '../host/within.ts';
import type { Actor, ConnectedSession } from '../model/session.ts';
import { OtherNodes } from './other-nodes.ts';
import { PresenceTable } from './postgres-presence-table.ts';
import type { PostgresTarget } from './postgres-target.ts';
import { SharedRun } from './shared-run.ts';

const BEAT_MS = 1000;
/** Beats take at most this part of the time. */
const BEAT_SHARE = 0.1;
/** A stream that cannot be made known to the other nodes within this is told to come back. */
const KNOWN_MS = 3000;
const FIND_MS = 4000;
/** Names of this node that nobody knows whether they are in the table. */
const FORMERS_MAX = 100;

/** Presence of several nodes: what is here is in memory, and a table that they share has it all. */
export class PostgresPresence implements Presence {
  readonly #local: LocalPresence;
  readonly #name: string;
  readonly #table: PresenceTable;
  readonly #others = new OtherNodes();
  /** Sessions of this node that have changed since the table was written. */
  readonly #changed = new Map<string, Actor>();
  /** Sessions of this node that the table has. */
  readonly #known = new Set<string>();
  readonly #writes = new SharedRun(() => this.#write());
  readonly #lists = new SharedRun(() => this.#table.all(this.#node));
  readonly #finds = new SharedRun(() => this.#table.find(this.#wanted.splice(0)));
  readonly #wanted: Actor[] = [];
  /** This node's name in the table. After a failure it takes another, so that what still arrives of before is nobody's. */
  #node = newNode();
  #formers: string[] = [this.#node];
  #isIntroduced = false;
  /** Why the table cannot be written; null: it can. */
  #away: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(target: PostgresTarget, name: string) {
    this.#name = name;
    this.#local = new LocalPresence(name);
    this.#table = new PresenceTable(target);
  }

  get size(): number {
    return this.#local.size;
  }

  connect(actor: Actor, now: number): Promise<void> | undefined {
    this.#local.connect(actor, now);
    const writing = this.#note(actor);
    if (this.#known.has(presenceKey(actor))) return undefined;
    return this.#away === null
      ? within(KNOWN_MS, writing, 'the other nodes cannot be told in time who is connected')
      : Promise.reject(new StorageUnavailable(this.#away));
  }

  disconnect(actor: Actor): void {
    this.#local.disconnect(actor);
    if (!this.#local.isConnected(actor)) this.#known.delete(presenceKey(actor));
    void this.#note(actor);
  }

  isConnected(actor: Actor): boolean {
    this.#start();
    return this.#local.isConnected(actor) || this.#others.isConnected(presenceKey(actor), performance.now());
  }

  find(actor: Actor): boolean | Promise<boolean> {
    this.#start();
    if (this.#local.isConnected(actor)) return true;
    if (this.#away !== null) return Promise.reject(new StorageUnavailable(this.#away));
    this.#wanted.push(actor);
    const found = this.#finds.next().then((keys) => keys.has(presenceKey(actor)));
    return within(FIND_MS, found, 'the database does not say in time who is connected');
  }

  async list(): Promise<ConnectedSession[]> {
    const others = await within(
      FIND_MS,
      this.#lists.next(),
      'the database does not say in time who is connected',
    );
    return [...(await this.#local.list()), ...others].sort((a, b) =>
      a.connected_at < b.connected_at ? -1 : Number(a.connected_at > b.connected_at),
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#table.leave(this.#node);
  }

  /** The table is to be written. */
  #note(actor: Actor): Promise<void> {
    this.#start();
    this.#changed.set(presenceKey(actor), actor);
    const writing = this.#writes.next();
    // The next beat tries again, whoever waits for this one.
    writing.catch(() => {});
    return writing;
  }

  /** With the first who asks: a node that nobody asks has nothing to say. */
  #start(): void {
    if (this.#timer === undefined && !this.#isClosed) {
      this.#timer = setTimeout(() => void this.#beat(), 0);
    }
  }

  async #beat(): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.#writes.next();
      const rows = await this.#table.others(this.#node, this.#others.known);
      this.#others.update(rows, startedAt);
    } catch {
      // Whoever needs to know is told by `#away`.
    }
    if (this.#isClosed) return;
    const tookMs = performance.now() - startedAt;
    this.#timer = setTimeout(() => void this.#beat(), Math.max(BEAT_MS, tookMs / BEAT_SHARE));
  }

  async #write(): Promise<void> {
    try {
      const changes = [...this.#changed].map(([key, actor]) => this.#now(key, actor));
      this.#changed.clear();
      if (!(this.#isIntroduced && (await this.#attend(null, changes)))) await this.#introduce();
      this.#away = null;
    } catch (error) {
      this.#isIntroduced = false;
      this.#away = (error as Error).message;
      throw error;
    }
  }

  /** Writes everything, under a new name. */
  async #introduce(): Promise<void> {
    this.#isIntroduced = false;
    this.#node = newNode();
    const wasThere = await this.#attend(this.#formers, this.#local.all());
    this.#formers = [this.#node];
    this.#isIntroduced = true;
    if (!wasThere) this.#others.onEmptied(performance.now());
  }

  async #attend(formers: string[] | null, sessions: LocalSession[]): Promise<boolean> {
    const node = this.#node;
    if (formers !== null) this.#formers = [...this.#formers, node].slice(-FORMERS_MAX);
    const isThere = await this.#table.attend({ node, name: this.#name }, formers, sessions);
    if (isThere || formers !== null) {
      for (const { actor, streams } of sessions) {
        if (streams > 0 && this.#local.isConnected(actor)) this.#known.add(presenceKey(actor));
      }
    }
    return isThere;
  }

  #now(key: string, actor: Actor): LocalSession {
    return this.#local.get(key) ?? { actor, since: 0, streams: 0 };
  }
}

function newNode(): string {
  return randomBytes(8).toString('hex');
}
