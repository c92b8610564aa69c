import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { replaceFile } from '../../src/credentials/private-file.ts';

test('a file is made with its folder, and nobody else can read it', async (t) => {
  const path = join(t.testdir({}), 'a', 'b', 'secret');
  await replaceFile(path, 'one');
  t.equal(readFileSync(path, 'utf8'), 'one');
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
});

test('a file that others could read becomes private when it is replaced', async (t) => {
  const path = join(t.testdir({ secret: 'one' }), 'secret');
  await replaceFile(path, 'two');
  t.equal(readFileSync(path, 'utf8'), 'two');
  t.equal(statSync(path).mode & 0o777, 0o600);
});

test('what a crash left is cleared away, and never written to', async (t) => {
  const folder = t.testdir({ victim: 'untouched', secret: 'one' });
  symlinkSync(join(folder, 'victim'), join(folder, 'secret.tmp'));
  await replaceFile(join(folder, 'secret'), 'two');
  t.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'untouched');
  t.strictSame(readdirSync(folder).sort(), ['secret', 'victim']);
});

test('a link stays a link, and what it leads to is replaced', async (t) => {
  const folder = t.testdir({ real: { secret: 'one' } });
  const path = join(folder, 'link');
  symlinkSync(join(folder, 'real', 'secret'), path);
  await replaceFile(path, 'two');
  t.equal(readFileSync(join(folder, 'real', 'secret'), 'utf8'), 'two');
});

test('a replacement that fails leaves nothing behind', async (t) => {
  const folder = t.testdir({});
  const path = join(folder, 'secret');
  mkdirSync(path);
  writeFileSync(join(path, 'in-the-way'), '');
  await t.rejects(replaceFile(path, 'two'), { code: 'EISDIR' });
  t.strictSame(readdirSync(folder), ['secret']);
});
