import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly held: Buffer[];
}

/** A network between a client and a server on this machine, with faults by hand. */
export class TcpProxy {
  /** What clients send stays in the network until `deliver`, even when they are gone. */
  holdsRequests = false;
  /** What the server answers is lost. */
  losesAnswers = false;
  /** New connections are closed at once. */
  refuses = false;
  refused = 0;
  accepted = 0;
  /** New connections go to this port. */
  target: number;
  /** Everything that clients send. */
  onRequest: ((chunk: Buffer) => void) | undefined;
  readonly #listener: Server;
  readonly #pairs = new Set<Pair>();
  #onHeld: (() => void) | undefined;

  static async open(port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(port);
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  private constructor(port: number) {
    this.target = port;
    this.#listener = createServer((client) => this.#accept(client)).listen(0, '127.0.0.1');
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** `url` by way of this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.host = `127.0.0.1:${this.port}`;
    return changed.href;
  }

  /** Ends all connections. The server keeps those that have requests in the network. */
  cut(): void {
    for (const { client, server, held } of this.#pairs) {
      client.destroy();
      if (held.length === 0) server.destroy();
    }
  }

  /** The next time that something is held. */
  held(): Promise<void> {
    return new Promise((resolve) => {
      this.#onHeld = resolve;
    });
  }

  /** Late packets arrive; of a client that is gone nothing comes after them. */
  deliver(): void {
    for (const { client, server, held } of this.#pairs) {
      for (const chunk of held.splice(0)) server.write(chunk);
      if (client.destroyed) server.end();
    }
  }

  /** Says something to the servers in the name of their clients, who do not see the answer. */
  async inject(chunk: Buffer): Promise<void> {
    this.losesAnswers = true;
    const pairs = [...this.#pairs];
    const answered = pairs.map(({ server }) => once(server, 'data'));
    for (const { server } of pairs) server.write(chunk);
    await Promise.all(answered);
    this.losesAnswers = false;
  }

  async close(): Promise<void> {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #accept(client: Socket): void {
    if (this.refuses) {
      this.refused += 1;
      client.destroy();
      return;
    }
    this.accepted += 1;
    const server = connect(this.target, '127.0.0.1');
    const pair: Pair = { client, server, held: [] };
    this.#pairs.add(pair);
    client.on('data', (chunk) => {
      this.onRequest?.(chunk);
      if (this.holdsRequests) {
        pair.held.push(chunk);
        this.#onHeld?.();
      } else server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (!this.losesAnswers && !client.destroyed) client.write(chunk);
    });
    client.on('error', () => {}).on('close', () => pair.held.length === 0 && server.destroy());
    server
      .on('error', () => {})
      .on('close', () => {
        client.destroy();
        this.#pairs.delete(pair);
      });
  }
}
