import type { Value } from './postgres-arrays.ts';

/** A row of a table below, in the order of its columns. */
export type Row = readonly Value[];

/** The columns that a copy carries, in their order, with PostgreSQL's types. Every engine has all it needs in these. */
export const COPIED = {
  events: [
    ['seq', 'bigint'],
    ['at', 'bigint'],
    ['id', 'text'],
    ['kind', 'text'],
    ['agent_id', 'text'],
    ['entity', 'text'],
    ['expected', 'bigint'],
    ['approval_id', 'text'],
    ['status', 'text'],
    ['created_seq', 'bigint'],
    ['created_at', 'bigint'],
    ['expires_at', 'bigint'],
    ['decided_session', 'text'],
    ['decided_principal', 'text'],
    ['head', 'text'],
    ['payload', 'text'],
    ['state', 'text'],
  ],
  open: [
    ['entity', 'text'],
    ['seq', 'bigint'],
    ['created_seq', 'bigint'],
    ['agent_id', 'text'],
    ['created_at', 'bigint'],
    ['expires_at', 'bigint'],
  ],
  keys: [
    ['key', 'text'],
    ['request', 'text'],
    ['approval_id', 'text'],
  ],
} as const;

export type Table = keyof typeof COPIED;
export const TABLES = Object.keys(COPIED) as Table[];

/** Rows that are in memory at once. */
export const BATCH_ROWS = 250;

/** Where a log is, besides its rows. */
export interface LogFigures {
  /** `seq` of the newest event. */
  readonly head: number;
  readonly floor: number;
  /** History up to here has been looked at by retention. */
  readonly approvalsFloor: number;
  /** The most by which an approval was created before an earlier one, by their clocks. */
  readonly clockRegressedMs: number;
}

/** A log that is read whole, and that nobody else writes meanwhile. */
export interface CopySource {
  readonly figures: LogFigures;
  /** How many rows each table has. */
  readonly rows: Readonly<Record<Table, number>>;
  /** All rows of a table, in batches; events in their order. */
  read(table: Table): AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
  close(): void;
}

/** A new log. It is there as a whole when `finish` has resolved; closed before that, it is empty. */
export interface CopyTarget {
  write(table: Table, rows: readonly Row[]): Promise<void> | void;
  finish(figures: LogFigures): Promise<void> | void;
  close(): void;
}
