import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'tap';

const CHILD = join(import.meta.dirname, 'child-young-generation.ts');
const MIB = 1024 * 1024;

test('the young generation stays as it is until it may grow, and then grows to a size', (t) => {
  const { stdout, stderr } = spawnSync(process.execPath, [CHILD], { encoding: 'utf8' });
  t.equal(stderr, '');
  const { before, unchanged, grown } = JSON.parse(stdout);
  t.ok(before < 8 * MIB, `it begins with ${before} bytes`);
  // The second half is there from the first collection on.
  t.ok(unchanged <= 2 * before, `it has ${unchanged} bytes while it may not grow`);
  // V8 asks how much it may grow before it says that it has: one step more is possible.
  t.ok(grown >= 16 * MIB && grown <= 32 * MIB, `it has grown to ${grown} bytes`);
  t.end();
});
