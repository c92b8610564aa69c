import { join } from 'node:path';
import { openSqlite } from '../../src/journal/sqlite.ts';
import type { StartThread } from '../../src/journal/sqlite-thread.ts';
import { CONTRACT_DEFAULTS, type OpenFreshJournal } from './contract.ts';

/** Logs in real files, in whatever threads. */
export function freshSqlite(startThread?: StartThread): OpenFreshJournal {
  return async (t, options) => {
    const path = join(t.testdir(), 'folder', 'log.db');
    const all = { ...CONTRACT_DEFAULTS, ...options, onFatal: (error: Error) => t.fail(error.message) };
    const reopen = async () => {
      const journal = await openSqlite(path, all, startThread);
      t.teardown(() => journal.close());
      return journal;
    };
    return { journal: await reopen(), reopen };
  };
}
