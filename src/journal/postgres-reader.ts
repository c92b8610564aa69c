import pg from 'pg';
import {
  type ApprovalQuery,
  type Boot,
  type ClaimedKey,
  type EventPage,
  type EventQuery,
  type OpenEntity,
  StorageUnavailable,
  type StoredApproval,
  type StoredEvent,
} from '../host/journal.ts';
import type { LogPage } from './ordered-tail.ts';
import { cutApprovals, cutEvents } from './page.ts';
import { approvalsQuery } from './postgres-approvals.ts';
import { FEW, fewQuery, headRow, type LoggedRow, logQuery, toEntry } from './postgres-entries.ts';
import { eventsQuery } from './postgres-events.ts';
import { type Session, unavailable } from './postgres-session.ts';
import type { PostgresTarget } from './postgres-target.ts';

/** Reads that wait for a connection at most. */
const MAX_READS = 20_000;
const CONNECTIONS = 4;
const READ_MS = 3000;
/** What has not been answered then is asked again on another connection. */
const SESSION_READ_MS = 1000;
/** A node that starts may read for longer than a request may wait. */
const BOOT_MS = 120_000;

/** A query, and its values in the order of `$1`, `$2` ... */
export interface Query {
  readonly text: string;
  readonly values: unknown[];
}

/** Reads the log, on a few connections; each answer is of one moment, as it is one statement. */
export class PostgresReader {
  readonly #schema: string;
  readonly #heard: (now: number, askedAt: number) => void;
  readonly #pool: pg.Pool;
  /** The last read of the log has found many entries: the next one may, too. */
  #isBehind = false;

  /** `heard`: what the database's clock said to what was asked when. */
  constructor(target: PostgresTarget, heard: (now: number, askedAt: number) => void) {
    this.#schema = target.schema;
    this.#heard = heard;
    this.#pool = new pg.Pool({ ...target.config, max: CONNECTIONS, query_timeout: READ_MS });
    // A connection that ends while nobody uses it is replaced when somebody does.
    this.#pool.on('error', () => {});
  }

