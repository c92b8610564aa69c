import { writeSync } from 'node:fs';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';
import { startInThread } from './in-thread.ts';

/**
 * Writes until a write fails with an I/O error, because this process may not make a file any longer. What fails is
 * a commit, an append, or retention. Writes as JSON what it saw.
 */
const [path = '', what] = process.argv.slice(2);
if (what === 'commit') {
  const log = new SqliteLog(path, CONTRACT_DEFAULTS);
  const first = failureOf(() => {
    for (;;) log.commit([notification({ payload: 'x'.repeat(10_000) })], 0);
  });
  const next = failureOf(() => log.commit([notification()], 0));
  writeSync(process.stdout.fd, JSON.stringify({ first, next }));
  process.exit();
}

const fatal = Promise.withResolvers<Error>();
const retainEvents = what === 'retention' ? 10 : 100_000;
const options = { ...CONTRACT_DEFAULTS, retainEvents, onFatal: fatal.resolve };
const journal = await openSqlite(path, options, startInThread);
journal.tail({ entries() {}, floor() {} });
let refused = '';
while (what === 'append' && refused === '') {
  await journal.append(notification({ payload: 'x'.repeat(10_000) })).catch(({ name }) => {
    refused = name;
  });
}
const { message } = await fatal.promise;
process.stdout.write(JSON.stringify({ message, refused, problem: journal.problem() }), () => process.exit());

function failureOf(act: () => void): string {
  try {
    act();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
