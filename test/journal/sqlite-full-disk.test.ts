import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'tap';

const MOUNT = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" "$3" "$1"';
const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
const skip = mayMount ? false : 'unshare -rm is not permitted here, so there is no small disk to fill';

test('a full disk refuses appends and answers reads, and room on it ends that', { skip }, (t) => {
  const child = join(import.meta.dirname, 'child-full-disk.ts');
  const args = ['-rm', 'sh', '-c', MOUNT, 'sh', t.testdir(), process.execPath, child];
  const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  t.equal(status, 0, stderr);
  const seen = JSON.parse(stdout);
  t.ok(seen.appended > 10);
  t.strictSame(seen, {
    appended: seen.appended,
    problem: 'the log cannot be written: database or disk is full',
    newest: seen.appended,
    problemAfter: null,
    next: { seq: seen.appended + 1 },
    unavailable: true,
  });
  t.end();
});
