import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ApprovalChange, Change, Conflict, EntityChange } from '../host/journal.ts';
import { newestCreation } from './sqlite-created.ts';
import { readMeta, writeMeta } from './sqlite-schema.ts';
import { Statements } from './sqlite-statements.ts';

/** Writes changes one by one, inside the transaction that its caller has begun. */
export class SqliteWriter {
  /** `seq` of the newest entry. */
  head: number;
  readonly #db: DatabaseSync;
  readonly #insertEvent: StatementSync;
  readonly #deleteEvent: StatementSync;
  readonly #selectOpen: StatementSync;
  readonly #insertOpen: StatementSync;
  readonly #updateOpen: StatementSync;
  readonly #deleteOpen: StatementSync;
  readonly #insertKey: StatementSync;
  readonly #selectKey: StatementSync;
  readonly #deleteKey: StatementSync;
  /** No approval was created later than this by its own clock. */
  #latestCreation: number;
  /** The most by which an approval was created before an earlier one, by their clocks. */
  #clockRegressedMs: number;

  constructor(db: DatabaseSync, head: number) {
    this.#db = db;
    this.head = head;
    this.#insertEvent = db.prepare(
      `INSERT INTO events (seq, id, kind, agent_id, head, payload, state, approval_id, status, created_seq, created_at,
       decided_session, decided_principal, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#deleteEvent = db.prepare('DELETE FROM events WHERE seq = ?');
    this.#selectOpen = db.prepare('SELECT seq, created_seq FROM open WHERE entity = ?');
    this.#insertOpen = db.prepare('INSERT OR IGNORE INTO open VALUES (?, ?, ?, ?, ?, ?)');
    this.#updateOpen = db.prepare('UPDATE open SET seq = ? WHERE entity = ?');
    this.#deleteOpen = db.prepare('DELETE FROM open WHERE entity = ?');
    this.#insertKey = db.prepare('INSERT OR IGNORE INTO keys VALUES (?, ?, ?)');
    this.#selectKey = db.prepare('SELECT approval_id, request FROM keys WHERE key = ?');
    this.#deleteKey = db.prepare('DELETE FROM keys WHERE key = ?');
    this.#clockRegressedMs = readMeta(db, 'clock_regressed_ms') as number;
    this.#latestCreation = newestCreation(new Statements(db)) + this.#clockRegressedMs;
  }

  /** What a transaction that is rolled back must restore. */
  mark(): readonly [number, number, number] {
    return [this.head, this.#latestCreation, this.#clockRegressedMs];
  }

  reset([head, latestCreation, clockRegressedMs]: readonly [number, number, number]): void {
    this.head = head;
    this.#latestCreation = latestCreation;
    this.#clockRegressedMs = clockRegressedMs;
  }

  /** A conflict leaves no trace. */
  write(change: Change, floor: number): Conflict | undefined {
    const { entity } = change;
    if (entity === null) {
      this.#insert(change, null, null);
      return undefined;
    }
    const name = `${entity.type}:${entity.id}`;
    if (entity.expected === 0) return this.#create(name, change, entity);
    const open = this.#selectOpen.get(name) as Open | undefined;
    if (open?.seq !== entity.expected) return { conflict: 'version', version: open?.seq ?? 0 };
    const final = entity.type === 'approval' && entity.status !== 'pending' ? entity : null;
    const state = entity.state === change.payload ? null : entity.state;
    this.#insert(change, state, final === null ? null : { ...final, createdSeq: open.created_seq });
    if (isClosing(entity)) this.#deleteOpen.run(name);
    else this.#updateOpen.run(this.head, name);
    if (open.seq <= floor) this.#deleteEvent.run(open.seq);
    return undefined;
  }

  /** Only what is new has no version. It is not looked up before: that it is not there yet is seen when it is put there. */
  #create(name: string, change: Change, entity: EntityChange): Conflict | undefined {
    const taken = this.#claimKey(entity);
    if (taken !== undefined) return taken;
    const [createdAt, expiresAt] =
      entity.type === 'agent' ? [null, null] : [entity.createdAt, entity.expiresAt];
    const seq = this.head + 1;
    if (this.#insertOpen.run(name, seq, seq, change.agentId, createdAt, expiresAt).changes === 0) {
      if (entity.type === 'approval' && entity.key !== null) this.#deleteKey.run(entity.key.id);
      const { seq: version } = this.#selectOpen.get(name) as unknown as Open;
      return { conflict: 'version', version };
    }
    if (createdAt !== null) this.#watchClock(createdAt);
    this.#insert(change, entity.state === change.payload ? null : entity.state, null);
    return undefined;
  }

  #claimKey(entity: EntityChange): Conflict | undefined {
    if (entity.type === 'agent' || entity.key === null) return undefined;
    const { id, request } = entity.key;
    if (this.#insertKey.run(id, request, entity.id).changes === 1) return undefined;
    const held = this.#selectKey.get(id) as { approval_id: string; request: string };
    return { conflict: 'key', approvalId: held.approval_id, request: held.request };
  }

  #insert(change: Change, state: string | null, final: ApprovalChange | null): void {
    const by = final?.decidedBy ?? null;
    this.#insertEvent.run(
      ++this.head,
      change.id,
      change.kind,
      change.agentId,
      change.head,
      change.payload,
      state,
      final?.id ?? null,
      final?.status ?? null,
      final?.createdSeq ?? null,
      final?.createdAt ?? null,
      by?.session_id ?? null,
      // A principal that is called like its session is found by the session's name already.
      by?.principal === by?.session_id ? null : (by?.principal ?? null),
      final === null ? null : change.timestamp,
    );
  }

  /** Pages between two times rely on how far the order of creation is from the order of the clock. */
  #watchClock(createdAt: number): void {
    const regressedMs = this.#latestCreation - createdAt;
    this.#latestCreation = Math.max(this.#latestCreation, createdAt);
    if (regressedMs <= this.#clockRegressedMs) return;
    this.#clockRegressedMs = regressedMs;
    writeMeta(this.#db, 'clock_regressed_ms', regressedMs);
  }
}

interface Open {
  readonly seq: number;
  readonly created_seq: number;
}

/** What it makes of the entity is not open. */
function isClosing(entity: EntityChange): boolean {
  return entity.type === 'agent' ? entity.state === null : entity.status !== 'pending';
}
