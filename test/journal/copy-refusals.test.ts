import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Test, test } from 'tap';
import { copyLog } from '../../src/journal/copy.ts';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { freePort } from '../postgres-server.ts';
import { notification } from './changes.ts';

const RETENTION = { retainEvents: 500, retainApprovalsDays: 365 };

/** A log with one event. */
function makeLog(path: string): void {
  const log = new SqliteLog(path, RETENTION);
  log.commit([notification()], Date.now());
  log.close();
}

async function refusal(from: string, to: string): Promise<string> {
  const progress = () => {};
  return copyLog({ from, to, progress }).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

function paths(t: Test) {
  const folder = t.testdir({});
  const [source, target] = [join(folder, 'log.db'), join(folder, 'new', 'copy.db')];
  return { source, target, from: `sqlite:${source}`, to: `sqlite:${target}` };
}

test('a source that is not there is refused, and not made', async (t) => {
  const { source, target, from, to } = paths(t);
  t.equal(await refusal(from, to), `the source cannot be used: there is no log '${source}'`);
  t.notOk(existsSync(source));
  t.notOk(existsSync(target));
});

test('a source that is no log is refused, and stays as it is', async (t) => {
  const { source, from, to } = paths(t);
  writeFileSync(source, '');
  t.equal(await refusal(from, to), `the source cannot be used: '${source}' is no log`);
  t.equal(statSync(source).size, 0);
  writeFileSync(source, 'this is not a database'.repeat(100));
  t.equal(
    await refusal(from, to),
    `the source cannot be used: '${source}' is no log: file is not a database`,
  );
});

test('a source that a service has open is refused', async (t) => {
  const { source, from, to } = paths(t);
  makeLog(source);
  const running = new SqliteLog(source, RETENTION);
  t.match(await refusal(from, to), /^the source cannot be used: another process is using the log '/);
  running.close();
  t.equal(await refusal(from, to), 'none');
});

test('a source of a newer version is refused', async (t) => {
  const { source, from, to } = paths(t);
  makeLog(source);
  const db = new DatabaseSync(source);
  db.exec('PRAGMA user_version = 999');
  db.close();
  t.match(
    await refusal(from, to),
    /^the source cannot be used: .* is of version 999 and this Sallyport knows/,
  );
});

test('a target with anything in it, or that is open, is refused and stays as it is', async (t) => {
  const { source, target, from, to } = paths(t);
  makeLog(source);
  t.equal(await refusal(from, to), 'none');
  t.equal(
    await refusal(from, to),
    `the target cannot be used: there is something in the log '${target}' already`,
  );
  const running = new SqliteLog(target, RETENTION);
  t.equal(running.head, 1);
  t.match(await refusal(from, to), /^the target cannot be used: another process is using the log '/);
  running.close();
});

test('a target that was started and never used is taken', async (t) => {
  const { source, target, from, to } = paths(t);
  makeLog(source);
  const empty = new SqliteLog(target, RETENTION);
  const { epoch } = empty;
  empty.close();
  t.equal(await refusal(from, to), 'none');
  const copy = new SqliteLog(target, RETENTION);
  t.equal(copy.head, 1);
  t.not(copy.epoch, epoch, 'and has a new epoch');
  copy.close();
});

test('a database that cannot be reached is refused, without its password', async (t) => {
  const { source, from } = paths(t);
  makeLog(source);
  const away = `postgres://sally:secret@127.0.0.1:${await freePort()}/log`;
  t.match(
    await refusal(from, away),
    /^the target cannot be used: the database cannot be reached: connect ECONNREFUSED/,
  );
  t.match(await refusal(away, from), /^the source cannot be used: the database cannot be reached/);
  const bad = await refusal(from, 'postgres://sally:secret@db:port/log');
  t.equal(bad, "the target cannot be used: it must be a URL like 'postgres://user@host:5432/database'");
  t.match(await refusal(from, 'postgres://db/log?schema=Bad%20Name'), /the schema must be a name of small/);
});

test('a copy that fails in the middle leaves nothing, and can be made again', async (t) => {
  const { source, target, from, to } = paths(t);
  makeLog(source);
  const db = new DatabaseSync(source);
  db.exec("INSERT INTO keys VALUES ('key', 'request', 'approval-1')");
  db.close();
  let batches = 0;
  const progress = () => {
    batches += 1;
    if (batches === 2) throw new Error('the disk is gone');
  };
  await t.rejects(copyLog({ from, to, progress }), { message: 'nothing was copied: the disk is gone' });
  const empty = new SqliteLog(target, RETENTION);
  t.equal(empty.head, 0);
  empty.close();
  t.equal(await refusal(from, to), 'none');
});

test('a target that cannot be written is said', async (t) => {
  const { source, from } = paths(t);
  makeLog(source);
  writeFileSync(join(t.testdirName, 'file'), '');
  t.match(await refusal(from, `sqlite:${t.testdirName}/file/log.db`), /^the target cannot be used: E/);
});
