import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { withoutPassword } from './config.js';
import { accessOptions, openCredentials } from './credentials.js';
import { Host } from './host/host.js';
import { Metrics } from './http/metrics.js';
import { buildServer } from './http/server.js';
import { openJournal } from './journal/open.js';
import { listen } from './listening.js';
import { Hub } from './streams/hub.js';
/**
 * At a stop it goes on listening until nobody is connected, so that whoever asks is told that this node is going; after
 * this, connections that are still busy are closed. With the rest it stays under 5 s.
 */
const DRAIN_MS = 3000;
/** How often connections that have become idle are closed meanwhile. */
const IDLE_CHECK_MS = 20;
/** Opens the credentials, the journal, then the host, then the server. What was opened is closed again if a later one fails. */
export async function startService(options) {
    const { config, version, log, onFatal, monotonic = () => performance.now() } = options;
    const authenticator = await openCredentials(config, log, options.clock ?? Date.now);
    const metrics = new Metrics();
    // Nodes may run on one machine.
    const node = `${hostname()}-${randomBytes(2).toString('hex')}`;
    const journal = await openJournal(config.store, {
        retainEvents: config.retainEvents,
        retainApprovalsDays: config.retainApprovalsDays,
        pollMs: config.pollMs,
        node,
        report: log.info.bind(log),
        onCommit: metrics.onCommit,
        onFatal,
    }).catch((error) => {
        throw new Error(`cannot open SALLYPORT_STORE '${withoutPassword(config.store)}': ${error.message}`);
    });
    const clock = options.clock ?? (() => journal.now());
    try {
        const host = await Host.open(journal, {
            node,
            clock,
            defaultExpiresMs: config.defaultExpiresMs,
            recentBytes: config.recentBytes,
            limits: config,
            reportError: log.error.bind(log),
        });
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
            await listen(app, config);
        }
        catch (error) {
            await stop(service);
            throw error;
        }
        let stopping;
        return {
            url: app.listeningOrigin,
            credentials: authenticator,
            stop: () => {
                stopping ??= stop(service);
                return stopping;
            },
        };
    }
    catch (error) {
        authenticator.close();
        await journal.close();
        throw error;
    }
}
async function stop({ host, hub, app, journal, authenticator }) {
    await host.stop();
    hub.stop();
    await drain(app.server);
    await app.close();
    authenticator.close();
    await journal.close();
}
async function drain(server) {
    const getConnections = promisify(server.getConnections).bind(server);
    const deadline = performance.now() + DRAIN_MS;
    while ((await getConnections()) > 0 && performance.now() < deadline) {
        server.closeIdleConnections();
        await setTimeout(IDLE_CHECK_MS);
    }
    server.closeAllConnections();
}
