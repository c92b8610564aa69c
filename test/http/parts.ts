import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import type { Test } from 'tap';
import { type Config, readConfig } from '../../src/config.ts';
import { Authenticator } from '../../src/credentials/authenticator.ts';
import { accessOptions } from '../../src/credentials.ts';
import { Host } from '../../src/host/host.ts';
import type {
  Appended,
  ApprovalQuery,
  Boot,
  Change,
  OpenEntity,
  StoredApproval,
} from '../../src/host/journal.ts';
import type { App } from '../../src/http/app.ts';
import { Metrics } from '../../src/http/metrics.ts';
import { buildServer, type ServerOptions } from '../../src/http/server.ts';
import { MemoryJournal } from '../../src/journal/memory.ts';
import { Hub } from '../../src/streams/hub.ts';
import { Client } from '../client.ts';
import { NO_LIMITS } from '../host/samples.ts';

const UNTIL_MS = 60_000;
const QUICK_TURNS = 100;

/** A journal that fails, waits or begins as a test tells it to. */
export class TestJournal extends MemoryJournal {
  /** What it has at the boot. */
  open: readonly OpenEntity[] = [];
  appendError: Error | null = null;
  readError: Error | null = null;
  /** Appends wait for it. */
  gate: PromiseWithResolvers<void> | null = null;
  /** Appends that have come so far. */
  appends = 0;

  constructor() {
    super({
      retainEvents: 500,
      retainApprovalsDays: 1,
      onFatal: (error) => {
        throw error;
      },
    });
  }

  override async boot(): Promise<Boot> {
    return { ...(await super.boot()), open: [this.open] };
  }

  override async append(change: Change): Promise<Appended> {
    this.appends += 1;
    await this.gate?.promise;
    this.#throw(this.appendError);
    return super.append(change);
  }

  override async approval(id: string): Promise<StoredApproval | undefined> {
    this.#throw(this.readError);
    return super.approval(id);
  }

  override async approvals(query: ApprovalQuery): Promise<StoredApproval[]> {
    this.#throw(this.readError);
    return super.approvals(query);
  }

  override problem(): string | null {
    return this.appendError?.message ?? super.problem();
  }

  #throw(error: Error | null): void {
    if (error !== null) {
      throw error;
    }
  }
}

export interface Parts {
  readonly url: string;
  /** Another server over the same host, which stands for another node; resolves with its URL. */
  readonly buildOn: (t: Test) => Promise<string>;
  readonly app: App;
  readonly host: Host;
  readonly client: Client;
  /** What was logged, parsed. */
  readonly logged: Record<string, unknown>[];
}

/** The HTTP service over a journal of the test's own, on a free port. Stopped with the test. */
export async function startOver(
  t: Test,
  journal: TestJournal,
  options: Partial<ServerOptions> = {},
): Promise<Parts> {
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const reportError = (message: string) => log.error(message);
  const host = new Host(journal, {
    node: 'node-1',
    clock: Date.now,
    defaultExpiresMs: null,
    recentBytes: 65_536,
    limits: NO_LIMITS,
    reportError,
  });
  await host.begin(await journal.boot());
  const monotonic = () => performance.now();
  const hub = new Hub(host, {
    maxAgeMs: 600_000,
    maxStreams: 10,
    maxStreamsPerPrincipal: 10,
    clock: Date.now,
    monotonic,
    reportError,
  });
  const config = (readConfig([], {}, 'test') as { run: Config }).run;
  const authenticator = await Authenticator.open({ paths: null, tokens: null, jwt: null, reportError });
  const metrics = new Metrics();
  metrics.watch({ host, hub, statistics: () => journal.statistics() });
  const serverOptions: ServerOptions = {
    host,
    hub,
    metrics,
    log,
    version: 'test',
    dashboard: '/nowhere',
    trustedProxies: [],
    access: accessOptions(config, authenticator),
    maxBodyBytes: 262_144,
    maxJsonBytes: 131_072,
    maxConnections: 1000,
    maxWaits: 10,
    maxWaitsPerPrincipal: 10,
    ...options,
  };
  const app = await buildServer(serverOptions);
  const url = await listenOn(app);
  const buildOn = async (test: Test) => {
    const other = await buildServer(serverOptions);
    test.teardown(() => {
      other.server.closeAllConnections();
      return other.close();
    });
    return listenOn(other);
  };
  const client = await Client.of(url);
  t.teardown(async () => {
    client.close();
    authenticator.close();
    await host.stop();
    hub.stop();
    app.server.closeAllConnections();
    await app.close();
    await journal.close();
  });
  return { url, buildOn, app, host, client, logged };
}

async function listenOn(app: App): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/**
 * Resolves when `passes` does, looked at again after each turn of what it asks, and after a while a little less often: the
 * processor is for what is waited for. Throws when it has not come about in a minute.
 */
export async function until(passes: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + UNTIL_MS;
  for (let turn = 0; !(await passes()); turn++) {
    if (performance.now() > deadline) {
      throw new Error(`it did not come about in ${UNTIL_MS} ms: ${passes}`);
    }
    await (turn < QUICK_TURNS ? setImmediate() : setTimeout(5));
  }
}
