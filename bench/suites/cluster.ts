import { newId } from '../../src/host/ids.ts';
import type { Appended, Change, Journal } from '../../src/host/journal.ts';
import { openJournal } from '../../src/journal/open.ts';
import { sum } from '../figures.ts';
import { withLoader } from '../load/loader.ts';
import { repeat } from '../repeat.ts';
import { type Measurement, type Row, rowOf } from '../row.ts';
import type { Scale } from '../scale.ts';
import { BARE_CLUSTER, withBareCluster, withCluster, withPostgres } from '../servers/cluster.ts';
import type { Measured } from '../servers/measured.ts';
import { SALLYPORT } from '../servers/servers.ts';
import { type Latencies, latencyRows } from './latency.ts';

/** Several nodes on one PostgreSQL, which waits for the disk before it answers. */

const NODES = 3;
const EVENTS_PER_SECOND = 20;

/** One node's journal, without HTTP: approvals that are asked for and decided, so many at once. */
export async function journal(scale: Scale): Promise<Row[]> {
  const rows: Row[] = [];
  for (const inFlight of [1, 16, 256]) {
    const runs = await repeat(scale.repeats, () => withPostgres((url) => commands(url, inFlight, scale)));
    const work = `PostgreSQL: durable commands through one node's journal, ${inFlight} in flight`;
    const goal = inFlight === 256 ? { goal: { value: 20_000 } } : {};
    rows.push(rowOf({ work, unit: 'per second', better: 'more', ...goal }, runs));
  }
  return rows;
}

async function commands(url: string, inFlight: number, scale: Scale): Promise<Measurement> {
  const journal = await openJournal(url, {
    retainEvents: 100_000,
    retainApprovalsDays: 365,
    onFatal: (error) => {
      throw error;
    },
  });
  journal.tail({ entries: () => undefined, floor: () => undefined });
  try {
    await appendFor(journal, inFlight, scale.warmUpSeconds);
    return { value: await appendFor(journal, inFlight, scale.seconds) };
  } finally {
    await journal.close();
  }
}

/** Commands per second. */
async function appendFor(journal: Journal, inFlight: number, seconds: number): Promise<number> {
  const started = performance.now();
  const until = started + seconds * 1000;
  const counts = await Promise.all(
    Array.from({ length: inFlight }, async () => {
      let count = 0;
      while (performance.now() < until) {
        const id = newId('approval-', Date.now());
        const created = seqOf(await journal.append(approvalChange(id, null)));
        seqOf(await journal.append(approvalChange(id, created)));
        count += 2;
      }
      return count;
    }),
  );
  return (sum(counts) * 1000) / (performance.now() - started);
}

function seqOf(appended: Appended): number {
  if ('conflict' in appended) {
    throw new Error('an approval that nobody else knows was changed by somebody else');
  }
  return appended.seq;
}

/** As the host writes them, with a state of 600 characters. `created`: it is decided; null: it is asked for. */
function approvalChange(id: string, created: number | null): Change {
  const now = Date.now();
  const event = newId('event-', now);
  const isFinal = created !== null;
  const state = JSON.stringify({ id, status: isFinal ? 'resolved' : 'pending', details: 'x'.repeat(550) });
  return {
    id: event,
    kind: isFinal ? 'approval.resolved' : 'approval.requested',
    agentId: 'worker',
    timestamp: now,
    head: `"id":"${event}","message":"Approval"`,
    payload: state,
    entity: {
      type: 'approval',
      id,
      expected: created ?? 0,
      state,
      status: isFinal ? 'resolved' : 'pending',
      createdSeq: created,
      createdAt: now,
      expiresAt: null,
      decidedBy: isFinal ? { session_id: 'ann', principal: null } : null,
      key: null,
    },
  };
}

