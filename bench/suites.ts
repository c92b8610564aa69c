import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figureOf, type Row } from './figures.ts';
import { Loader } from './loader.ts';
import { Measured } from './process.ts';

/** How much is done: `--quick` proves that everything works, and measures nothing worth keeping. */
export interface Scale {
  readonly repeats: number;
  readonly seconds: number;
  readonly subscribers: number;
  readonly idleStreams: number;
  readonly waits: number;
  readonly rounds: number;
}

const OURS = { streamPath: '/events/stream', publishPath: '/events' };

/** Sallyport as it is built, on a log of its own; removed at the end. */
export async function withSallyport<T>(use: (server: Measured) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  const server = await Measured.node('../dist/main.js', [
    '--port',
    '0',
    '--store',
    `sqlite:${folder}/log.db`,
  ]);
  try {
    return await use(server);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function withBaseline<T>(file: string, use: (server: Measured) => Promise<T>): Promise<T> {
  const server = await Measured.node(file, []);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

async function withLoader<T>(use: (loader: Loader) => Promise<T>): Promise<T> {
  const loader = new Loader();
  try {
    return await use(loader);
  } finally {
    await loader.stop();
  }
}

/** Microseconds of the server's CPU per delivery. Throws unless every subscriber got every event in order. */
async function cpuPerDelivery(server: Measured, scale: Scale, publishers: number) {
  return withLoader(async (loader) => {
    const before = server.cpuSeconds();
    const { subscribers, seconds } = scale;
    const load = await loader.run('fanOut', server.url, { subscribers, publishers, seconds, ...OURS });
    if (load.wrong > 0) {
      throw new Error(`${load.wrong} events were missing, repeated or out of order`);
    }
    return { value: ((server.cpuSeconds() - before) * 1e6) / load.deliveries, loadCpu: load.loadCpu };
  });
}

async function fanOut(scale: Scale, publishers: number, goal: number): Promise<Row> {
  const pairs = await repeat(scale.repeats, async () => ({
    ours: await withSallyport((server) => cpuPerDelivery(server, scale, publishers)),
    baseline: await withBaseline('./baseline-sse.ts', (server) => cpuPerDelivery(server, scale, publishers)),
  }));
  const ours = figureOf(pairs.map((pair) => pair.ours.value));
  return {
    work: `fan-out to ${scale.subscribers} subscribers, ${publishers} publisher${publishers === 1 ? '' : 's'}: server CPU per delivery`,
    unit: 'µs',
    goal: `${goal} or less`,
    isMet: ours.median <= goal,
    ours,
    baseline: {
      name: 'bare node:http, a write per event',
      figure: figureOf(pairs.map((pair) => pair.baseline.value)),
      ratio: figureOf(pairs.map((pair) => pair.ours.value / pair.baseline.value)),
    },
    loadCpu: Math.max(...pairs.map((pair) => pair.ours.loadCpu)),
  };
}

async function steadyRate(scale: Scale): Promise<Row[]> {
  const options = {
    subscribers: scale.subscribers,
    publishers: 1,
    seconds: scale.seconds,
    perSecond: 20,
    ...OURS,
  };
  const runs = await repeat(scale.repeats, () =>
    withSallyport((server) => withLoader((loader) => loader.run('steady', server.url, options))),
  );
  const work = `20 events/s to ${scale.subscribers} subscribers: until the last one has it`;
  return latencyRows(work, runs, { p50: 5, p99: 12 });
}

async function idleMemory(scale: Scale): Promise<Row> {
  const measure = (server: Measured) =>
    withLoader(async (loader) => {
      const before = server.rssBytes();
      const options = { subscribers: scale.idleStreams, streamPath: OURS.streamPath };
      const { loadCpu } = await loader.run('idleStreams', server.url, options);
      await settled();
      return { value: (server.rssBytes() - before) / scale.idleStreams / 1024, loadCpu };
    });
  return memoryRow(
    `RSS per idle subscriber, ${scale.idleStreams} open`,
    16,
    scale,
    measure,
    './baseline-sse.ts',
  );
}

async function waitMemory(scale: Scale): Promise<Row[]> {
  const wakes: { p99: number; loadCpu: number }[] = [];
  const measure = (server: Measured, isOurs: boolean) =>
    withLoader(async (loader) => {
      const before = server.rssBytes();
      const { loadCpu } = await loader.run('park', server.url, { waits: scale.waits });
      await settled();
      const value = (server.rssBytes() - before) / scale.waits / 1024;
      const wake = await loader.run('wake', server.url, undefined);
      if (isOurs) {
        wakes.push(wake);
      }
      return { value, loadCpu };
    });
  const memory = await memoryRow(
    `RSS per parked wait, ${scale.waits} parked`,
    14,
    scale,
    measure,
    './baseline-fastify.ts',
  );
  const p99 = figureOf(wakes.map((wake) => wake.p99));
  return [
    memory,
    {
      work: `one decision that wakes ${scale.waits} waits: p99`,
      unit: 'ms',
      goal: '200 or less',
      isMet: p99.median <= 200,
      ours: p99,
      loadCpu: Math.max(...wakes.map(({ loadCpu }) => loadCpu)),
    },
  ];
}

async function creating(scale: Scale): Promise<Row> {
  const options = { connections: 128, seconds: scale.seconds };
  const measure = (server: Measured) =>
    withLoader(async (loader) => loader.run('create', server.url, options));
  const pairs = await repeat(scale.repeats, async () => ({
    ours: await withSallyport(measure),
    baseline: await withBaseline('./baseline-fastify.ts', measure),
  }));
  const ratio = figureOf(pairs.map((pair) => pair.ours.perSecond / pair.baseline.perSecond));
  return {
    work: '`POST /approvals`, durable, 128 connections',
    unit: 'per second',
    goal: '75 % of bare Fastify or more',
    isMet: ratio.median >= 0.75,
    ours: figureOf(pairs.map((pair) => pair.ours.perSecond)),
    baseline: {
      name: 'bare Fastify, the same schemas, nothing durable',
      figure: figureOf(pairs.map((pair) => pair.baseline.perSecond)),
      ratio,
    },
    loadCpu: Math.max(...pairs.map((pair) => pair.ours.loadCpu)),
  };
}

async function cycles(scale: Scale): Promise<Row[]> {
  const runs = await repeat(scale.repeats, () =>
    withSallyport((server) =>
      withLoader(async (loader) => {
        const before = server.cpuSeconds();
        const run = await loader.run('cycle', server.url, { inFlight: 64, seconds: scale.seconds });
        return { ...run, cpuPerThousand: ((server.cpuSeconds() - before) * 1000) / run.cycles };
      }),
    ),
  );
  const perSecond = figureOf(runs.map((run) => run.perSecond));
  const cpu = figureOf(runs.map((run) => run.cpuPerThousand));
  const loadCpu = Math.max(...runs.map((run) => run.loadCpu));
  const work = 'create, wait and resolve, durable, 64 in flight';
  return [
    {
      work,
      unit: 'approvals/s',
      goal: '8,000 or more',
      isMet: perSecond.median >= 8000,
      ours: perSecond,
      loadCpu,
    },
    {
      work: `${work}: server CPU`,
      unit: 's per 1,000',
      goal: '0.12 or less',
      isMet: cpu.median <= 0.12,
      ours: cpu,
      loadCpu,
    },
  ];
}

async function decisions(scale: Scale): Promise<Row[]> {
  const measure = (server: Measured) =>
    withLoader((loader) => loader.run('decision', server.url, { rounds: scale.rounds }));
  const runs = await repeat(scale.repeats, () => withSallyport(measure));
  return latencyRows('decision sent until the parked caller is answered, one at a time, durable', runs, {
    p50: 0.5,
    p99: 2,
  });
}

async function crowd(scale: Scale): Promise<Row[]> {
  const { waits, seconds, subscribers } = scale;
  const options = { waits, subscribers, seconds, streamPath: OURS.streamPath };
  const runs = await repeat(scale.repeats, () =>
    withSallyport((server) => withLoader((loader) => loader.run('crowded', server.url, options))),
  );
  const work = `${waits} parked waits and ${subscribers} streams, a decision a second: every other request`;
  return latencyRows(work, runs, { p99: 10 });
}

export const SUITES: Record<string, (scale: Scale) => Promise<Row[]>> = {
  burst: async (scale) => [await fanOut(scale, 16, 0.6)],
  single: async (scale) => [await fanOut(scale, 1, 7.6)],
  steady: steadyRate,
  idle: async (scale) => [await idleMemory(scale)],
  cycle: cycles,
  decision: decisions,
  waits: waitMemory,
  create: async (scale) => [await creating(scale)],
  crowd,
};

type Latencies = { readonly p50: number; readonly p99: number; readonly loadCpu: number };

function latencyRows(work: string, runs: readonly Latencies[], goals: { p50?: number; p99?: number }): Row[] {
  const loadCpu = Math.max(...runs.map((run) => run.loadCpu));
  return (['p50', 'p99'] as const).flatMap((name) => {
    const goal = goals[name];
    const ours = figureOf(runs.map((run) => run[name]));
    return goal === undefined
      ? []
      : [
          {
            work: `${work}: ${name}`,
            unit: 'ms',
            goal: `${goal} or less`,
            isMet: ours.median <= goal,
            ours,
            loadCpu,
          },
        ];
  });
}

async function memoryRow(
  work: string,
  goal: number,
  scale: Scale,
  measure: (server: Measured, isOurs: boolean) => Promise<{ value: number; loadCpu: number }>,
  baseline: string,
): Promise<Row> {
  const pairs = await repeat(scale.repeats, async () => ({
    ours: await withSallyport((server) => measure(server, true)),
    baseline: await withBaseline(baseline, (server) => measure(server, false)),
  }));
  const ours = figureOf(pairs.map((pair) => pair.ours.value));
  return {
    work,
    unit: 'KiB',
    goal: `${goal} or less`,
    isMet: ours.median <= goal,
    ours,
    baseline: {
      name: baseline === './baseline-sse.ts' ? 'bare node:http' : 'bare Fastify',
      figure: figureOf(pairs.map((pair) => pair.baseline.value)),
      ratio: figureOf(pairs.map((pair) => pair.ours.value / pair.baseline.value)),
    },
    loadCpu: Math.max(...pairs.map((pair) => pair.ours.loadCpu)),
  };
}

async function repeat<T>(times: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 0; time < times; time++) {
    results.push(await run());
  }
  return results;
}

/** Memory is read when the garbage of the set-up has had a moment to go. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2000));
}
