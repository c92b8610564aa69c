import { randomBelow, randomFrom } from '../host/random.ts';

/** Every fault there is, with how long it lasts at most, in milliseconds. */
const FAULTS = {
  'database restarted, fast': 0,
  'database restarted, immediate': 0,
  'connections cut': 0,
  'requests held, cut and delivered late': 400,
  'answers lost, then cut': 400,
  'network refused': 5000,
  'network silent': 5000,
  'node stopped': 7000,
  'node killed': 3000,
  'node drained': 3000,
  'clock jumped': 0,
} as const;
export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export interface PlannedFault {
  readonly fault: FaultName;
  /** Null: the database. */
  readonly node: number | null;
  /** After the start of the run. */
  readonly atMs: number;
  readonly forMs: number;
}

const NODES = 3;
const FIRST_MS = 1000;
const GAP_MS = 2000;
/** A node, or the database, gets this long to recover. */
const REST_MS = 700;
const RESTART_MS = 4000;

/**
 * The faults of a run of `runMs`, the same for the same seed and time. Each kind comes once before any comes again. Faults
 * of different nodes, and of the database, overlap.
 */
export function makeSchedule(seed: number, runMs: number): PlannedFault[] {
  const random = randomFrom(seed);
  const freeAt = new Map<number | null, number>();
  const planned: PlannedFault[] = [];
  let bag: FaultName[] = [];
  let atMs = FIRST_MS;
  while (atMs < runMs - FIRST_MS) {
    if (bag.length === 0) bag = shuffled(FAULT_NAMES, random);
    const fault = bag.pop() as FaultName;
    const node = fault.startsWith('database') ? null : randomBelow(random, NODES);
    const longest = Math.min(FAULTS[fault], runMs / 6);
    const forMs = longest === 0 ? 0 : Math.round(longest / 10 + random() * longest * 0.9);
    const startsAt = Math.max(atMs, freeAt.get(node) ?? 0);
    freeAt.set(node, startsAt + forMs + (node === null ? RESTART_MS : REST_MS));
    planned.push({ fault, node, atMs: startsAt, forMs });
    atMs += 200 + randomBelow(random, Math.min(GAP_MS, runMs / 12));
  }
  return planned.filter((one) => one.atMs < runMs).sort((a, b) => a.atMs - b.atMs);
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const left = [...all];
  return all.map(() => left.splice(randomBelow(random, left.length), 1)[0] as T);
}
