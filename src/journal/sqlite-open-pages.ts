import type { DatabaseSync } from 'node:sqlite';

export type Bytes = Uint8Array<ArrayBuffer>;

/** What is open, so much of it as one step reads. The lists have a number of each entity, and are JSON. */
export interface OpenPage {
  readonly isApproval: boolean;
  /** Of all of them, one after the other. */
  readonly ids: string;
  readonly idLengths: string;
  /** In UTF-8, one after the other, but for long ones. */
  readonly states: Bytes;
  readonly longStates: readonly Bytes[];
  /** Of the states, in bytes. */
  readonly lengths: string;
  readonly seqs: string;
  readonly createdSeqs: string;
  /** With null for never. */
  readonly expiries: string;
}

/**
 * A step of JavaScript costs more than all that SQLite does for one entity. The states of a page are one piece of memory,
 * which is kept for as long as one approval in it is pending; a larger one would be mapped and unmapped each time.
 */
export const PAGE_ROWS = 100;

/** A state of more bytes is read by itself, so that it keeps no others in memory. */
export const LONG_BYTES = 4096;

/** A page of more bytes is read again with fewer rows. */
export const PAGE_BYTES = 4 * 1024 * 1024;

/** The agents, then the approvals, each in the order of their creation. */
export function* readOpenPages(db: DatabaseSync): Generator<OpenPage> {
  const longState = db.prepare(LONG_STATE);
  for (const isApproval of [false, true]) {
    const statement = db.prepare(isApproval ? OPEN_APPROVALS : OPEN_AGENTS);
    let rows = PAGE_ROWS;
    let read = statement.get(0, rows) as unknown as Row;
    for (let after = 0; read.last !== null; read = statement.get(after, rows) as unknown as Row) {
      const { last, bytes, longSeqs, ...page } = read;
      if (bytes > PAGE_BYTES && rows > 1) {
        rows = Math.max(1, Math.floor((rows * PAGE_BYTES) / bytes));
        continue;
      }
      const long: number[] = JSON.parse(longSeqs);
      const longStates = long.map((seq) => longState.get(seq)?.state as Bytes);
      yield { ...page, isApproval, longStates };
      after = last;
      rows = Math.min(PAGE_ROWS, 2 * rows);
    }
  }
}

type Row = Omit<OpenPage, 'isApproval' | 'longStates'> & {
  /** Null: it is empty. */
  readonly last: number | null;
  /** Of all its states. */
  readonly bytes: number;
  readonly longSeqs: string;
};

/** What puts a page together takes the rows as they come, and they come in order. */
function pageSql(index: string, which: string, prefix: string): string {
  return `
  SELECT max(created_seq) AS last, sum(length) AS bytes, group_concat(id, '') AS ids, json_group_array(length(id)) AS idLengths,
    CAST(group_concat(iif(length > ${LONG_BYTES}, '', state), '') AS BLOB) AS states,
    json_group_array(length) AS lengths, json_group_array(seq) FILTER (WHERE length > ${LONG_BYTES}) AS longSeqs,
    json_group_array(seq) AS seqs, json_group_array(created_seq) AS createdSeqs, json_group_array(expires_at) AS expiries
  FROM (
    SELECT substr(entity, ${prefix.length + 1}) AS id, open.seq AS seq, open.created_seq AS created_seq, expires_at,
      coalesce(state, payload) AS state, octet_length(coalesce(state, payload)) AS length
    FROM open INDEXED BY ${index} CROSS JOIN events ON events.seq = open.seq
    WHERE open.created_at ${which} AND open.created_seq > ?
    ORDER BY open.created_seq LIMIT ?
  )`;
}

export const OPEN_AGENTS = pageSql('open_agents', 'IS NULL', 'agent:');
export const OPEN_APPROVALS = pageSql('open_approvals', 'IS NOT NULL', 'approval:');

const LONG_STATE = 'SELECT CAST(coalesce(state, payload) AS BLOB) AS state FROM events WHERE seq = ?';
