import type { Facts } from './facts.ts';
import type { LogEvent, Reading, Wrong } from './history.ts';
import { digestOf } from './reader.ts';

/** Every stream, over all its breaks, is the log from where it began: in order, each event once, none missing. */
export function* checkReadings({ readings, log }: Facts): Generator<Wrong> {
  const digests = new Map(log.map((event) => [event.seq, digestOf(event)]));
  for (const reading of readings) {
    const about = reading.name;
    yield* checkGaps(reading);
    const what = firstDifference(reading, log, digests);
    if (what !== null) yield { rule: 'a stream is the log, in order, each event once', what, about };
  }
}

function* checkGaps({ name, connections }: Reading): Generator<Wrong> {
  for (const { hello, node, lastEventId } of connections) {
    if (hello?.gap) {
      const what = `${name} was told of a gap by node ${node}, which is at ${hello.seq}, after ${lastEventId}`;
      yield { rule: 'no stream is told of a gap where there is none', what, about: name };
    }
  }
}

function firstDifference(
  { name, family, connections }: Reading,
  log: readonly LogEvent[],
  digests: ReadonlyMap<number, string>,
): string | null {
  const first = connections.find(({ hello }) => hello !== null);
  if (first === undefined) return `${name} has never begun`;
  const start = first.hello?.seq ?? 0;
  const expected = log.filter(({ seq, kind }) => seq > start && kind.startsWith(family));
  const seen = connections.flatMap((connection) => connection.seen.map((one) => ({ ...one, connection })));
  for (let place = 0; place < Math.max(expected.length, seen.length); place++) {
    const [got, wanted] = [seen[place], expected[place]];
    const where = got && `on node ${got.connection.node}, after ${got.connection.lastEventId}`;
    if (got?.seq !== wanted?.seq) return `${name} got ${got?.seq} ${where} in the place of ${wanted?.seq}`;
    if (got && got.digest !== digests.get(got.seq))
      return `${name} got another ${got.seq} than the log has, ${where}`;
  }
  return null;
}
