import { openSqlite } from '../../src/journal/sqlite.ts';
import { CONTRACT_DEFAULTS, journalContract } from './contract.ts';
import { startInThread } from './in-thread.ts';
import { freshSqlite } from './sqlite-contract.ts';

journalContract('sqlite in this thread', freshSqlite(startInThread));

journalContract('sqlite in memory in this thread', async (t, options) => {
  const onFatal = (error: Error) => t.fail(error.message);
  const all = { ...CONTRACT_DEFAULTS, ...options, onFatal };
  const journal = await openSqlite(':memory:', all, startInThread);
  t.teardown(() => journal.close());
  return { journal };
});
