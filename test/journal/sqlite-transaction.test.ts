import { DatabaseSync } from 'node:sqlite';
import { test } from 'tap';
import { StorageUnavailable } from '../../src/host/journal.ts';
import { classify, transaction } from '../../src/journal/sqlite-transaction.ts';

const SQLITE_FULL = 13;
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_IOERR_FSYNC = 4 * 256 + 10;

function sqliteError(errcode: number): Error {
  return Object.assign(new Error('an error of SQLite'), { errcode });
}

test('an I/O error in COMMIT is fatal and nothing else is', (t) => {
  for (const code of [SQLITE_IOERR, SQLITE_IOERR_FSYNC]) {
    t.notOk(classify(sqliteError(code), true) instanceof StorageUnavailable);
    t.ok(
      classify(sqliteError(code), false) instanceof StorageUnavailable,
      'before COMMIT nothing was written',
    );
  }
  for (const error of [sqliteError(SQLITE_FULL), sqliteError(SQLITE_BUSY), new TypeError('no such type')]) {
    t.ok(classify(error, true) instanceof StorageUnavailable);
    t.equal(classify(error, false).message, `the log cannot be written: ${error.message}`);
  }
  t.end();
});

test('a transaction that fails leaves nothing and none open', (t) => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE numbers (number INTEGER PRIMARY KEY)');
  t.throws(
    () =>
      transaction(db, () => {
        db.exec('INSERT INTO numbers VALUES (1)');
        throw new Error('no');
      }),
    new StorageUnavailable('the log cannot be written: no'),
  );
  t.throws(
    () => transaction(db, () => db.exec('ROLLBACK; SELECT nothing')),
    StorageUnavailable,
    'rolled back by itself',
  );
  t.equal(
    transaction(db, () => db.prepare('SELECT count(*) AS rows FROM numbers').get()?.rows),
    0,
  );
  t.equal(db.isTransaction, false);
  db.close();
  t.end();
});
