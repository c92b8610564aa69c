import { performance } from 'node:perf_hooks';
import { quantiles } from '../figures.ts';
import { CREATE, resolveRequest } from './approvals.ts';
import { type Connection, encodeRequest, type Response } from './connection.ts';
import { expectStatus, openConnections, pause } from './open.ts';
import { expectInOrder } from './streams.ts';

/** Loads with many parked waits. */

let parked: { id: string; person: Connection; answered: Promise<number>[] } | undefined;

/** Parks `waits` requests on one approval, and keeps them. */
export async function park(url: URL, options: { waits: number }) {
  const [person] = (await openConnections(url, 1)) as [Connection];
  const { id } = JSON.parse((await person.send(CREATE)).body);
  const gates = await openConnections(url, options.waits);
  const request = encodeRequest('GET', `/approvals/${id}/wait?timeout_ms=600000`);
  const answered = gates.map((gate) => gate.send(request).then(answeredAt));
  parked = { id, person, answered };
  return { parked: options.waits };
}

/** Decides what `park` waits for: how long until each has its answer, in milliseconds. */
export async function wake() {
  const { id, person, answered } = parked as NonNullable<typeof parked>;
  const sent = performance.now();
  void person.send(resolveRequest(id));
  return quantiles((await Promise.all(answered)).map((at) => at - sent));
}

function answeredAt(response: Response): number {
  expectStatus(response, 200);
  if (!response.body.includes('"outcome":"approved"')) {
    throw new Error(`a wait was answered ${response.body}`);
  }
  return performance.now();
}

/**
 * Beside the waits of `park` and the streams of `openStreams` one decision a second is made: how long every other
 * request takes, in milliseconds.
 */
export async function crowded(url: URL, options: { seconds: number }) {
  const [other, person, gate] = (await openConnections(url, 3)) as [Connection, Connection, Connection];
  const requests = [
    CREATE,
    ...['/approvals?limit=10', '/health/live'].map((path) => encodeRequest('GET', path)),
  ];
  const times: number[] = [];
  const until = performance.now() + options.seconds * 1000;
  let nextDecision = performance.now();
  while (performance.now() < until) {
    if (performance.now() >= nextDecision) {
      nextDecision += 1000;
      const { id } = JSON.parse((await gate.send(CREATE)).body);
      void person.send(resolveRequest(id));
    }
    for (const request of requests) {
      const sent = performance.now();
      const { status } = await other.send(request);
      times.push(performance.now() - sent);
      if (status >= 300) {
        throw new Error(`the server answered ${status}`);
      }
    }
    await pause(5);
  }
  expectInOrder();
  return quantiles(times);
}
