import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'tap';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { requested } from './changes.ts';

test('the young generation stays as it was while many open approvals are read, and grows again after', (t) => {
  const path = join(t.testdir(), 'log.db');
  const log = new SqliteLog(path, { retainEvents: 100_000, retainApprovalsDays: 365 });
  const details = Array.from({ length: 100 }, (_, index) => index);
  const approvals = Array.from({ length: 20_000 }, (_, index) => {
    const id = `approval-${index}`;
    return requested(id, { state: { id, status: 'pending', details } });
  });
  log.commit(approvals, 1000);
  log.close();
  const child = [join(import.meta.dirname, 'child-boots.ts'), path];
  const { before, after, later, rows } = JSON.parse(
    execFileSync(process.execPath, child, { encoding: 'utf8' }),
  );
  t.equal(rows, 20_000);
  t.equal(after, before);
  t.ok(later > after, `${later} bytes`);
  t.end();
});
