import { performance } from 'node:perf_hooks';
import { Connection, encodeRequest } from './connection.ts';
import { Subscriber } from './subscriber.ts';

/** What the load program does: each drives one server and says what it saw. Its own cost is added by `load.ts`. */

const APPROVAL = {
  agent_id: 'worker',
  action: 'Run tests',
  details: { command: 'npm test', cwd: '/srv/app' },
};
const BATCH = 100;
/** With its other members an event of about 400 bytes. */
const PAYLOAD = { text: 'x'.repeat(190) };

export interface FanOut {
  readonly subscribers: number;
  readonly publishers: number;
  readonly seconds: number;
  readonly streamPath: string;
  readonly publishPath: string;
}

/** Publishers as fast as they are answered; ends when every subscriber has every event. */
export async function fanOut(url: URL, options: FanOut) {
  const subscribers = await openSubscribers(url, options.subscribers, options.streamPath);
  const request = encodeRequest('POST', options.publishPath, JSON.stringify({ payload: PAYLOAD }));
  const until = performance.now() + options.seconds * 1000;
  const published = await inParallel(url, options.publishers, async (connection) => {
    let count = 0;
    while (performance.now() < until) {
      expectStatus(await connection.send(request), 201);
      count += 1;
    }
    return count;
  });
  const events = sum(published);
  await delivered(subscribers, events);
  return { events, deliveries: events * subscribers.length, ...closeAll(subscribers) };
}

/** A steady rate; the time from sending the event until the last subscriber has it, in milliseconds. */
export async function steady(url: URL, options: FanOut & { readonly perSecond: number }) {
  const counts = new Map<number, { left: number; done: (at: number) => void }>();
  let next = 0;
  const onEvent = () => {
    const waiting = counts.get(next);
    if (waiting !== undefined && --waiting.left === 0) {
      waiting.done(performance.now());
    }
  };
  const subscribers = await openSubscribers(url, options.subscribers, options.streamPath, onEvent);
  const request = encodeRequest('POST', options.publishPath, JSON.stringify({ payload: PAYLOAD }));
  const connection = await Connection.open(url);
  const times: number[] = [];
  for (next = 1; next <= options.seconds * options.perSecond; next++) {
    const allHaveIt = new Promise<number>((done) => counts.set(next, { left: subscribers.length, done }));
    const sent = performance.now();
    expectStatus(await connection.send(request), 201);
    times.push((await allHaveIt) - sent);
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, 1000 / options.perSecond - (times.at(-1) as number))),
    );
  }
  connection.close();
  return { events: times.length, ...quantiles(times), ...closeAll(subscribers) };
}

/** Streams that only stay open until the parent says otherwise. */
export async function idleStreams(
  url: URL,
  options: { readonly subscribers: number; readonly streamPath: string },
) {
  await openSubscribers(url, options.subscribers, options.streamPath);
  return { open: options.subscribers };
}

/** Creates approvals, one after the other on each connection. */
export async function create(url: URL, options: { readonly connections: number; readonly seconds: number }) {
  const request = encodeRequest('POST', '/approvals', JSON.stringify(APPROVAL));
  const until = performance.now() + options.seconds * 1000;
  const started = performance.now();
  const counts = await inParallel(url, options.connections, async (connection) => {
    let count = 0;
    while (performance.now() < until) {
      expectStatus(await connection.send(request), 201);
      count += 1;
    }
    return count;
  });
  return { created: sum(counts), perSecond: (sum(counts) * 1000) / (performance.now() - started) };
}

/**
 * Agents ask and wait in one request each; a person sees the questions on an event stream and answers them: as many at
 * once as `inFlight`.
 */
export async function cycle(url: URL, options: { readonly inFlight: number; readonly seconds: number }) {
  const people = await connections(url, options.inFlight);
  const dashboard = await Subscriber.open(url, '/events/stream?kind=approval.requested', (_seq, text) => {
    const id = /"payload":\{"id":"([^"]+)"/.exec(text)?.[1];
    const person = people.pop() as Connection;
    void person
      .send(encodeRequest('POST', `/approvals/${id}/resolve`, '{"resolution":"approve"}'))
      .then((response) => {
        expectStatus(response, 200);
        people.push(person);
      });
  });
  const request = encodeRequest('POST', '/approvals/wait', JSON.stringify(APPROVAL));
  const started = performance.now();
  const until = started + options.seconds * 1000;
  const counts = await inParallel(url, options.inFlight, async (connection) => {
    let count = 0;
    while (performance.now() < until) {
      const response = await connection.send(request);
      expectStatus(response, 200);
      if (!response.body.includes('"outcome":"approved"')) {
        throw new Error(`a wait was answered ${response.body}`);
      }
      count += 1;
    }
    return count;
  });
  dashboard.close();
  return { cycles: sum(counts), perSecond: (sum(counts) * 1000) / (performance.now() - started) };
}