  /** The log after `after`, or the beginning of it; by `session`, if that can. */
  async log(after: number, session?: Session): Promise<LogPage & { readonly epoch: string }> {
    const [query, name] = this.#isBehind
      ? [logQuery(this.#schema, after), 'log']
      : [fewQuery(this.#schema, after), 'few'];
    // Also if this fails: few may be large.
    this.#isBehind = true;
    let askedAt = performance.now();
    let rows = await session
      ?.ask<LoggedRow>(query.text, query.values, SESSION_READ_MS, name)
      .catch(() => session.end());
    if (rows === undefined) {
      askedAt = performance.now();
      rows = await this.#all<LoggedRow>(query);
    }
    const { head, floor, epoch, now } = rows[0] as LoggedRow;
    this.#heard(now, askedAt);
    const entries = rows.flatMap(toEntry);
    this.#isBehind = entries.length >= FEW;
    return { head, floor, epoch, entries };
  }

  async boot(): Promise<Boot> {
    const text = bootSql(this.#schema);
    const rows = await this.#all<BootRow>({ text, values: [] }, BOOT_MS);
    const { head, floor } = rows[0] as BootRow;
    return { head, floor, open: [openOf(rows)] };
  }

  async events(query: EventQuery): Promise<EventPage> {
    const rows = await this.#all<EventRow>(eventsQuery(this.#schema, query));
    const { floor } = rows[0] as EventRow;
    const events = rows
      .filter(({ seq }) => seq !== null)
      .map(({ seq, kind, agentId, head, payload }) => ({ seq, kind, agentId, head, payload }));
    return { ...cutEvents(events, query.maxLength), floor };
  }

  async approval(id: string): Promise<StoredApproval | undefined> {
    return this.#one<StoredApproval>(
      `SELECT substr(o.entity, 10) AS id, o.seq, o.created_seq AS "createdSeq", coalesce(e.state, e.payload) AS state
       FROM ${this.#schema}.open o JOIN ${this.#schema}.events e ON e.seq = o.seq WHERE o.entity = 'approval:' || $1
       UNION ALL
       SELECT approval_id, seq, created_seq, coalesce(state, payload)
       FROM ${this.#schema}.events WHERE approval_id = $1`,
      id,
    );
  }

  async approvalByKey(keyId: string): Promise<ClaimedKey | undefined> {
    return this.#one<ClaimedKey>(
      `SELECT approval_id AS "approvalId", request FROM ${this.#schema}.keys WHERE key = $1`,
      keyId,
    );
  }

  async approvals(query: ApprovalQuery): Promise<StoredApproval[]> {
    const asked = approvalsQuery(this.#schema, query);
    if (asked === null) return [];
    const rows = await this.#all<StoredApproval>(asked);
    return cutApprovals(rows, query.maxLength);
  }

  /** What the log takes on the database's disk. */
  async bytes(): Promise<number> {
    const sizes = ['events', 'open', 'keys'].map(
      (table) => `pg_total_relation_size('${this.#schema}.${table}')`,
    );
    const [row] = await this.#all<{ bytes: number }>({
      text: `SELECT ${sizes.join(' + ')} AS bytes`,
      values: [],
    });
    return row?.bytes as number;
  }

  /** `{floor, more}` after a slice of the past was forgotten. */
  async retain(values: readonly (number | null)[]): Promise<{ floor: number; more: boolean }> {
    const text = `SELECT ${this.#schema}.retain($1, $2, $3, $4) AS answer`;
    const [row] = await this.#all<{ answer: { floor: number; more: boolean } }>({
      text,
      values: [...values],
    });
    return row?.answer as { floor: number; more: boolean };
  }

  /** Waits for nobody: what still runs here has nobody who waits for it. */
  close(): void {
    if (!this.#pool.ending) void this.#pool.end();
  }

  async #one<Row>(text: string, value: string): Promise<Row | undefined> {
    return (await this.#all<Row>({ text, values: [value] }))[0];
  }

  async #all<Row>({ text, values }: Query, withinMs = READ_MS): Promise<Row[]> {
    if (this.#pool.waitingCount >= MAX_READS) {
      throw new StorageUnavailable(`${MAX_READS} reads wait for the log already`);
    }
    try {
      const query = { text, values, query_timeout: withinMs };
      return (await this.#pool.query(query)).rows as Row[];
    } catch (error) {
      throw unavailable(error);
    }
  }
}

type BootRow = OpenEntity & { readonly head: number; readonly floor: number };
type EventRow = StoredEvent & { readonly floor: number };

/** Nothing is open: then there is a row for the head, and nothing in it. */
function* openOf(rows: readonly OpenEntity[]): Generator<OpenEntity> {
  for (const { type, id, seq, createdSeq, expiresAt, state } of rows) {
    if (type !== null) yield { type, id, seq, createdSeq, expiresAt, state };
  }
}

/** Row by row by number, whatever the planner believes: what is open is little, and the log may be long. */
function bootSql(schema: string): string {
  return `SELECT log.seq AS head, log.floor, o.* FROM ${headRow(schema)} LEFT JOIN (
      SELECT CASE WHEN open.created_at IS NULL THEN 'agent' ELSE 'approval' END AS type,
        substr(open.entity, CASE WHEN open.created_at IS NULL THEN 7 ELSE 10 END) AS id, open.seq,
        open.created_seq AS "createdSeq", open.expires_at AS "expiresAt", e.state
      FROM ${schema}.open CROSS JOIN LATERAL (
        SELECT coalesce(state, payload) AS state FROM ${schema}.events WHERE events.seq = open.seq OFFSET 0
      ) e
    ) o ON true ORDER BY o."createdSeq"`;
}
