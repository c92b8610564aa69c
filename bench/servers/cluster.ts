import { noPrograms, startOwnPostgres } from '../../test/postgres-server.ts';
import { Measured, withServer } from './measured.ts';
import { startSallyportOn } from './servers.ts';

export const POSTGRES_MISSING = `there is no figure of a cluster: it ${noPrograms}`;

export function isPostgresInstalled(): boolean {
  return noPrograms === false;
}

/** A new PostgreSQL that waits for the disk before it answers, for as long as it is used. */
export async function withPostgres<T>(use: (url: string) => Promise<T>): Promise<T> {
  const server = await startOwnPostgres({ isDurable: true });
  try {
    return await use(server.url);
  } finally {
    await server.stop();
  }
}

/** So many nodes on one new PostgreSQL, for as long as they are used. */
export function withCluster<T>(nodes: number, use: (nodes: readonly Measured[]) => Promise<T>): Promise<T> {
  return withPostgres((url) => withNodes(() => startSallyportOn(url), nodes, [], use));
}

export const BARE_CLUSTER = 'bare Fastify, one durable call that notifies, one read';

/** The same with nodes of the baseline. */
export function withBareCluster<T>(
  nodes: number,
  use: (nodes: readonly Measured[]) => Promise<T>,
): Promise<T> {
  return withPostgres((url) => withNodes(() => Measured.node('baselines/cluster.ts', [url]), nodes, [], use));
}

function withNodes<T>(
  start: () => Promise<Measured>,
  left: number,
  started: readonly Measured[],
  use: (nodes: readonly Measured[]) => Promise<T>,
): Promise<T> {
  return left === 0
    ? use(started)
    : withServer(start, (node) => withNodes(start, left - 1, [...started, node], use));
}
