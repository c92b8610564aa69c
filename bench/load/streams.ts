import { performance } from 'node:perf_hooks';
import { quantiles, sum } from '../figures.ts';
import { Connection, encodeRequest } from './connection.ts';
import { expectStatus, inBatches, inParallel, pause } from './open.ts';
import { Subscriber } from './subscriber.ts';
import { Tape } from './tape.ts';

/** Loads of streams: each drives one server and says what it saw. What they cost is added by `program.ts`. */

/** How one kind of server streams. */
export interface StreamServer {
  readonly streamPath: string;
  readonly publishPath: string;
  /** See `StreamOptions`. */
  readonly opening: string;
  /** Of the text in each event, so that its frame has 400 bytes with whatever the server adds. */
  readonly textLength: number;
}

let streams: Subscriber[] = [];
let published = 0;
let onDelivered: (index: number) => void = () => undefined;
/** By publisher, how many events it has sent: each event bears its publisher and its number. */
const sent: number[] = [];

/** Opens streams that the loads after it use, as many on each of `others` as on `url`; they stay open. */
export async function openStreams(
  url: URL,
  options: { subscribers: number; server: StreamServer; others?: readonly string[] },
) {
  const { streamPath: path, opening } = options.server;
  const tape = new Tape();
  streams = [];
  for (const node of [url, ...(options.others ?? []).map((other) => new URL(other))]) {
    const opened = await inBatches(options.subscribers, () =>
      Subscriber.open(node, { path, opening }, tape, (index) => onDelivered(index)),
    );
    streams.push(...opened);
  }
  return { open: streams.length };
}

/** Publishers as fast as they are answered; ends when every subscriber has every event. */
export async function publish(
  url: URL,
  options: { publishers: number; seconds: number; server: StreamServer },
) {
  const until = performance.now() + options.seconds * 1000;
  const counts = await inParallel(url, options.publishers, async (connection, publisher) => {
    let count = 0;
    while (performance.now() < until) {
      expectStatus(await connection.send(eventRequest(options.server, publisher)), 201);
      count += 1;
    }
    return count;
  });
  const events = sum(counts);
  published += events;
  await allDelivered();
  return { events, deliveries: events * streams.length };
}

/** One event in flight: the next one is sent when every subscriber has it, so that there is nothing to batch. */
export async function publishOneByOne(url: URL, options: { seconds: number; server: StreamServer }) {
  const until = performance.now() + options.seconds * 1000;
  const connection = await Connection.open(url);
  let events = 0;
  while (performance.now() < until) {
    const allHaveIt = nextDelivered();
    expectStatus(await connection.send(eventRequest(options.server, 0)), 201);
    await allHaveIt;
    events += 1;
  }
  connection.close();
  await allDelivered();
  return { events, deliveries: events * streams.length };
}

/** A steady rate; the time from sending the event until the last subscriber has it, in milliseconds. */
export async function steady(url: URL, options: { events: number; perSecond: number; server: StreamServer }) {
  const connection = await Connection.open(url);
  const times: number[] = [];
  while (times.length < options.events) {
    const sentAt = performance.now();
    const allHaveIt = nextDelivered();
    expectStatus(await connection.send(eventRequest(options.server, 0)), 201);
    times.push((await allHaveIt) - sentAt);
    await pause(Math.max(0, 1000 / options.perSecond - (performance.now() - sentAt)));
  }
  connection.close();
  await allDelivered();
  return quantiles(times);
}

/** Throws unless what has come on the streams is in order, each event once. */
export function expectInOrder(): void {
  const wrong = sum(streams.map((stream) => stream.wrong));
  if (wrong > 0) {
    throw new Error(`${wrong} events were missing, repeated or out of order`);
  }
}

function eventRequest({ publishPath, textLength }: StreamServer, publisher: number): string {
  const n = (sent[publisher] ?? 0) + 1;
  sent[publisher] = n;
  const text = 'x'.repeat(textLength);
  return encodeRequest(
    'POST',
    publishPath,
    `{"payload":{"publisher":${publisher},"n":${n},"text":"${text}"}}`,
  );
}

/** Resolves when the last subscriber has the event that is sent next. */
function nextDelivered(): Promise<number> {
  published += 1;
  const next = published;
  let left = streams.length;
  return new Promise((resolve) => {
    onDelivered = (index) => {
      if (index === next) {
        left -= 1;
        if (left === 0) {
          resolve(performance.now());
        }
      }
    };
  });
}

async function allDelivered(): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const late = streams.filter((stream) => stream.events < published);
    if (late.length === 0) {
      break;
    }
    if (performance.now() > deadline || late.some((stream) => stream.isClosed)) {
      throw new Error(`${late.length} subscribers do not have all of ${published} events`);
    }
    await pause(10);
  }
  expectInOrder();
}
