import { withLoader } from '../load/loader.ts';
import { repeat } from '../repeat.ts';
import { type Measurement, type Row, type RowOptions, rowOf } from '../row.ts';
import type { Scale } from '../scale.ts';
import { withServer } from '../servers/measured.ts';
import { BARE_HTTP, SALLYPORT, type Streaming } from '../servers/servers.ts';

/** What it costs to bring events to many. */

export async function burst(scale: Scale): Promise<Row[]> {
  const options = {
    goal: { value: 0.6 },
    others: {
      'a C epoll server that batches': 0.31,
      'nginx with nchan': 7.1,
      'bare node:http': 8.1,
      '@fastify/sse': 12.2,
      'better-sse': 13.5,
      'fastify-sse-v2, iterators': 15.1,
    },
  };
  return [await fanOutRow(scale, { publishers: 16, pairs: 1, other: BARE_HTTP }, options)];
}

export async function single(scale: Scale): Promise<Row[]> {
  const options = {
    goal: { value: 7.6 },
    others: { 'a C epoll server': 4.3, 'Node writing to the socket': 6.8, 'nginx with nchan': 7.6 },
  };
  return [await fanOutRow(scale, { publishers: 1, pairs: 1, other: BARE_HTTP }, options)];
}

interface FanOut {
  readonly publishers: number;
  /** For each time that the servers are started. */
  readonly pairs: number;
  readonly other: Streaming;
}

/** Server CPU per delivery, of ours and of another in turn. */
export async function fanOutRow(
  scale: Scale,
  fanOut: FanOut,
  options: Pick<RowOptions, 'goal' | 'others'>,
): Promise<Row> {
  const starts = await repeat(scale.repeats, () => fanOutPairs(scale, fanOut));
  const pairs = starts.flat();
  const how = fanOut.publishers === 1 ? 'one event in flight' : `${fanOut.publishers} publishers`;
  return rowOf(
    {
      work: `fan-out to ${scale.subscribers} subscribers, ${how}: server CPU per delivery`,
      unit: 'µs',
      ...options,
    },
    pairs.map(({ ours }) => ours),
    { [fanOut.other.name]: pairs.map(({ theirs }) => theirs) },
  );
}

function fanOutPairs(scale: Scale, { publishers, pairs, other }: FanOut) {
  return withDelivery(SALLYPORT, scale, publishers, (deliver) =>
    withDelivery(other, scale, publishers, (deliverTheirs) =>
      repeat(pairs, async () => ({ ours: await deliver(), theirs: await deliverTheirs() })),
    ),
  );
}

/** A server with its subscribers, which are warm. */
function withDelivery<T>(
  server: Streaming,
  scale: Scale,
  publishers: number,
  use: (deliver: () => Promise<Measurement>) => Promise<T>,
): Promise<T> {
  return withServer(server.start, (measured) =>
    withLoader(async (loader) => {
      const deliver = async (seconds: number) => {
        const before = measured.cpuSeconds();
        const load =
          publishers === 1
            ? await loader.run('publishOneByOne', measured.url, { seconds, server })
            : await loader.run('publish', measured.url, { publishers, seconds, server });
        const cpu = measured.cpuSeconds() - before;
        return { value: (cpu * 1e6) / load.deliveries, loadCpu: load.loadCpu };
      };
      await loader.run('openStreams', measured.url, { subscribers: scale.subscribers, server });
      await deliver(scale.warmUpSeconds);
      return use(() => deliver(scale.seconds));
    }),
  );
}