/** One at a time: from sending the decision until the parked caller has its answer, in milliseconds. */
export async function decision(url: URL, options: { readonly rounds: number }) {
  const [gate, person] = (await connections(url, 2)) as [Connection, Connection];
  const create = encodeRequest('POST', '/approvals', JSON.stringify(APPROVAL));
  const times: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const { id } = JSON.parse((await gate.send(create)).body.toString());
    const answered = gate.send(encodeRequest('GET', `/approvals/${id}/wait`)).then(() => performance.now());
    // Long enough to be parked: what is measured is the wake-up, not the arrival.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const sent = performance.now();
    void person.send(encodeRequest('POST', `/approvals/${id}/resolve`, '{"resolution":"approve"}'));
    times.push((await answered) - sent);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  gate.close();
  person.close();
  return quantiles(times);
}

/** Parks `waits` requests on one approval, and keeps them. */
export async function park(url: URL, options: { readonly waits: number }) {
  const [first] = (await connections(url, 1)) as [Connection];
  const { id } = JSON.parse(
    (await first.send(encodeRequest('POST', '/approvals', JSON.stringify(APPROVAL)))).body.toString(),
  );
  const gates = await connections(url, options.waits);
  const request = encodeRequest('GET', `/approvals/${id}/wait?timeout_ms=600000`);
  const answered = gates.map((gate) => gate.send(request).then(() => performance.now()));
  parked = { id, person: first, answered };
  return { parked: options.waits };
}

let parked: { id: string; person: Connection; answered: Promise<number>[] } | undefined;

/** Decides what `park` waits for: how long until each has its answer, in milliseconds. */
export async function wake() {
  const { id, person, answered } = parked as NonNullable<typeof parked>;
  const sent = performance.now();
  void person.send(encodeRequest('POST', `/approvals/${id}/resolve`, '{"resolution":"approve"}'));
  return quantiles((await Promise.all(answered)).map((at) => at - sent));
}

/** Waits and streams are open, one decision a second is made; how long every other request takes, in milliseconds. */
export async function crowded(
  url: URL,
  options: { waits: number; subscribers: number; seconds: number; streamPath: string },
) {
  const subscribers = await openSubscribers(url, options.subscribers, options.streamPath);
  await park(url, options);
  const [other, person, gate] = (await connections(url, 3)) as [Connection, Connection, Connection];
  const create = encodeRequest('POST', '/approvals', JSON.stringify(APPROVAL));
  const times: number[] = [];
  const until = performance.now() + options.seconds * 1000;
  let nextDecision = performance.now();
  let decisions = 0;
  while (performance.now() < until) {
    if (performance.now() >= nextDecision) {
      nextDecision += 1000;
      decisions += 1;
      const { id } = JSON.parse((await gate.send(create)).body.toString());
      void person.send(encodeRequest('POST', `/approvals/${id}/resolve`, '{"resolution":"deny"}'));
    }
    for (const request of [
      create,
      encodeRequest('GET', '/approvals?limit=10'),
      encodeRequest('GET', '/health/live'),
    ]) {
      const sent = performance.now();
      await other.send(request);
      times.push(performance.now() - sent);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { wrong } = closeAll(subscribers);
  return { requests: times.length, decisions, wrong, ...quantiles(times) };
}

export const LOADS = { fanOut, steady, idleStreams, create, cycle, decision, park, wake, crowded };

/** Not all at the same moment: a listener's queue is short, and what does not fit waits for seconds. */
async function inBatches<T>(count: number, open: () => Promise<T>): Promise<T[]> {
  const opened: T[] = [];
  while (opened.length < count) {
    const some = Math.min(BATCH, count - opened.length);
    opened.push(...(await Promise.all(Array.from({ length: some }, open))));
  }
  return opened;
}

function connections(url: URL, count: number): Promise<Connection[]> {
  return inBatches(count, () => Connection.open(url));
}

async function inParallel<T>(
  url: URL,
  count: number,
  work: (connection: Connection) => Promise<T>,
): Promise<T[]> {
  const opened = await connections(url, count);
  const results = await Promise.all(opened.map(work));
  for (const connection of opened) {
    connection.close();
  }
  return results;
}

function openSubscribers(
  url: URL,
  count: number,
  path: string,
  onEvent?: (seq: number, text: string) => void,
): Promise<Subscriber[]> {
  return inBatches(count, () => Subscriber.open(url, path, onEvent));
}

/** Resolves when every subscriber has had so many events. */
async function delivered(subscribers: readonly Subscriber[], events: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (subscribers.some((subscriber) => subscriber.events < events)) {
    if (performance.now() > deadline) {
      const late = subscribers.filter((subscriber) => subscriber.events < events).length;
      throw new Error(`${late} subscribers do not have all of ${events} events after a minute`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function closeAll(subscribers: readonly Subscriber[]): { wrong: number } {
  for (const subscriber of subscribers) {
    subscriber.close();
  }
  return { wrong: sum(subscribers.map(({ wrong }) => wrong)) };
}

function expectStatus({ status, body }: { status: number; body: Buffer }, expected: number): void {
  if (status !== expected) {
    throw new Error(`the server answered ${status}: ${body}`);
  }
}

function quantiles(times: number[]): { p50: number; p99: number; max: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
