import { parseArgs } from 'node:util';
import type { Row } from './figures.ts';
import { writeReport } from './report.ts';
import { type Scale, SUITES } from './suites.ts';

/** `npm run bench`: measures the built service and writes `docs/benchmarks.md`. See `--help`. */

const FULL: Scale = {
  repeats: 3,
  seconds: 5,
  subscribers: 1000,
  idleStreams: 5000,
  waits: 10_000,
  rounds: 1000,
};
const QUICK: Scale = { repeats: 1, seconds: 1, subscribers: 100, idleStreams: 200, waits: 500, rounds: 50 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, help: { type: 'boolean' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(SUITES);
const unknown = names.filter((name) => SUITES[name] === undefined);

if (values.help || unknown.length > 0) {
  console.log(`Usage: npm run bench -- [--quick] [suite ...]

Measures the built service (npm run build) and writes docs/benchmarks.md when every suite has run.
--quick finishes in a minute, proves that everything works, and writes nothing.

Suites: ${Object.keys(SUITES).join(', ')}`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  await run(values.quick ? QUICK : FULL);
}

async function run(scale: Scale): Promise<void> {
  const rows: Row[] = [];
  for (const [index, name] of names.entries()) {
    console.log(`[${index + 1}/${names.length}] ${name}`);
    for (const row of await (SUITES[name] as (scale: Scale) => Promise<Row[]>)(scale)) {
      rows.push(row);
      const { ours, unit, goal, isMet, baseline, loadCpu } = row;
      const ratio = baseline === undefined ? '' : `, ${baseline.ratio.median.toFixed(2)} of ${baseline.name}`;
      console.log(
        `  ${row.work}: ${ours.median.toPrecision(3)} ${unit} (${ours.min.toPrecision(3)}-${ours.max.toPrecision(3)})${ratio}` +
          `; goal: ${goal}${isMet ? '' : ' (missed)'}; load program: ${loadCpu.toFixed(2)} cores`,
      );
    }
  }
  if (!values.quick && positionals.length === 0) {
    writeReport(rows);
  }
}
