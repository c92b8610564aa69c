import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'tap';
import { readBoot } from '../../src/journal/sqlite-boot.ts';
import { SqliteLock } from '../../src/journal/sqlite-lock.ts';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';

function logAt(path: string): SqliteLog {
  return new SqliteLog(path, CONTRACT_DEFAULTS);
}

/** Opens the log, writes `times` changes and closes it. */
function write(path: string, times: number): string {
  const log = logAt(path);
  for (let time = 0; time < times; time += 1) log.commit([notification()], time * 2000);
  log.close();
  return log.epoch;
}

test('a log keeps its epoch', (t) => {
  const path = join(t.testdir(), 'log.db');
  const epoch = write(path, 3);
  t.match(epoch, /^[0-9a-f]{8}$/);
  t.equal(write(path, 1), epoch);
  t.end();
});

test('a copy of a log is another log', (t) => {
  const path = join(t.testdir(), 'log.db');
  const epoch = write(path, 3);
  copyFileSync(path, `${path}.copy`);
  const copied = write(`${path}.copy`, 1);
  t.not(copied, epoch);
  t.equal(write(`${path}.copy`, 1), copied, 'and keeps its new epoch');
  t.equal(write(path, 1), epoch);
  t.end();
});

test('a log that was turned back in its own file is another log', (t) => {
  const path = join(t.testdir(), 'log.db');
  const epoch = write(path, 3);
  const backup = readFileSync(path);
  t.equal(write(path, 2), epoch);
  const { ino } = statSync(path);
  writeFileSync(path, backup);
  t.equal(statSync(path).ino, ino);
  const log = logAt(path);
  t.not(log.epoch, epoch);
  t.equal(log.head, 3);
  log.close();
  t.equal(write(path, 0), log.epoch);
  t.end();
});

test('the same backup put back twice is another log each time', (t) => {
  const path = join(t.testdir(), 'log.db');
  const epochs = [write(path, 3)];
  const backup = readFileSync(path);
  for (const events of [5, 1, 0]) {
    write(path, events);
    writeFileSync(path, backup);
    epochs.push(write(path, 0));
  }
  t.equal(new Set(epochs).size, 4, epochs.join());
  t.end();
});

test('a log whose lock was deleted is another log, because nobody knows', (t) => {
  const path = join(t.testdir(), 'log.db');
  const epoch = write(path, 3);
  rmSync(`${path}-lock`);
  t.not(write(path, 0), epoch);
  t.end();
});

test('a second log on the same file is refused with a sentence, and the first goes on', (t) => {
  const path = join(t.testdir(), 'log.db');
  const first = logAt(path);
  for (const time of [1, 2]) {
    t.throws(
      () => logAt(path),
      new Error(
        `another process is using the log '${path}'; stop it first, or give this one another SALLYPORT_STORE`,
      ),
      `${time}`,
    );
  }
  t.equal(first.commit([notification()], 0).first, 1);
  first.close();
  logAt(path).close();
  t.end();
});

test('a lock that cannot be read, or be made, is named', (t) => {
  const path = join(t.testdir({ 'log.db-lock': 'x'.repeat(5000), file: '' }), 'log.db');
  t.throws(() => logAt(path), new RegExp(`^the lock '${path}-lock' cannot be taken`));
  const folder = join(t.testdirName, 'file');
  t.throws(() => logAt(join(folder, 'log.db')), /EEXIST|ENOTDIR/);
  t.throws(() => logAt(join(t.testdirName, 'n'.repeat(300))), { code: 'ENAMETOOLONG' });
  t.end();
});

test('how far a log has come is recorded at most once a second', (t) => {
  const lock = new SqliteLock(join(t.testdir(), 'log.db'));
  lock.recordNowAndThen('0badcafe', 5, 1000);
  lock.recordNowAndThen('0badcafe', 6, 1999);
  t.equal(lock.knows('0badcafe', 4), false);
  t.equal(lock.knows('0badcafe', 5), true, 'the second one came too soon');
  t.equal(lock.knows('deadbeef', 5), false, 'another log');
  lock.recordNowAndThen('0badcafe', 7, 2000);
  t.equal(lock.knows('0badcafe', 6), false);
  lock.close();
  t.doesNotThrow(() => lock.record('0badcafe', 8), 'a record that fails is only a hint less');
  t.end();
});

test('the files are their owner’s only', (t) => {
  const path = join(t.testdir(), 'made', 'log.db');
  const log = logAt(path);
  log.commit([notification()], 0);
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-lock`]) {
    t.equal(statSync(file).mode & 0o777, 0o600, file);
  }
  t.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  log.close();
  t.end();
});

test('a boot from what is no log fails and lets go of it', (t) => {
  const path = join(t.testdir(), 'empty.db');
  new DatabaseSync(path).close();
  t.throws(() => [...readBoot(path)], /no such table/);
  t.end();
});

test('a log of a newer version is refused, and so is a file that is none', (t) => {
  const path = join(
    t.testdir({ text: 'not a database, but long enough to be read as one'.repeat(100) }),
    'log.db',
  );
  logAt(path).close();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const refused =
    /^the log '.*log.db' is of version 99 and this Sallyport knows versions up to 1; start the newer/;
  t.throws(() => logAt(path), refused);
  t.throws(() => logAt(path), refused, 'the lock is free again');
  t.throws(() => logAt(join(t.testdirName, 'text')), /not a database/);
  t.end();
});
