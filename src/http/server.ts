import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import { FastifySSEPlugin } from 'fastify-sse-v2';
import type { Host } from '../host/host.ts';
import { newId } from '../host/ids.ts';
import { RETRY_MS } from '../streams/frames.ts';
import type { Hub } from '../streams/hub.ts';
import { Access, type AccessOptions } from './access.ts';
import { agentRoutes } from './agents.ts';
import type { App } from './app.ts';
import { approvalRoutes } from './approvals.ts';
import { readJsonBodies } from './body.ts';
import { allowOrigins } from './cors.ts';
import { Cursors } from './cursor.ts';
import { dashboardRoutes } from './dashboard.ts';
import {
  answerBrokenRequest,
  answerUnknownMethods,
  handleError,
  handleNotFound,
  refuseNoName,
} from './errors.ts';
import { eventRoutes } from './events.ts';
import { checkFraming } from './framing.ts';
import { awaitMinSeq } from './headers.ts';
import { healthRoutes } from './health.ts';
import { hookRoutes } from './hooks/routes.ts';
import { loginRoutes } from './login.ts';
import { type McpOptions, mcpRoute } from './mcp/route.ts';
import { meRoute } from './me.ts';
import { type Metrics, metricsRoute } from './metrics.ts';
import { documentApi, openapiRoutes } from './openapi.ts';
import { withoutCredentials } from './secrets.ts';
import { sessionRoute } from './sessions.ts';
import { streamRoute } from './stream.ts';
import { tokenRoutes } from './tokens.ts';
import { compileValidator } from './validation.ts';
import { type WaitLimits, WaitRoom } from './wait-room.ts';
import { waitRoutes } from './waits.ts';

export interface ServerOptions extends WaitLimits, McpOptions {
  readonly host: Host;
  readonly hub: Hub;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** The folder that the build has put the dashboard into. */
  readonly dashboard: string;
  readonly maxBodyBytes: number;
  readonly access: AccessOptions;
  readonly trustedProxies: readonly string[];
  /** One more is closed before it is read. */
  readonly maxConnections: number;
  readonly timeouts?: Timeouts;
  /** How often a hook that waits is sent a space. */
  readonly hookPulseMs?: number;
}

export interface Timeouts {
  /** A request has to have arrived whole within this; the first one from when the connection was opened. */
  readonly requestMs: number;
  /** A connection that rests for longer than this, and Node's second more, is closed. */
  readonly keepAliveMs: number;
  /** How often late requests are looked for. Those that have arrived cost nothing then. */
  readonly checkMs: number;
}

const TIMEOUTS: Timeouts = {
  requestMs: 30_000,
  // Longer than the usual 60 s of proxies, so that it is they who close a connection that rests.
  keepAliveMs: 75_000,
  checkMs: 1000,
};
/** Proxies take a connection for dead that says nothing for half a minute or more. */
const HOOK_PULSE_MS = 15_000;
/** No path is longer than the headers may be: an id that is longer than any is unknown, not a wrong path. */
const PARAM_LENGTH_MAX = 16 * 1024;

/** The HTTP service over a host and its streams. It listens when told to. */
export async function buildServer(options: ServerOptions): Promise<App> {
  const { host, hub, metrics, log, timeouts = TIMEOUTS } = options;
  const app: App = fastify({
    // One of its own, so that its level can be another for a moment.
    loggerInstance: log.child({}),
    // No logger of its own for each request, which costs more than most requests log: what is logged names the id.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId('request-', Date.now()),
    bodyLimit: options.maxBodyBytes,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    http: {
      requireHostHeader: false,
      // Node would take the longer of the two for the body, and look every 30 s only.
      headersTimeout: timeouts.requestMs,
      connectionsCheckingInterval: timeouts.checkMs,
    },
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    frameworkErrors: (error, request, reply) => {
      reply.header('X-Request-Id', request.id);
      handleError(error, request, reply);
    },
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = options.maxConnections;
  // An expectation that is not known may be ignored (RFC 9110, section 10.1.1); Node's 417 would not say what is wrong.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(handleError);
  readJsonBodies(app, options.maxJsonBytes);
  watchRequests(app, host, metrics);
  app.addHook('onRequest', checkFraming);
  await app.register(rateLimit, { global: false });
  await allowOrigins(app, options.access.corsOrigins);
  const access = new Access(app, options.access);
  // After the guard: whoever may not read does not learn what there is.
  app.addHook('onRequest', refuseNoName);
  await app.register(helmet, { global: false });
  app.setNotFoundHandler(handleNotFound);

  const addUnknownMethods = answerUnknownMethods(app);
  await documentApi(app, options.version);
  await app.register(FastifySSEPlugin, { retryDelay: RETRY_MS });
  const room = new WaitRoom(host, options);
  await app.register(async (data: App) => {
    data.addHook('onRequest', awaitMinSeq(host));
    const cursors = new Cursors(host.logId);
    agentRoutes(data, host, access, cursors);
    approvalRoutes(data, host, access, cursors);
    waitRoutes(data, host, access, room);
    eventRoutes(data, host);
    streamRoute(data, hub, access, metrics);
    sessionRoute(data, host);
    const { maxJsonBytes, hookPulseMs: pulseMs = HOOK_PULSE_MS } = options;
    await data.register(async (hooks: App) =>
      hookRoutes(hooks, { host, access, room, metrics, maxJsonBytes, pulseMs }),
    );
  });
  mcpRoute(app, host, access, room, options);
  healthRoutes(app, host);
  metricsRoute(app, metrics);
  openapiRoutes(app);
  await dashboardRoutes(app, options.dashboard);
  meRoute(app, access);
  loginRoutes(app, access, options.access.publicOrigin);
  tokenRoutes(app, access);
  addUnknownMethods();
  return app;
}

function watchRequests(app: App, host: Host, metrics: Metrics): void {
  const isDebugged = ['debug', 'trace'].includes(app.log.level);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    if (host.isStopping) {
      reply.header('Connection', 'close');
    }
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { id, method, url, routeOptions } = request;
    metrics.onAnswer(method, routeOptions.url ?? 'unknown', reply.statusCode);
    if (isDebugged) {
      request.log.debug(
        { reqId: id, method, url: withoutCredentials(url), status: reply.statusCode, ms: reply.elapsedTime },
        'answered',
      );
    }
    done(null, payload);
  });
}
