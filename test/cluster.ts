import { pino } from 'pino';
import type { Test } from 'tap';
import { type Config, readConfig } from '../src/config.ts';
import { startService } from '../src/service.ts';
import { Client } from './client.ts';
import { EventStream } from './event-stream.ts';
import { freshLog } from './journal/postgres-contract.ts';
import type { PostgresServer } from './postgres-server.ts';

export interface ClusterNode {
  readonly url: string;
  readonly client: Client;
  /** Opens an event stream; it is closed with the test. */
  stream(query?: string, headers?: Record<string, string>): Promise<EventStream>;
  stop(): Promise<void>;
}

/** A node of the host at `store`, which goes by the database's clock; stopped with the test. */
export async function startNode(
  t: Test,
  store: string,
  overrides: Partial<Config> = {},
): Promise<ClusterNode> {
  const { run } = readConfig([], {}, 'test') as { run: Config };
  const service = await startService({
    config: { ...run, port: 0, ...overrides, store },
    version: 'test',
    log: pino({ level: 'silent' }),
    onFatal: (error) => t.fail(error.message),
  });
  const client = await Client.of(service.url);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= service.stop().finally(() => client.close());
    return stopping;
  };
  t.teardown(stop);
  const stream = async (query = '', headers: Record<string, string> = {}) => {
    const opened = await EventStream.open(`${service.url}/events/stream${query}`, headers);
    t.teardown(() => opened.close());
    return opened;
  };
  return { url: service.url, client, stream, stop };
}

/** Three nodes on one log of their own. */
export async function startCluster(
  t: Test,
  server: PostgresServer,
  overrides: Partial<Config> = {},
): Promise<[ClusterNode, ClusterNode, ClusterNode]> {
  const store = freshLog(t, server);
  const node = () => startNode(t, store, overrides);
  // One after the other: what is under way is stopped with the test also if another does not start.
  return [await node(), await node(), await node()];
}
