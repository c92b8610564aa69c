import { test } from 'tap';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { CONTRACT_DEFAULTS, journalContract } from './contract.ts';
import { freshSqlite } from './sqlite-contract.ts';

journalContract('sqlite', freshSqlite());

journalContract('sqlite in memory', async (t, options) => {
  const onFatal = (error: Error) => t.fail(error.message);
  const journal = await openSqlite(':memory:', { ...CONTRACT_DEFAULTS, ...options, onFatal });
  t.teardown(() => journal.close());
  return { journal };
});

test('bytes on disk are counted', async (t) => {
  const { journal } = await freshSqlite()(t);
  t.ok((await journal.statistics()).bytes > 0);
});
