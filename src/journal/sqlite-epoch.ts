import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { SqliteLock } from './sqlite-lock.ts';
import { readHead, readMeta, writeMeta } from './sqlite-schema.ts';
import { transaction } from './sqlite-transaction.ts';

/**
 * The log's epoch. A new one is made with the log, when the file is another one than it was (a copy), and when it has
 * been further than it is or was of another epoch (an older state was written into the same file), or when nobody knows.
 * It is durable before anybody hears of it.
 */
export function settleEpoch(db: DatabaseSync, path: string, lock: SqliteLock): string {
  const inode = String(statSync(path, { bigint: true }).ino);
  const epoch = readMeta(db, 'epoch');
  const head = readHead(db);
  const same = readMeta(db, 'inode') === inode && lock.knows(epoch, head);
  if (typeof epoch === 'string' && same) return epoch;
  const fresh = makeEpoch();
  transaction(db, () => {
    writeMeta(db, 'epoch', fresh);
    writeMeta(db, 'inode', inode);
  });
  lock.record(fresh, head);
  return fresh;
}

export function makeEpoch(): string {
  return randomBytes(4).toString('hex');
}
