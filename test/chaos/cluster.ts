import { freePort, type PostgresServer, startOwnPostgres } from '../postgres-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { Archive } from './archive.ts';
import { ClusterNode } from './cluster-node.ts';

const HOUR_MS = 3_600_000;
/** Each node's clock is wrong in another way, and in another one after it has jumped. */
const CLOCK_SHIFTS_MS = [
  [0, HOUR_MS, -HOUR_MS],
  [HOUR_MS, -24 * HOUR_MS, 0],
  [-HOUR_MS, 0, 365 * 24 * HOUR_MS],
];

/** Three nodes on one PostgreSQL, each with a network of its own between. */
export class Cluster {
  readonly server: PostgresServer;
  readonly nodes: readonly ClusterNode[];
  #archive: Archive | undefined;

  static async start(retainEvents = 100_000): Promise<Cluster> {
    const server = await startOwnPostgres();
    const nodes = await Promise.all(
      CLOCK_SHIFTS_MS.map(async (clockShiftsMs, index) => {
        const proxy = await TcpProxy.open(server.port);
        const port = await freePort();
        return new ClusterNode({
          index,
          port,
          store: proxy.through(server.url),
          proxy,
          clockShiftsMs,
          retainEvents,
        });
      }),
    );
    const cluster = new Cluster(server, nodes);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      cluster.#archive = await Archive.begin(server.url);
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  private constructor(server: PostgresServer, nodes: readonly ClusterNode[]) {
    this.server = server;
    this.nodes = nodes;
  }

  node(index: number): ClusterNode {
    return this.nodes[index] as ClusterNode;
  }

  get archive(): Archive {
    return this.#archive as Archive;
  }

  get urls(): string[] {
    return this.nodes.map(({ url }) => url);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await Promise.all(this.nodes.map(({ proxy }) => proxy.close()));
    await this.server.stop();
  }
}
