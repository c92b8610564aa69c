import type { Facts } from './facts.ts';
import type { Connection, LogEvent, Wrong } from './history.ts';
import { digestOf } from './reader.ts';

/** Where a connection goes on from, or where it has come to: the log's number in an `id:`. */
function seqOf(id: string): number {
  return Number(id.split('-')[1]);
}

/**
 * Every connection is the log from where its client was to the last `id:` that it got: in order, each event once, none
 * missing. As the client goes on from that `id:`, so is all that it ever gets.
 */
export function* checkReadings(facts: Facts): Generator<Wrong> {
  const { readings, log } = facts;
  const digests = new Map(log.map((event) => [event.seq, digestOf(event)]));
  for (const { name: about, family, connections } of readings) {
    const wanted = log.filter(({ kind }) => kind.startsWith(family));
    for (const connection of connections) {
      yield* checkGap(connection, about, facts);
      const what = differenceOf(connection, wanted, digests);
      if (what !== null) {
        const where = `on node ${connection.node}, after ${connection.lastEventId}`;
        yield {
          rule: 'a stream is the log, in order, each event once',
          what: `${about} ${where}: ${what}`,
          about,
        };
      }
    }
    const last = wanted.at(-1)?.seq ?? 0;
    const end = Math.max(0, ...connections.map(({ lastId }) => (lastId === null ? 0 : seqOf(lastId))));
    if (end < last) {
      const what = `${about} has come to ${end} and not to ${last}`;
      yield { rule: 'a stream comes to the end of the log', what, about };
    }
  }
}

/** A client is told of a gap if, and only if, events after its place are gone. */
function* checkGap(
  { hello, helloAt, node, lastEventId, snapshot, lastId }: Connection,
  about: string,
  { floors }: Facts,
): Generator<Wrong> {
  if (hello === null || lastEventId === null) return;
  const place = seqOf(lastEventId);
  const isGone = floors.some(({ floor, at }) => floor > place && at <= helloAt);
  if (hello.gap && !isGone) {
    const what = `${about} was told of a gap by node ${node}, which is at ${hello.seq}, after ${lastEventId}`;
    yield { rule: 'no stream is told of a gap where there is none', what, about };
  } else if (hello.gap ? snapshot === null && lastId !== null : hello.resumed_from !== place) {
    const what = `${about} came back to node ${node} with ${lastEventId}: ${JSON.stringify(hello)}, then ${lastId}`;
    yield { rule: 'a stream says where it goes on, or begins with a snapshot', what, about };
  }
}

/** Null: it is what it has to be. */
function differenceOf(
  { hello, lastEventId, asksSnapshot, minSeq, snapshot, seen, lastId }: Connection,
  wanted: readonly LogEvent[],
  digests: ReadonlyMap<number, string>,
): string | null {
  if (hello === null || lastId === null) return seen.length === 0 ? null : 'events without a place';
  const isAnew = lastEventId === null;
  if (hello.seq < minSeq) return `it is at ${hello.seq} and has to include ${minSeq}`;
  if (isAnew && asksSnapshot && snapshot === null) return 'no snapshot';
  const start = snapshot?.seq ?? (isAnew ? hello.seq : seqOf(lastEventId));
  const end = seqOf(lastId);
  const expected = wanted.filter(({ seq }) => seq > start && seq <= end);
  for (let place = 0; place < Math.max(expected.length, seen.length); place++) {
    const [got, due] = [seen[place], expected[place]];
    if (got?.seq !== due?.seq) return `got ${got?.seq} in the place of ${due?.seq}`;
    if (got && got.digest !== digests.get(got.seq)) return `got another ${got.seq} than the log has`;
  }
  return null;
}
