import type { Test } from 'tap';
import type { Journal } from '../../src/host/journal.ts';
import type { JournalOptions } from '../../src/journal/options.ts';
import { openPostgres } from '../../src/journal/postgres.ts';
import { Session } from '../../src/journal/postgres-session.ts';
import { targetOf } from '../../src/journal/postgres-target.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { CONTRACT_DEFAULTS, type OpenFreshJournal } from './contract.ts';

let made = 0;

/** The URL of a log that does not exist, and is removed when `t` ends. */
export function freshLog(t: Test, server: PostgresServer): string {
  made += 1;
  const schema = `t${process.pid}_${made}`;
  const url = `${server.url}${server.url.includes('?') ? '&' : '?'}schema=${schema}`;
  t.teardown(() => ask(url, () => `DROP SCHEMA IF EXISTS ${schema} CASCADE`));
  return url;
}

/** Asks the database of `url` something about the log that it names. */
export async function ask<Row extends object>(url: string, sql: (schema: string) => string): Promise<Row[]> {
  const target = targetOf(url);
  const session = await Session.open(target);
  try {
    return await session.ask<Row>(sql(target.schema), [], 10_000);
  } finally {
    session.end();
  }
}

/** A node of the log at `url`; closed when `t` ends. */
export async function openNode(
  t: Test,
  url: string,
  options: Partial<JournalOptions> = {},
): Promise<Journal> {
  const journal = await openPostgres(url, {
    ...CONTRACT_DEFAULTS,
    onFatal: (error) => t.fail(error.message),
    ...options,
  });
  t.teardown(() => journal.close());
  return journal;
}

export function freshPostgres(
  server: () => PostgresServer,
  all: Partial<JournalOptions> = {},
): OpenFreshJournal {
  return async (t, options) => {
    const url = freshLog(t, server());
    const reopen = () => openNode(t, url, { ...all, ...options });
    return { journal: await reopen(), reopen };
  };
}

/** A server for the tests of one file. */
export async function serverFor(file: Test): Promise<PostgresServer> {
  const server = await startPostgres();
  file.teardown(() => server.stop());
  return server;
}
