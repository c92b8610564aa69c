import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'tap';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';
import { allOpen } from './recorder.ts';

test('whatever was acknowledged is there after the process was killed, without gaps', async (t) => {
  const path = join(t.testdir(), 'log.db');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child-appends.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let lines = 0;
  let greatest = 0;
  for await (const line of createInterface(child.stdout)) {
    greatest = Math.max(greatest, Number(line));
    lines += 1;
    if (lines === 2000) child.kill('SIGKILL');
  }
  t.strictSame(await exited, [null, 'SIGKILL']);

  const journal = await openSqlite(path, { ...CONTRACT_DEFAULTS, onFatal: (error) => t.fail(error.message) });
  t.teardown(() => journal.close());
  const boot = await journal.boot();
  const { head } = boot;
  t.ok(head >= greatest, `acknowledged up to ${greatest}, kept up to ${head}`);
  t.equal((await allOpen(boot)).length, 20);
  const limit = head + 10;
  const { events } = await journal.events({
    ...{ after: 0, before: null, order: 'asc', limit, kinds: [], agentId: null },
  });
  t.strictSame(
    events.map(({ seq }) => seq),
    Array.from({ length: head }, (_, index) => index + 1),
  );
});
