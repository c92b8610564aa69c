import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';
import { startInThread } from './in-thread.ts';

const CHILD = join(import.meta.dirname, 'child-checkpoint.ts');
/** Six megabytes, in blocks of 512 bytes: more than the write-ahead log takes, less than the file would. */
const LIMITED = 'ulimit -f 12288 && exec "$@"';
const MOUNT = 'mount -t tmpfs -o size=10m tmpfs "$1" && exec "$2" "$3" "$1" 5000000';
const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
const skip = mayMount ? false : 'unshare -rm is not permitted here, so there is no small disk to fill';

test('a write-ahead log that has grown is brought into the file, and starts again', async (t) => {
  const path = join(t.testdir(), 'log.db');
  const options = { ...CONTRACT_DEFAULTS, onFatal: (error: Error) => t.fail(error.message) };
  const journal = await openSqlite(path, options, startInThread);
  journal.tail({ entries() {}, floor() {} });
  for (let round = 0; round < 100; round++) {
    const payload = 'x'.repeat(10_000);
    await Promise.all(Array.from({ length: 20 }, () => journal.append(notification({ payload }))));
  }
  t.ok(statSync(`${path}-wal`).size < 8_000_000, 'it has not grown to the 20 MB that were written');
  t.ok(statSync(path).size > 12_000_000, 'the file has them');
  await journal.close();
});

test('an I/O error while the write-ahead log is brought into the file is fatal', (t) => {
  const args = ['-c', LIMITED, 'sh', process.execPath, CHILD, t.testdir()];
  const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
  t.equal(stderr, '');
  const message = 'the log may not be on disk: disk I/O error';
  const seen = JSON.parse(stdout);
  t.match(seen, { during: 'checkpoint', name: 'Error', message });
  t.match(seen.next, { during: 'commit', name: 'Error', message }, 'and nothing is written any more');
  t.end();
});

test('where the disk has no room for that, it goes on until there is', { skip }, (t) => {
  const args = ['-rm', 'sh', '-c', MOUNT, 'sh', t.testdir(), process.execPath, CHILD];
  const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  t.equal(stderr, '');
  t.strictSame(JSON.parse(stdout), {
    during: 'commit',
    name: 'StorageUnavailable',
    message: 'the log cannot be written: database or disk is full',
    hasGrown: true,
  });
  t.end();
});
