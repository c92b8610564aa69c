import { type Loader, withLoader } from '../load/loader.ts';
import { repeat } from '../repeat.ts';
import { type Measurement, type Row, rowOf } from '../row.ts';
import type { Scale } from '../scale.ts';
import { type Measured, withServer } from '../servers/measured.ts';
import {
  BARE_FASTIFY,
  BARE_HTTP,
  BARE_PLUGIN,
  SALLYPORT,
  type Streaming,
  startBareFastify,
  startSallyport,
} from '../servers/servers.ts';
import { latencyRows } from './latency.ts';

/** What it costs to keep many connections open that wait for something. */

export async function idle(scale: Scale): Promise<Row[]> {
  const runs = await repeat(scale.repeats, async () => ({
    ours: await idleRun(scale, SALLYPORT),
    http: await idleRun(scale, BARE_HTTP),
    plugin: await idleRun(scale, BARE_PLUGIN),
  }));
  const others = {
    'nginx with nchan': 10,
    '@fastify/sse': 13,
    'bare node:http': 15,
    'fastify-sse-v2 alone': 24,
  };
  return [
    rowOf(
      { work: idleWork(scale), unit: 'KiB', goal: { value: 16 }, others },
      runs.map((run) => run.ours),
      { 'bare node:http': runs.map((run) => run.http), [BARE_PLUGIN.name]: runs.map((run) => run.plugin) },
    ),
  ];
}

export function idleWork({ idleStreams }: Scale): string {
  return `RSS per idle subscriber, ${idleStreams} open`;
}

export function idleRun(scale: Scale, server: Streaming): Promise<Measurement> {
  const { idleStreams: subscribers } = scale;
  const open = (loader: Loader, url: string, count: number) =>
    loader.run('openStreams', url, { subscribers: count, server });
  return withServer(server.start, async (measured) => {
    await warmUp(scale, measured, subscribers, open);
    return withLoader((loader) => grown(scale, measured, loader, subscribers, open));
  });
}

export async function waits(scale: Scale): Promise<Row[]> {
  const runs = await repeat(scale.repeats, async () => ({
    ours: await waitsRun(scale, startSallyport),
    theirs: await waitsRun(scale, startBareFastify),
  }));
  const ours = runs.map((run) => run.ours);
  const theirs = runs.map((run) => run.theirs);
  const others = { 'bare Fastify': [10.7, 12] as const, 'nginx with nchan': 11, Restate: 90 };
  return [
    rowOf(
      { work: `RSS per parked wait, ${scale.waits} parked`, unit: 'KiB', goal: { value: 14 }, others },
      ours.map(({ memory }) => memory),
      { [BARE_FASTIFY]: theirs.map(({ memory }) => memory) },
    ),
    ...latencyRows(
      `one decision that wakes ${scale.waits} waits`,
      { p99: { goal: { value: 200 }, others: { 'nginx with nchan': 81, 'bare Fastify': 161 } } },
      ours.map(({ wake }) => wake),
      { [BARE_FASTIFY]: theirs.map(({ wake }) => wake) },
    ),
  ];
}

function waitsRun(scale: Scale, start: () => Promise<Measured>) {
  const park = (loader: Loader, url: string, count: number) => loader.run('park', url, { waits: count });
  return withServer(start, async (server) => {
    await warmUp(scale, server, scale.waits, park);
    return withLoader(async (loader) => ({
      memory: await grown(scale, server, loader, scale.waits, park),
      wake: await loader.run('wake', server.url, undefined),
    }));
  });
}

type Load = (loader: Loader, url: string, count: number) => Promise<{ loadCpu: number }>;

/** A hundredth of the load comes and goes: what the first request ever costs a server is not of each that follows. */
async function warmUp({ settleMs }: Scale, server: Measured, count: number, load: Load): Promise<void> {
  await withLoader((loader) => load(loader, server.url, Math.ceil(count / 100)));
  await new Promise((resolve) => setTimeout(resolve, settleMs));
}

/** By how much the server's memory has grown for each of so many, in KiB. */
async function grown(
  { settleMs }: Scale,
  server: Measured,
  loader: Loader,
  count: number,
  load: Load,
): Promise<Measurement> {
  const before = server.rssBytes();
  const { loadCpu } = await load(loader, server.url, count);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return { value: (server.rssBytes() - before) / count / 1024, loadCpu };
}
