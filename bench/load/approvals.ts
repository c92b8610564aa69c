import { performance } from 'node:perf_hooks';
import { quantiles, sum } from '../figures.ts';
import { Connection, encodeRequest } from './connection.ts';
import { expectStatus, inParallel, openConnections, pause } from './open.ts';
import { Subscriber } from './subscriber.ts';
import { Tape } from './tape.ts';

/** Loads of approvals: asked, waited for, decided. */

const APPROVAL = {
  agent_id: 'worker',
  action: 'Run tests',
  details: { command: 'npm test', cwd: '/srv/app' },
};
export const CREATE = encodeRequest('POST', '/approvals', JSON.stringify(APPROVAL));

export function resolveRequest(id: string): string {
  return encodeRequest('POST', `/approvals/${id}/resolve`, '{"resolution":"approve"}');
}

/** Creates approvals, one after the other on each connection. */
export async function create(url: URL, options: { connections: number; seconds: number }) {
  const started = performance.now();
  const until = started + options.seconds * 1000;
  const counts = await inParallel(url, options.connections, async (connection) => {
    let count = 0;
    while (performance.now() < until) {
      expectStatus(await connection.send(CREATE), 201);
      count += 1;
    }
    return count;
  });
  return { perSecond: (sum(counts) * 1000) / (performance.now() - started) };
}

/**
 * Agents ask and wait in one request each; a person sees the questions on an event stream and answers them: as many at
 * once as `inFlight`.
 */
export async function cycle(url: URL, options: { inFlight: number; seconds: number }) {
  const everybody = await openConnections(url, options.inFlight);
  const people = [...everybody];
  const dashboard = await openDashboard(url, (id) => {
    const person = people.pop() as Connection;
    void person.send(resolveRequest(id)).then((response) => {
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
  const perSecond = (sum(counts) * 1000) / (performance.now() - started);
  dashboard.close();
  for (const person of everybody) {
    person.close();
  }
  return { cycles: sum(counts), perSecond };
}

/** `onApproval` gets the id of each new approval. */
function openDashboard(url: URL, onApproval: (id: string) => void): Promise<Subscriber> {
  const tape = new Tape((frame) => onApproval(/"payload":\{"id":"([^"]+)"/.exec(frame)?.[1] as string));
  const options = { path: '/events/stream?kind=approval.requested', opening: 'event: hello' };
  return Subscriber.open(url, options, tape);
}

/**
 * One at a time: from sending the decision, to the node `decideAt` if that is given, until the parked caller has its
 * answer, in milliseconds.
 */
export async function decision(url: URL, options: { rounds: number; decideAt?: string }) {
  const gate = await Connection.open(url);
  const person = await Connection.open(new URL(options.decideAt ?? url));
  const times: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const { id } = JSON.parse((await gate.send(CREATE)).body);
    const answered = gate.send(encodeRequest('GET', `/approvals/${id}/wait`)).then((response) => {
      expectStatus(response, 200);
      return performance.now();
    });
    // Long enough to be parked: what is measured is the wake-up, not the arrival.
    await pause(1);
    const sent = performance.now();
    const decided = person.send(resolveRequest(id));
    times.push((await answered) - sent);
    expectStatus(await decided, 200);
    await pause(1);
  }
  gate.close();
  person.close();
  return quantiles(times);
}
