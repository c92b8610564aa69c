import { parseArgs } from 'node:util';
import { short } from './figures.ts';
import { writeReport } from './report.ts';
import type { Row } from './row.ts';
import { FULL, QUICK, type Scale } from './scale.ts';
import { isPostgresInstalled, POSTGRES_MISSING } from './servers/cluster.ts';
import { isNchanInstalled, NCHAN_MISSING } from './servers/nchan.ts';
import { SUITES, type Suite } from './suites/suites.ts';

/** `npm run bench`: measures the built service and writes `docs/benchmarks.md`. See `--help`. */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, help: { type: 'boolean' } },
});
const asked = Object.keys(SUITES).filter(
  (name) => positionals.length === 0 || positionals.some(standsFor(name)),
);
/** What the suites of a name need, and what is said where it is missing. */
const NEEDS = [
  { part: 'nchan', isThere: isNchanInstalled(), sentence: NCHAN_MISSING },
  { part: 'cluster', isThere: isPostgresInstalled(), sentence: POSTGRES_MISSING },
].filter(({ part, isThere }) => !isThere && asked.some((name) => standsFor(name)(part)));
const names = asked.filter((name) => !NEEDS.some(({ part }) => standsFor(name)(part)));
const unknown = positionals.filter((name) => !Object.keys(SUITES).some((suite) => standsFor(suite)(name)));
/** What is not measured, and why. */
const missing = NEEDS.length === 0 ? undefined : NEEDS.map(({ sentence }) => sentence).join('\n');

if (values.help || unknown.length > 0) {
  console.log(`Usage: npm run bench -- [--quick] [suite ...]

Measures the built service (npm run build) and writes docs/benchmarks.md when every suite has run.
--quick finishes in a minute, proves that everything works, and writes nothing.

Suites: ${Object.keys(SUITES).join(', ')}
nchan and cluster stand for all whose names begin with them; they need nginx with nchan, and PostgreSQL.`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  await run(values.quick ? QUICK : FULL);
}

async function run(scale: Scale): Promise<void> {
  const rows: Row[] = [];
  for (const [index, name] of names.entries()) {
    console.log(`[${index + 1}/${names.length}] ${name}`);
    for (const row of await (SUITES[name] as Suite)(scale)) {
      rows.push(row);
      print(row);
    }
  }
  if (missing !== undefined) {
    console.log(missing);
    process.exitCode = positionals.length > 0 ? 1 : 0;
  }
  if (!values.quick && positionals.length === 0) {
    writeReport(rows, missing);
  }
}

function print({ work, unit, goal, isMet, ours, baselines, loadCpu }: Row): void {
  console.log(`  ${work}: ${short(ours.median)} ${unit} (${short(ours.min)}-${short(ours.max)})`);
  for (const { name, figure, ratio } of baselines) {
    const spread = `${short(ratio.min)}-${short(ratio.max)}`;
    console.log(`    ${short(ratio.median)} (${spread}) of ${name}, ${short(figure.median)}`);
  }
  if (goal !== undefined) {
    console.log(`    goal: ${goal}${isMet ? '' : ' (missed)'}`);
  }
  if (loadCpu !== undefined) {
    console.log(`    load program: ${loadCpu.toFixed(2)} cores`);
  }
}

/** By its own name, or by the part that it begins with. */
function standsFor(suite: string): (name: string) => boolean {
  return (name) => suite === name || suite.startsWith(`${name}-`);
}
