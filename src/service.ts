import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Authenticator } from './credentials/authenticator.ts';
import { accessOptions, openCredentials } from './credentials.ts';
import { Host } from './host/host.ts';
import type { Journal } from './host/journal.ts';
import type { App } from './http/app.ts';
import { Metrics } from './http/metrics.ts';
import { buildServer } from './http/server.ts';
import { listen } from './listening.ts';
import { beginOpening, type Opening } from './opening.ts';
import { Hub } from './streams/hub.ts';

export interface ServiceOptions {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
  /** The log can no longer be trusted, or is another one: the process has to end. */
  readonly onFatal: (error: Error) => void;
  /** Of the log, if it has begun already. */
  readonly opening?: Opening;
  /** Milliseconds since 1970, UTC; the journal's when not given. */
  readonly clock?: () => number;
  /** Milliseconds since some moment; never goes back. */
  readonly monotonic?: () => number;
  /** Where the built dashboard is; beside what runs when not given. */
  readonly dashboard?: string;
}

export interface Service {
  /** Where it listens. */
  readonly url: string;
  readonly credentials: Pick<Authenticator, 'isConfigured' | 'unusedAdminToken' | 'check'>;
  /** Answers what runs, ends what waits, closes what is open; takes some seconds at most. */
  stop(): Promise<void>;
}

/** The build's, of the source as well: `npm start` makes it. */
const DASHBOARD = fileURLToPath(new URL('../dist/dashboard/', import.meta.url));

/**
 * At a stop it goes on listening until nobody is connected, so that whoever asks is told that this node is going; after
 * this, connections that are still busy are closed. With the rest it stays under 5 s.
 */
const DRAIN_MS = 3000;
/** How often connections that have become idle are closed meanwhile. */
const IDLE_CHECK_MS = 20;

/** Opens the journal and the credentials, then the host, puts the server together meanwhile, then listens. What was opened is closed again if another fails. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, version, log, onFatal, monotonic = () => performance.now() } = options;
  const opening = options.opening ?? beginOpening(config, log, onFatal);
  const metrics = new Metrics();
  opening.onCommit = metrics.onCommit;
  const { authenticator, journal } = await openBoth(opening, config, log, options.clock ?? Date.now);
  const clock = options.clock ?? (() => journal.now());
  try {
    const hostOptions = {
      node: opening.node,
      clock,
      defaultExpiresMs: config.defaultExpiresMs,
      recentBytes: config.recentBytes,
      limits: config,
      reportError: log.error.bind(log),
    };
    const host = new Host(journal, hostOptions);
    const begun = opening.boot.then((boot) => host.begin(boot));
    // Whoever waits for it is told, once the server has been put together meanwhile.
    void Promise.allSettled([begun]);
    const hub = new Hub(host, {
      maxAgeMs: config.streamMaxAgeMs,
      maxStreams: config.maxStreams,
      maxStreamsPerPrincipal: config.maxStreamsPerPrincipal,
      clock,
      monotonic,
      reportError: log.error.bind(log),
    });
    metrics.watch({ host, hub, statistics: () => journal.statistics() });
    const app = await buildServer({
      host,
      hub,
      metrics,
      log,
      version,
      dashboard: options.dashboard ?? DASHBOARD,
      maxBodyBytes: config.maxBodyBytes,
      maxJsonBytes: config.maxJsonBytes,
      maxConnections: config.maxConnections,
      maxWaits: config.maxWaits,
      maxWaitsPerPrincipal: config.maxWaitsPerPrincipal,
      trustedProxies: config.trustedProxies,
      access: accessOptions(config, authenticator),
    });
    const service = { host, hub, app, journal, authenticator };
    try {
      await begun;
      await listen(app, config);
    } catch (error) {
      await stop(service);
      throw error;
    }
    let stopping: Promise<void> | undefined;
    return {
      url: app.listeningOrigin,
      credentials: authenticator,
      stop: () => {
        stopping ??= stop(service);
        return stopping;
      },
    };
  } catch (error) {
    authenticator.close();
    await journal.close();
    throw error;
  }
}

async function openBoth(opening: Opening, config: Config, log: Logger, clock: () => number) {
  const [credentials, opened] = await Promise.allSettled([
    openCredentials(config, log, clock),
    opening.journal,
  ]);
  if (credentials.status === 'fulfilled' && opened.status === 'fulfilled') {
    return { authenticator: credentials.value, journal: opened.value };
  }
  if (credentials.status === 'fulfilled') credentials.value.close();
  if (opened.status === 'fulfilled') await opened.value.close();
  throw (credentials.status === 'rejected' ? credentials : (opened as PromiseRejectedResult)).reason;
}

interface Parts {
  readonly authenticator: Authenticator;
  readonly host: Host;
  readonly hub: Hub;
  readonly app: App;
  readonly journal: Journal;
}

async function stop({ host, hub, app, journal, authenticator }: Parts): Promise<void> {
  await host.stop();
  hub.stop();
  await drain(app.server);
  await app.close();
  authenticator.close();
  await journal.close();
}

async function drain(server: Server): Promise<void> {
  const getConnections = promisify(server.getConnections).bind(server);
  const deadline = performance.now() + DRAIN_MS;
  while ((await getConnections()) > 0 && performance.now() < deadline) {
    server.closeIdleConnections();
    await setTimeout(IDLE_CHECK_MS);
  }
  server.closeAllConnections();
}
