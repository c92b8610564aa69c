import { TABLES } from './copy-tables.js';
import { openPostgresSource } from './postgres-copy-source.js';
import { openPostgresTarget } from './postgres-copy-target.js';
import { openSqliteSource } from './sqlite-copy-source.js';
import { openSqliteTarget } from './sqlite-copy-target.js';
/**
 * Copies a log, with every number in it, into one that is empty; the copy gets an epoch of its own when it is opened.
 * All of it is there when this resolves, and nothing of it if this rejects, or if the process ends. Rejects with one
 * sentence.
 */
export async function copyLog({ from, to, progress }) {
    const source = await openSource(from).catch(explain('the source cannot be used'));
    try {
        const target = await openTarget(to).catch(explain('the target cannot be used'));
        try {
            await copyTables(source, target, progress).catch(explain('nothing was copied'));
            await finish(target, source.figures).catch(explain('the copy could not be finished'));
        }
        finally {
            target.close();
        }
    }
    finally {
        source.close();
    }
    return { ...source.figures, rows: source.rows };
}
async function openSource(url) {
    return isPostgres(url) ? openPostgresSource(url) : openSqliteSource(pathOf(url));
}
async function openTarget(url) {
    return isPostgres(url) ? openPostgresTarget(url) : openSqliteTarget(pathOf(url));
}
function explain(what) {
    return (error) => {
        throw new Error(`${what}: ${error.message}`);
    };
}
async function copyTables(source, target, progress) {
    const total = TABLES.reduce((sum, table) => sum + source.rows[table], 0);
    let done = 0;
    for (const table of TABLES) {
        for await (const rows of source.read(table)) {
            await target.write(table, rows);
            done += rows.length;
            progress(done, total);
        }
    }
}
async function finish(target, figures) {
    await target.finish(figures);
}
function isPostgres(url) {
    return /^postgres(ql)?:/.test(url);
}
function pathOf(url) {
    return url.slice('sqlite:'.length);
}
