import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { readHead, readMeta, writeMeta } from './sqlite-schema.js';
import { transaction } from './sqlite-transaction.js';
/**
 * The log's epoch. A new one is made with the log, when the file is another one than it was (a copy), and when it has
 * been further than it is or was of another epoch (an older state was written into the same file), or when nobody knows.
 * It is durable before anybody hears of it.
 */
export function settleEpoch(db, path, lock) {
    const inode = String(statSync(path, { bigint: true }).ino);
    const epoch = readMeta(db, 'epoch');
    const head = readHead(db);
    const same = readMeta(db, 'inode') === inode && lock.knows(epoch, head);
    if (typeof epoch === 'string' && same)
        return epoch;
    const fresh = makeEpoch();
    transaction(db, () => {
        writeMeta(db, 'epoch', fresh);
        writeMeta(db, 'inode', inode);
    });
    lock.record(fresh, head);
    return fresh;
}
export function makeEpoch() {
    return randomBytes(4).toString('hex');
}
