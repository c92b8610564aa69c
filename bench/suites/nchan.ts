import { repeat } from '../repeat.ts';
import { type Row, rowOf } from '../row.ts';
import type { Scale } from '../scale.ts';
import { NCHAN } from '../servers/nchan.ts';
import { SALLYPORT, type Streaming } from '../servers/servers.ts';
import { fanOutRow } from './fan-out.ts';
import { latencyRows, steadyRun, steadyWork } from './latency.ts';
import { idleRun, idleWork } from './memory.ts';

/** In turn with nginx and nchan: what most of the difference between two machines, or two hours, cancels out of. */

/** Many short pairs say more about a ratio than few long ones. */
const SECONDS_MAX = 1.5;

export function burstBesideNchan(scale: Scale): Promise<Row[]> {
  return fanOutBesideNchan(scale, 16, { ratio: 0.1, text: '0.10 of nchan or less' });
}

export function singleBesideNchan(scale: Scale): Promise<Row[]> {
  return fanOutBesideNchan(scale, 1, { ratio: 1, text: '1.0 of nchan or less' });
}

async function fanOutBesideNchan(scale: Scale, publishers: number, goal: { ratio: number; text: string }) {
  const short = { ...scale, seconds: Math.min(SECONDS_MAX, scale.seconds) };
  const row = await fanOutRow(short, { publishers, pairs: scale.pairs, other: NCHAN }, { goal });
  return [beside(row)];
}

export async function steadyBesideNchan(scale: Scale): Promise<Row[]> {
  const pairs = await inTurn(scale, (server) => steadyRun(scale, server));
  const theirs = { [NCHAN.name]: pairs.map((pair) => pair.theirs) };
  const ours = pairs.map((pair) => pair.ours);
  return latencyRows(steadyWork(scale), { p50: {}, p99: {} }, ours, theirs).map(beside);
}

export async function idleBesideNchan(scale: Scale): Promise<Row[]> {
  const pairs = await inTurn(scale, (server) => idleRun(scale, server));
  const theirs = { [NCHAN.name]: pairs.map((pair) => pair.theirs) };
  const ours = pairs.map((pair) => pair.ours);
  return [beside(rowOf({ work: idleWork(scale), unit: 'KiB' }, ours, theirs))];
}

function inTurn<T>(scale: Scale, run: (server: Streaming) => Promise<T>): Promise<{ ours: T; theirs: T }[]> {
  return repeat(scale.repeats, async () => ({ ours: await run(SALLYPORT), theirs: await run(NCHAN) }));
}

function beside(row: Row): Row {
  return { ...row, work: `beside nchan: ${row.work}` };
}
