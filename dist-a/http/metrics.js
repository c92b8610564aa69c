import { Type } from '@sinclair/typebox';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { problems } from './documentation.js';
const COMMIT_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const COMMIT_SECONDS = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1];
/** From a second to a week: people decide. */
const DECISION_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600];
/** The service's figures, in Prometheus' text format. Counting costs an addition; the rest is done when they are read. */
export class Metrics {
    #registry = new Registry();
    #requests = new Map();
    #commitSize;
    #commitSeconds;
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
        const requests = this.#requests;
        new Counter({
            name: 'sallyport_requests_total',
            help: 'Answered requests by method, route and status.',
            labelNames: ['method', 'route', 'status'],
            registers,
            collect() {
                this.reset();
                for (const [key, count] of requests) {
                    const [method = '', route = '', status = ''] = key.split(' ');
                    this.inc({ method, route, status }, count);
                }
            },
        });
    }
    onCommit = (changes, seconds) => {
        this.#commitSize.observe(changes);
        this.#commitSeconds.observe(seconds);
    };
    /** Counts a request of a route's pattern, never of a path: paths are without number. */
    onAnswer(method, route, status) {
        const key = `${method} ${route} ${status}`;
        this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    }
    /** Adds the figures of what runs. */
    watch({ host, hub, statistics }) {
        this.#gauge('sallyport_streams', 'Open event streams.', () => hub.figures.streams);
        this.#gauge('sallyport_waits', 'Parked waits.', () => host.figures.waits);
        this.#gauge('sallyport_agents', 'Registered agents.', () => host.figures.agents);
        this.#gauge('sallyport_approvals_pending', 'Pending approvals.', () => host.figures.pending);
        this.#gauge('sallyport_sessions', 'Sessions with a stream on this node.', () => host.presence.size);
        this.#gauge('sallyport_journal_bytes', 'What the log takes on disk.', async () => (await statistics()).bytes);
        this.#counter('sallyport_events_total', 'Events in the log since it was made.', () => host.seq);
        this.#counter('sallyport_streams_cut_off_total', 'Streams whose reader was too slow.', () => hub.figures.cutOff);
        this.#counter('sallyport_streams_turned_away_total', 'Streams for which there was no room, or no time.', () => hub.figures.turnedAway);
        this.#counter('sallyport_deliveries_total', 'Events written to streams.', () => hub.figures.delivered);
        this.#watchDecisions(host);
    }
    text() {
        return this.#registry.metrics();
    }
    get contentType() {
        return this.#registry.contentType;
    }
    #watchDecisions(host) {
        const seconds = new Histogram({
            name: 'sallyport_decision_seconds',
            help: 'From the question to the decision of a person.',
            buckets: DECISION_SECONDS,
            registers: [this.#registry],
        });
        host.subscribe((entries) => {
            for (const { entity, timestamp } of entries) {
                if (entity?.type === 'approval' && entity.status === 'resolved') {
                    seconds.observe((timestamp - entity.createdAt) / 1000);
                }
            }
        });
    }
    #gauge(name, help, read) {
        new Gauge({
            name,
            help,
            registers: [this.#registry],
            async collect() {
                this.set(await read());
            },
        });
    }
    #counter(name, help, read) {
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
export function metricsRoute(app, metrics) {
    app.get('/metrics', {
        schema: {
            operationId: 'getMetrics',
            tags: ['health'],
            summary: 'Figures for Prometheus',
            response: {
                200: { description: 'Prometheus text.', content: { 'text/plain': { schema: Type.String() } } },
                ...problems(),
            },
        },
    }, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
