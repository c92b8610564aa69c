import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { withLock } from '../../src/credentials/file-lock.ts';

test('two in one process take turns', async (t) => {
  const path = join(t.testdir({}), 'new', 'list');
  const steps: string[] = [];
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = withLock(path, async () => {
    steps.push('first begins');
    await finished;
    steps.push('first ends');
    return 1;
  });
  const second = withLock(path, async () => {
    steps.push('second');
    return 2;
  });
  finish();
  t.strictSame(await Promise.all([first, second]), [1, 2]);
  t.strictSame(steps, ['first begins', 'first ends', 'second']);
  t.equal(statSync(`${path}-lock`).mode & 0o777, 0o600);
});

test('it is let go of when the work fails', async (t) => {
  const path = join(t.testdir({}), 'list');
  await t.rejects(
    withLock(path, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  t.equal(await withLock(path, async () => 3), 3);
});

const HOLDER = `
import { withLock } from ${JSON.stringify(new URL('../../src/credentials/file-lock.ts', import.meta.url).href)};
await withLock(process.argv[1], () => new Promise(() => {
  process.stdout.write('held');
  setInterval(() => {}, 1000);
}));`;

test('another process is waited for, and one that is killed holds nothing', {
  timeout: 30_000,
}, async (t) => {
  const path = join(t.testdir({}), 'list');
  const holder = spawn(process.execPath, ['--input-type=module-typescript', '-e', HOLDER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  await t.rejects(
    withLock(path, async () => {}),
    { message: `another process has been changing '${path}' for 5 s; try again when it has ended` },
  );
  const waiting = withLock(path, async () => 'mine');
  holder.kill('SIGKILL');
  t.equal(await waiting, 'mine');
  t.strictSame(readdirSync(join(path, '..')), ['list-lock']);
});

test('what cannot be a lock is said, and how to get rid of it', async (t) => {
  const path = join(t.testdir({}), 'list');
  writeFileSync(
    `${path}-lock`,
    'this is not a lock, it is a text that is long enough to be looked at'.repeat(20),
  );
  await t.rejects(
    withLock(path, async () => {}),
    { message: /^the lock '.*list-lock' cannot be taken: .*; delete it if no process uses it$/ },
  );
});

test('a folder that cannot be made is what the file system says', async (t) => {
  const folder = t.testdir({ file: '' });
  await t.rejects(
    withLock(join(folder, 'file', 'list'), async () => {}),
    { code: 'EEXIST' },
  );
  await t.rejects(
    withLock(join(folder, `${'x'.repeat(300)}`), async () => {}),
    { code: 'ENAMETOOLONG' },
  );
});
