import { type Loader, withLoader } from '../load/loader.ts';
import { repeat } from '../repeat.ts';
import { type Row, rowOf } from '../row.ts';
import type { Scale } from '../scale.ts';
import { withServer } from '../servers/measured.ts';
import {
  BARE_FASTIFY,
  BARE_FASTIFY_STREAMS,
  SALLYPORT,
  type Streaming,
  startBareFastify,
  startSallyport,
} from '../servers/servers.ts';
import { syncTimes } from './disk.ts';
import { latencyRows } from './latency.ts';

/** How approvals are made, decided and waited for. */

export async function create(scale: Scale): Promise<Row[]> {
  const measure = (start: typeof startSallyport) =>
    withServer(start, ({ url }) =>
      withLoader(async (loader) => {
        const connections = 128;
        await loader.run('create', url, { connections, seconds: scale.warmUpSeconds });
        const { perSecond: value, loadCpu } = await loader.run('create', url, {
          connections,
          seconds: scale.seconds,
        });
        return { value, loadCpu };
      }),
    );
  const pairs = await repeat(scale.repeats, async () => ({
    ours: await measure(startSallyport),
    theirs: await measure(startBareFastify),
  }));
  return [
    rowOf(
      {
        work: '`POST /approvals`, durable, 128 connections',
        unit: 'per second',
        better: 'more',
        goal: { ratio: 0.75, text: '75 % of bare Fastify or more' },
      },
      pairs.map(({ ours }) => ours),
      { [BARE_FASTIFY]: pairs.map(({ theirs }) => theirs) },
    ),
  ];
}

export async function cycle(scale: Scale): Promise<Row[]> {
  const runs = await repeat(scale.repeats, () =>
    withServer(startSallyport, (server) =>
      withLoader(async (loader) => {
        await loader.run('cycle', server.url, { inFlight: 64, seconds: scale.warmUpSeconds });
        const before = server.cpuSeconds();
        const run = await loader.run('cycle', server.url, { inFlight: 64, seconds: scale.seconds });
        return { ...run, cpuPerThousand: ((server.cpuSeconds() - before) * 1000) / run.cycles };
      }),
    ),
  );
  const work = 'create, wait and resolve, durable, 64 in flight';
  return [
    rowOf(
      { work, unit: 'approvals/s', better: 'more', goal: { value: 8000 }, others: { Restate: 329 } },
      runs.map(({ perSecond: value, loadCpu }) => ({ value, loadCpu })),
    ),
    rowOf(
      {
        work: `${work}: server CPU`,
        unit: 's per 1,000',
        goal: { value: 0.12 },
        others: { Restate: 2.9 },
      },
      runs.map(({ cpuPerThousand: value, loadCpu }) => ({ value, loadCpu })),
    ),
  ];
}

export async function decision(scale: Scale): Promise<Row[]> {
  const { rounds } = scale;
  const measure = (start: typeof startSallyport) =>
    withServer(start, ({ url }) => withLoader((loader) => decideAfterWarmUp(loader, url, rounds)));
  const runs = await repeat(scale.repeats, async () => ({
    ours: await measure(startSallyport),
    theirs: await measure(startBareFastify),
    disk: syncTimes(rounds),
  }));
  return latencyRows(
    'decision sent until the parked caller is answered, one at a time, durable',
    {
      p50: { goal: { value: 0.5 }, others: { 'bare Fastify, in memory': 0.06, Restate: 5.2 } },
      p99: { goal: { value: 2 }, others: { 'bare Fastify, in memory': 0.12, Restate: 12 } },
    },
    runs.map(({ ours }) => ours),
    {
      [BARE_FASTIFY]: runs.map(({ theirs }) => theirs),
      'this disk: 4 KiB and fdatasync': runs.map(({ disk }) => disk),
    },
  );
}

async function decideAfterWarmUp(loader: Loader, url: string, rounds: number) {
  await loader.run('decision', url, { rounds: Math.ceil(rounds / 5) });
  return loader.run('decision', url, { rounds });
}

/** Waits and streams beside which every other request is to be fast. */
export async function crowd(scale: Scale): Promise<Row[]> {
  const runs = await repeat(scale.repeats, async () => ({
    ours: await crowdRun(scale, SALLYPORT),
    theirs: await crowdRun(scale, BARE_FASTIFY_STREAMS),
  }));
  const { waits, subscribers } = scale;
  return latencyRows(
    `${waits} parked waits and ${subscribers} streams, a decision a second: every other request`,
    { p99: { goal: { value: 10 } } },
    runs.map(({ ours }) => ours),
    { [BARE_FASTIFY]: runs.map(({ theirs }) => theirs) },
  );
}

function crowdRun({ waits, subscribers, seconds, warmUpSeconds }: Scale, server: Streaming) {
  return withServer(server.start, ({ url }) =>
    withLoader(async (loader) => {
      await loader.run('openStreams', url, { subscribers, server });
      await loader.run('park', url, { waits });
      await loader.run('crowded', url, { seconds: warmUpSeconds });
      return loader.run('crowded', url, { seconds });
    }),
  );
}
