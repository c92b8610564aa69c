import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'tap';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { agent, notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';

/** A megabyte, in blocks of 512 bytes. Node ignores the signal that comes with it, so the write fails. */
const LIMITED = 'ulimit -f 2048 && exec "$@"';
const MESSAGE = 'the log may not be on disk: disk I/O error';

function runLimited(path: string, what: string): unknown {
  const child = join(import.meta.dirname, 'child-io-error.ts');
  const args = ['-c', LIMITED, 'sh', process.execPath, child, path, what];
  const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
  return stdout === '' ? stderr : JSON.parse(stdout);
}

test('an I/O error in the COMMIT of an append is fatal, and its outcome unknown', (t) => {
  const seen = runLimited(join(t.testdir(), 'log.db'), 'append');
  t.strictSame(seen, { message: MESSAGE, refused: 'OutcomeUnknown', problem: MESSAGE });
  t.end();
});

test('after an I/O error in a COMMIT the thread writes nothing more', (t) => {
  const seen = runLimited(join(t.testdir(), 'log.db'), 'commit');
  t.strictSame(seen, { first: MESSAGE, next: MESSAGE });
  t.end();
});

test('an I/O error in the COMMIT of retention is fatal too', (t) => {
  const path = join(t.testdir(), 'log.db');
  const log = new SqliteLog(path, CONTRACT_DEFAULTS);
  // Every other row stays, so that every page of the file has to be written again.
  const text = 'x'.repeat(1500);
  const changes = Array.from({ length: 5000 }, (_, index) =>
    index % 2 === 0 ? notification({ payload: text }) : agent(`worker-${index}`, 0, text),
  );
  log.commit(changes, 0);
  log.close();
  t.strictSame(runLimited(path, 'retention'), { message: MESSAGE, refused: '', problem: MESSAGE });
  t.end();
});
