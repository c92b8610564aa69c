import { type CopySource, type CopyTarget, type LogFigures, TABLES, type Table } from './copy-tables.ts';
import { openPostgresSource } from './postgres-copy-source.ts';
import { openPostgresTarget } from './postgres-copy-target.ts';
import { openSqliteSource } from './sqlite-copy-source.ts';
import { openSqliteTarget } from './sqlite-copy-target.ts';

export interface CopyOptions {
  /** `sqlite:PATH` or `postgres://…`; the log there stays as it is. */
  readonly from: string;
  /** The same. Nothing may be in that log yet. */
  readonly to: string;
  /** Called after each batch: rows that are copied, and how many there are. */
  progress(done: number, total: number): void;
}

export interface Copied extends LogFigures {
  readonly rows: Readonly<Record<Table, number>>;
}

/**
 * Copies a log, with every number in it, into one that is empty; the copy gets an epoch of its own when it is opened.
 * All of it is there when this resolves, and nothing of it if this rejects, or if the process ends. Rejects with one
 * sentence.
 */
export async function copyLog({ from, to, progress }: CopyOptions): Promise<Copied> {
  const source = await openSource(from).catch(explain('the source cannot be used'));
  try {
    const target = await openTarget(to).catch(explain('the target cannot be used'));
    try {
      await copyTables(source, target, progress).catch(explain('nothing was copied'));
      await finish(target, source.figures).catch(explain('the copy could not be finished'));
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
  return { ...source.figures, rows: source.rows };
}

async function openSource(url: string): Promise<CopySource> {
  return isPostgres(url) ? openPostgresSource(url) : openSqliteSource(pathOf(url));
}

async function openTarget(url: string): Promise<CopyTarget> {
  return isPostgres(url) ? openPostgresTarget(url) : openSqliteTarget(pathOf(url));
}

function explain(what: string): (error: Error) => never {
  return (error) => {
    throw new Error(`${what}: ${error.message}`);
  };
}

async function copyTables(
  source: CopySource,
  target: CopyTarget,
  progress: CopyOptions['progress'],
): Promise<void> {
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

async function finish(target: CopyTarget, figures: LogFigures): Promise<void> {
  await target.finish(figures);
}

function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}

function pathOf(url: string): string {
  return url.slice('sqlite:'.length);
}
