import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { makePlace } from '../../src/journal/sqlite-place.ts';

test('the folder of a log is made, for its owner only', async (t) => {
  const folder = join(t.testdir({}), 'a', 'b');
  makePlace(join(folder, 'log.db'));
  makePlace(join(folder, 'log.db'));
  t.equal(statSync(folder).mode & 0o777, 0o700);
});

test('a folder is no log, and a file no folder', async (t) => {
  const folder = t.testdir({ file: '' });
  t.throws(() => makePlace(folder), {
    message: `that is a folder; name a file in it: sqlite:${join(folder, 'sallyport.db')}`,
  });
  t.throws(() => makePlace(join(folder, 'file', 'data', 'log.db')), {
    message: /^the folder '.*' cannot be made \(ENOTDIR: .*\); name another place$/,
  });
});
