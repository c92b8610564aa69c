import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../host/random.ts';
import { Board } from './board.ts';
import { makeTraffic, type Traffic } from './caller.ts';
import { type ClientOptions, runAgent, runAsker, runDecider, runTeller } from './clients.ts';
import { Cluster } from './cluster.ts';
import { endingOf, settle } from './ending.ts';
import { inflictAll } from './faults.ts';
import type { Fault, History } from './history.ts';
import { Reader } from './reader.ts';
import { makeSchedule } from './schedule.ts';

const ASKERS = 12;
const DECIDERS = 4;
const AGENTS = 3;
const TELLERS = 2;
/**
 * So few that the floor moves, and so many that a node that was stopped, or is behind, finds all that it has missed: the
 * faults of a short run are short.
 */
const [RETAIN_EVENTS_SHORT, RETAIN_EVENTS] = [800, 2000];
const SHORT_MS = 60_000;
/** Within which the streams have to reach the end of the log, when all is well again. */
const CATCH_UP_MS = 20_000;

export interface ChaosOptions {
  readonly seed: number;
  readonly runMs: number;
  /** Called every now and then with what has happened so far. */
  readonly onProgress?: (history: Pick<History, 'operations' | 'faults'>) => void;
}

/** Three nodes, their clients and the faults that `seed` gives. What came of it is to be checked. */
export async function runChaos({ seed, runMs, onProgress = () => {} }: ChaosOptions): Promise<History> {
  const retainEvents = runMs < SHORT_MS ? RETAIN_EVENTS_SHORT : RETAIN_EVENTS;
  const cluster = await Cluster.start(retainEvents);
  const traffic = makeTraffic(cluster.urls);
  const faults: Fault[] = [];
  const progress = setInterval(() => onProgress({ operations: traffic.operations, faults }), 5000);
  const [clientsOver, readersOver] = [new AbortController(), new AbortController()];
  const board = new Board();
  const readers = makeReaders(cluster, board, seed, readersOver.signal);
  const reading = readers.map((reader) => reader.run());
  try {
    const clients = startClients({ traffic, board, over: clientsOver.signal }, seed);
    await Promise.all([inflictAll(makeSchedule(seed, runMs), cluster, faults), sleep(runMs)]);
    clientsOver.abort();
    await Promise.all([...clients, ...cluster.nodes.map((node) => node.untilRuns())]);
    const head = await settle(traffic);
    const deadline = performance.now() + CATCH_UP_MS;
    while (readers.some(({ lastSeq }) => lastSeq < head) && performance.now() < deadline) await sleep(20);
    const endings = await Promise.all(cluster.urls.map((url) => endingOf(url, head)));
    return {
      ...{ operations: traffic.operations, readings: readers, faults, endings, retainEvents },
      deaths: cluster.nodes.flatMap((node) => node.deaths),
      stops: cluster.nodes.flatMap((node) => node.stops),
      log: await cluster.archive.log(),
      floors: await cluster.archive.floors(),
    };
  } finally {
    clearInterval(progress);
    clientsOver.abort();
    readersOver.abort();
    await Promise.all(reading);
    traffic.agent.destroy();
    await cluster.close();
  }
}

/** The sessions of some askers are connected by these, so that decisions about what they own are passed on. */
function makeReaders(cluster: Cluster, board: Board, seed: number, over: AbortSignal): Reader[] {
  const kinds = ['', '', '', 'approval.', 'approval.'];
  return kinds.map(
    (family, index) =>
      new Reader({
        ...{ urls: cluster.urls, board, family, over, asksSnapshot: index % 2 === 1 },
        session: `asker-${index}`,
        random: randomFrom(seed + 100 + index),
      }),
  );
}

function startClients(
  shared: Omit<ClientOptions, 'random'> & { readonly traffic: Traffic },
  seed: number,
): Promise<void>[] {
  const all: [string, number, typeof runAsker][] = [
    ['asker', ASKERS, runAsker],
    ['decider', DECIDERS, runDecider],
    ['agent', AGENTS, runAgent],
    ['teller', TELLERS, runTeller],
  ];
  return all.flatMap(([name, count, run], kind) =>
    Array.from({ length: count }, (_, index) =>
      run(`${name}-${index}`, { ...shared, random: randomFrom(seed + 1000 * (kind + 1) + index) }),
    ),
  );
}
