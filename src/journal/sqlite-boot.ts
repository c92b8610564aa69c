import { DatabaseSync } from 'node:sqlite';
import type { Boot, OpenEntity } from '../host/journal.ts';
import { readHead, readMeta } from './sqlite-schema.ts';

/** What is open, read in the calling thread row by row: nothing is copied between threads or held twice. */
export function bootSqlite(path: string): Boot {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    const head = readHead(db);
    return { head, floor: readMeta(db, 'floor') as number, open: openEntities(db) };
  } catch (error) {
    db.close();
    throw error;
  }
}

function* openEntities(db: DatabaseSync): Generator<OpenEntity> {
  try {
    for (const row of db.prepare(OPEN).iterate()) {
      const [type, id] = splitEntity(row.entity as string);
      const { seq, createdSeq, expiresAt, state } = row as unknown as OpenEntity;
      yield { type, id, seq, createdSeq, expiresAt, state };
    }
  } finally {
    db.close();
  }
}

function splitEntity(entity: string): [OpenEntity['type'], string] {
  const colon = entity.indexOf(':');
  return [entity.slice(0, colon) as OpenEntity['type'], entity.slice(colon + 1)];
}

const SELECT = `SELECT entity, open.seq AS seq, open.created_seq AS createdSeq, expires_at AS expiresAt,
  coalesce(state, payload) AS state FROM open`;
const EVENT = 'CROSS JOIN events ON events.seq = open.seq';

export const OPEN = `
  ${SELECT} INDEXED BY open_agents ${EVENT} WHERE open.created_at IS NULL
  UNION ALL
  ${SELECT} INDEXED BY open_approvals ${EVENT} WHERE open.created_at IS NOT NULL
  ORDER BY createdSeq`;
