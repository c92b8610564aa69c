import { MemoryJournal } from './memory.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';
/**
 * Opens the journal that `url` names: `sqlite:PATH`, `postgres://…`, `sqlite::memory:` or `memory:`. Throws one sentence.
 */
export async function openJournal(url, options) {
    if (url === 'memory:')
        return new MemoryJournal(options);
    const sqlite = /^sqlite:(.+)$/s.exec(url)?.[1];
    if (sqlite !== undefined)
        return openSqlite(sqlite, options);
    if (/^postgres(ql)?:\/\//.test(url))
        return openPostgres(url, options);
    throw new Error(`the store '${url}' is none that is known; name one as sqlite:PATH, postgres://…, sqlite::memory: or memory:`);
}
