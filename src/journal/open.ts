import type { Journal } from '../host/journal.ts';
import { MemoryJournal } from './memory.ts';
import type { JournalOptions } from './options.ts';
import { openSqlite } from './sqlite.ts';

/**
 * Opens the journal that `url` names: `sqlite:PATH`, `postgres://…`, `sqlite::memory:` or `memory:`. Throws one sentence.
 */
export async function openJournal(url: string, options: JournalOptions): Promise<Journal> {
  if (url === 'memory:') return new MemoryJournal(options);
  const sqlite = /^sqlite:(.+)$/s.exec(url)?.[1];
  if (sqlite !== undefined) return openSqlite(sqlite, options);
  if (/^postgres(ql)?:\/\//.test(url)) {
    // Its client is not small, and most have no use for it.
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(url, options);
  }
  throw new Error(
    `the store '${url}' is none that is known; name one as sqlite:PATH, postgres://…, sqlite::memory: or memory:`,
  );
}
