import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { createPrivate } from '../../src/journal/sqlite-lock.ts';

test('a file is made readable by its owner only, and one that is there stays as it is', (t) => {
  const folder = t.testdir({ there: 'something' });
  createPrivate(join(folder, 'new'));
  t.equal(statSync(join(folder, 'new')).mode & 0o777, 0o600);
  createPrivate(join(folder, 'there'));
  t.equal(statSync(join(folder, 'there')).size, 'something'.length);
  t.throws(() => createPrivate(join(folder, 'missing', 'new')), { code: 'ENOENT' });
  t.end();
});
