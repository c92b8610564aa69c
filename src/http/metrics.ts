import { Type } from '@sinclair/typebox';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Host } from '../host/host.ts';
import type { Entry, JournalStatistics } from '../host/journal.ts';
import type { Hub } from '../streams/hub.ts';
import type { App } from './app.ts';
import { problems } from './documentation.ts';

export interface Metered {
  readonly host: Host;
  readonly hub: Hub;
  readonly statistics: () => Promise<JournalStatistics>;
}

const COMMIT_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const COMMIT_SECONDS = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1];
/** From a second to a week: people decide. */
const DECISION_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600];

/** The service's figures, in Prometheus' text format. Counting costs an addition; the rest is done when they are read. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Map<string, number>();
  readonly #hookAnswers = new Map<string, number>();
  readonly #commitSize: Histogram;
  readonly #commitSeconds: Histogram;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#commitSize = new Histogram({
      name: 'sallyport_commit_changes',
      help: 'Changes in one transaction.',
      buckets: COMMIT_SIZES,
      registers,
    });
    this.#commitSeconds = new Histogram({
      name: 'sallyport_commit_seconds',
      help: 'How long a transaction took, the fsync included.',
      buckets: COMMIT_SECONDS,
      registers,
    });
    this.#counted(
      'sallyport_requests_total',
      'Answered requests by method, route and status.',
      this.#requests,
      ['method', 'route', 'status'],
    );
    this.#counted(
      'sallyport_hook_answers_total',
      'Answers to hooks by route and outcome: of a person, or a problem for which the tool was denied.',
      this.#hookAnswers,
      ['route', 'outcome'],
    );
  }

  readonly onCommit = (changes: number, seconds: number): void => {
    this.#commitSize.observe(changes);
    this.#commitSeconds.observe(seconds);
  };

  /** Counts a request of a route's pattern, never of a path: paths are without number. */
  onAnswer(method: string, route: string, status: number): void {
    count(this.#requests, `${method} ${route} ${status}`);
  }

  /** Counts an answer to a hook, which is 200 whatever it says. */
  onHookAnswer(route: string, outcome: string): void {
    count(this.#hookAnswers, `${route} ${outcome}`);
  }

  /** Adds the figures of what runs. */
  watch({ host, hub, statistics }: Metered): void {
    this.#gauge('sallyport_streams', 'Open event streams.', () => hub.figures.streams);
    this.#gauge('sallyport_waits', 'Parked waits.', () => host.figures.waits);
    this.#gauge('sallyport_agents', 'Registered agents.', () => host.figures.agents);
    this.#gauge('sallyport_approvals_pending', 'Pending approvals.', () => host.figures.pending);
    this.#gauge('sallyport_sessions', 'Sessions with a stream on this node.', () => host.presence.size);
    this.#gauge(
      'sallyport_journal_bytes',
      'What the log takes on disk.',
      async () => (await statistics()).bytes,
    );
    this.#counter('sallyport_events_total', 'Events in the log since it was made.', () => host.seq);
    this.#counter(
      'sallyport_streams_cut_off_total',
      'Streams whose reader was too slow.',
      () => hub.figures.cutOff,
    );
    this.#counter(
      'sallyport_streams_turned_away_total',
      'Streams for which there was no room, or no time.',
      () => hub.figures.turnedAway,
    );
    this.#counter('sallyport_deliveries_total', 'Events written to streams.', () => hub.figures.delivered);
    this.#watchDecisions(host);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #watchDecisions(host: Host): void {
    const seconds = new Histogram({
      name: 'sallyport_decision_seconds',
      help: 'From the question to the decision of a person.',
      buckets: DECISION_SECONDS,
      registers: [this.#registry],
    });
    host.subscribe((entries: readonly Entry[]) => {
      for (const { entity, timestamp } of entries) {
        if (entity?.type === 'approval' && entity.status === 'resolved') {
          seconds.observe((timestamp - entity.createdAt) / 1000);
        }
      }
    });
  }

  /** A counter over what `count` keeps: the values of its labels, with spaces between them. */
  #counted(name: string, help: string, counts: ReadonlyMap<string, number>, labelNames: string[]): void {
    new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [key, count] of counts) {
          const labels = key.split(' ').map((value, index) => [labelNames[index], value]);
          this.inc(Object.fromEntries(labels), count);
        }
      },
    });
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        this.set(await read());
      },
    });
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function metricsRoute(app: App, metrics: Metrics): void {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        tags: ['health'],
        summary: 'Figures for Prometheus',
        response: {
          200: { description: 'Prometheus text.', content: { 'text/plain': { schema: Type.String() } } },
          ...problems(),
        },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}
