import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock } from 'node:test';
import type { Test } from 'tap';
import type { Done } from '../../src/host/executor.ts';
import { Host } from '../../src/host/host.ts';
import type { Journal } from '../../src/host/journal.ts';
import { openJournal } from '../../src/journal/open.ts';
import type { Subscription } from '../../src/streams/catch-up.ts';
import { Hub, type HubOptions } from '../../src/streams/hub.ts';
import { EventStream } from '../event-stream.ts';
import { NO_LIMITS } from '../host/samples.ts';
import { Clocks } from '../service.ts';
import { times } from './publish.ts';

export interface HubServer {
  readonly host: Host;
  readonly hub: Hub;
  readonly errors: string[];
  /** Lets time pass, then the hub looks for slow, quiet and old streams. */
  sweep(passMs: number): void;
  /** Opens a stream over a socket; `response` is the server's side of it. */
  stream(asked?: Partial<Subscription>): Promise<{ stream: EventStream; response: ServerResponse }>;
  /** Records notifications and returns the newest `seq`. */
  publish(count: number, payload?: unknown): Promise<number>;
}

export interface HubServerOptions extends Partial<HubOptions> {
  readonly retainEvents?: number;
  readonly recentBytes?: number;
  /** Called with the journal before the host has it. */
  readonly prepare?: (journal: Journal) => void;
  /** What is done with a request instead of opening its stream at once. */
  readonly before?: (response: ServerResponse, open: () => void) => void;
}

/** How often the hub looks for slow, quiet and old streams. */
const SWEEP_MS = 500;

/** A hub behind a bare HTTP server, for tests that look at the server's side of a connection. */
export async function serveHub(t: Test, options: HubServerOptions = {}): Promise<HubServer> {
  const { retainEvents = 100_000, recentBytes = 64 * 1024 * 1024, prepare, before, ...overrides } = options;
  const clocks = new Clocks();
  let passedMs = 0;
  const errors: string[] = [];
  const reportError = (message: string) => void errors.push(message);
  const journal = await openJournal('memory:', {
    retainEvents,
    retainApprovalsDays: 1,
    onFatal: (error) => reportError(error.message),
  });
  prepare?.(journal);
  const host = new Host(journal, {
    node: 'node-1',
    clock: clocks.wall,
    defaultExpiresMs: null,
    recentBytes,
    limits: NO_LIMITS,
    reportError,
  });
  await host.begin(await journal.boot());
  mock.timers.enable({ apis: ['setInterval'] });
  const clock = clocks.wall;
  // It stands still unless a test says otherwise: else a slow machine would make batches rest.
  const hub = new Hub(host, {
    maxAgeMs: 600_000,
    maxStreams: 100,
    maxStreamsPerPrincipal: 100,
    clock,
    monotonic: () => passedMs,
    reportError,
    ...overrides,
  });

  const asked: Subscription[] = [];
  const responses: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const index = Number(request.url?.slice(1));
    responses[index] = response;
    const open = () => hub.open(response, asked[index] as Subscription);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(':ok\n\n');
    (before ?? ((_, openNow) => openNow()))(response, open);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  t.teardown(async () => {
    await host.stop();
    hub.stop();
    mock.timers.reset();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await journal.close();
  });

  return {
    host,
    hub,
    errors,
    sweep(passMs) {
      clocks.pass(passMs);
      passedMs += passMs;
      mock.timers.tick(SWEEP_MS);
    },
    async stream(partial = {}) {
      const filter = { kinds: [], agentId: null };
      const nothing = { filter, actor: null, principal: null, resumeFrom: null, snapshot: false };
      const index = asked.push({ ...nothing, ...partial }) - 1;
      const stream = await EventStream.open(`http://127.0.0.1:${port}/${index}`);
      t.teardown(() => stream.close());
      return { stream, response: responses[index] as ServerResponse };
    },
    async publish(count, payload = null) {
      const results = await times(count, () =>
        host.execute({ type: 'notify', kind: 'test.tick', agentId: null, message: '', payload }),
      );
      return Math.max(...results.map((result) => (result as Done).seq));
    },
  };
}