/** Decided on one node, waited for on another; and the same with nothing but the parts that it cannot do without. */
export async function decisionElsewhere(scale: Scale): Promise<Row[]> {
  const pairs = await repeat(scale.repeats, async () => ({
    ours: await withCluster(2, (nodes) => decisions(nodes, scale)),
    bare: await withBareCluster(2, (nodes) => decisions(nodes, scale)),
  }));
  return latencyRows(
    'PostgreSQL, two nodes: decision sent to one until the caller who is parked on the other is answered',
    { p50: { goal: { value: 2 } }, p99: { goal: { value: 10 } } },
    pairs.map(({ ours }) => ours),
    { [BARE_CLUSTER]: pairs.map(({ bare }) => bare) },
  );
}

function decisions([here, there]: readonly Measured[], scale: Scale): Promise<Latencies> {
  return withLoader(async (loader) => {
    const decideAt = (there as Measured).url;
    const { url } = here as Measured;
    await loader.run('decision', url, { rounds: Math.ceil(scale.rounds / 5), decideAt });
    return loader.run('decision', url, { rounds: scale.rounds, decideAt });
  });
}

/** What a delivery costs a node, with others beside it and alone. */
export async function fanOut(scale: Scale): Promise<Row[]> {
  const pairs = await repeat(scale.repeats, async () => ({
    ours: await deliveries(NODES, scale),
    alone: await deliveries(1, scale),
  }));
  const work = `PostgreSQL, ${NODES} nodes with ${scale.subscribers} subscribers each, ${EVENTS_PER_SECOND} events/s: CPU of the nodes per delivery`;
  return [
    rowOf(
      { work, unit: 'µs', goal: { ratio: 1.1, text: '1.10 of one node or less' } },
      pairs.map(({ ours }) => ours),
      { 'one node alone': pairs.map(({ alone }) => alone) },
    ),
  ];
}

function deliveries(nodes: number, scale: Scale): Promise<Measurement> {
  return withCluster(nodes, ([publishedAt, ...others]) =>
    withLoader(async (loader) => {
      const { url } = publishedAt as Measured;
      const all = [publishedAt as Measured, ...others];
      const cpuSeconds = () => sum(all.map((node) => node.cpuSeconds()));
      const steady = { perSecond: EVENTS_PER_SECOND, server: SALLYPORT };
      const { open } = await loader.run('openStreams', url, {
        subscribers: scale.subscribers,
        server: SALLYPORT,
        others: others.map((node) => node.url),
      });
      await loader.run('steady', url, { ...steady, events: 20 });
      const before = cpuSeconds();
      const { loadCpu } = await loader.run('steady', url, { ...steady, events: scale.steadyEvents });
      return { value: ((cpuSeconds() - before) * 1e6) / (scale.steadyEvents * open), loadCpu };
    }),
  );
}

/** What an event costs a node none of whose subscribers wants it. */
export async function unwanted(scale: Scale): Promise<Row[]> {
  const runs = await repeat(scale.repeats, () =>
    withCluster(2, ([publishedAt, other]) =>
      withLoader(async (loader) => {
        const { url } = other as Measured;
        const server = { ...SALLYPORT, streamPath: '/events/stream?kind=approval.resolved' };
        await loader.run('openStreams', url, { subscribers: scale.subscribers, server });
        const load = { connections: 16, seconds: scale.seconds };
        await loader.run('create', (publishedAt as Measured).url, { ...load, seconds: scale.warmUpSeconds });
        const before = (other as Measured).cpuSeconds();
        const { perSecond, loadCpu } = await loader.run('create', (publishedAt as Measured).url, load);
        const cpu = (other as Measured).cpuSeconds() - before;
        return { value: (cpu * 1e6) / (perSecond * scale.seconds), loadCpu };
      }),
    ),
  );
  const work = `PostgreSQL, two nodes: CPU of one per approval that is asked for on the other, with ${scale.subscribers} subscribers who do not want it`;
  return [rowOf({ work, unit: 'µs' }, runs)];
}
