import type { Quantiles } from '../figures.ts';
import { withLoader } from '../load/loader.ts';
import { repeat } from '../repeat.ts';
import { type Row, type RowOptions, rowOf } from '../row.ts';
import type { Scale } from '../scale.ts';
import { withServer } from '../servers/measured.ts';
import { SALLYPORT, type Streaming } from '../servers/servers.ts';

export interface Latencies extends Quantiles {
  readonly loadCpu?: number;
}

type RowsOptions = Pick<RowOptions, 'goal' | 'others'>;

/** A row for each quantile that is asked for. */
export function latencyRows(
  work: string,
  options: { readonly p50?: RowsOptions; readonly p99?: RowsOptions },
  ours: readonly Latencies[],
  baselines: Readonly<Record<string, readonly Latencies[]>> = {},
): Row[] {
  return (['p50', 'p99'] as const).flatMap((name) => {
    const measurements = (runs: readonly Latencies[]) =>
      runs.map((run) => ({
        value: run[name],
        ...(run.loadCpu === undefined ? {} : { loadCpu: run.loadCpu }),
      }));
    const theirs = Object.entries(baselines).map(([baseline, runs]) => [baseline, measurements(runs)]);
    const row = { work: `${work}: ${name}`, unit: 'ms', ...options[name] };
    return options[name] === undefined ? [] : [rowOf(row, measurements(ours), Object.fromEntries(theirs))];
  });
}

/** 20 events a second: from sending one until the last subscriber has it. */
export async function steady(scale: Scale): Promise<Row[]> {
  const runs = await repeat(scale.repeats, () => steadyRun(scale, SALLYPORT));
  const options = {
    p50: { goal: { value: 5 }, others: { 'nginx with nchan': 4.4 } },
    p99: { goal: { value: 12 }, others: { 'nginx with nchan': 9.6 } },
  };
  return latencyRows(steadyWork(scale), options, runs);
}

export function steadyWork({ subscribers }: Scale): string {
  return `20 events/s to ${subscribers} subscribers, until the last one has it`;
}

export function steadyRun(scale: Scale, server: Streaming): Promise<Latencies> {
  return withServer(server.start, ({ url }) =>
    withLoader(async (loader) => {
      const options = { perSecond: 20, server };
      await loader.run('openStreams', url, { subscribers: scale.subscribers, server });
      await loader.run('steady', url, { ...options, events: Math.ceil(20 * scale.warmUpSeconds) });
      return loader.run('steady', url, { ...options, events: scale.steadyEvents });
    }),
  );
}
