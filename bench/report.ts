import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { chart } from './chart.ts';
import { type Figure, short } from './figures.ts';
import type { Row } from './row.ts';

const DOCS = new URL('../docs/', import.meta.url);
/** Written by hand; it ends the report as it is. */
const NOTES = new URL('notes.md', import.meta.url);

/** Writes `docs/benchmarks.md` and its chart. `missing`: what was not measured, and why. */
export function writeReport(rows: readonly Row[], missing: string | undefined): void {
  writeFileSync(new URL('benchmarks.md', DOCS), report(rows, missing));
  writeFileSync(new URL('benchmarks.svg', DOCS), chart(rows));
}

function report(rows: readonly Row[], missing: string | undefined): string {
  return `# Benchmarks

Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine()}.
Figures are medians, with the smallest and the largest of at least three runs; ratios are of runs in turn. The server
runs as it is built, on a SQLite file with an fsync before every answer; the load is another process on the same
machine, which checks that every subscriber gets every event, in order, once. Compare ratios, not absolute figures:
machines differ, and drift.

"What others do" are published figures, measured on another machine with 2 cores.${missing === undefined ? '' : `\n\n${capitalized(missing)}.`}

| work | goal | Sallyport | met | baselines of the same run | what others do | load program, cores |
| --- | --- | --- | --- | --- | --- | --- |
${rows.map(tableRow).join('\n')}

![Sallyport, its baselines and what others do](benchmarks.svg)

<details>
<summary>Every run</summary>

| work | Sallyport | baselines |
| --- | --- | --- |
${rows.map(runsRow).join('\n')}

</details>

${readFileSync(NOTES, 'utf8')}`;
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores of ${cpu?.model.trim()}, ${memory} GiB,\nLinux ${release()}, Node.js ${process.version}`;
}

function tableRow({ work, unit, goal, isMet, ours, baselines, others, loadCpu }: Row): string {
  const cells = [
    work,
    goal ?? '',
    `**${short(ours.median)} ${unit}** (${short(ours.min)}-${short(ours.max)})`,
    goal === undefined ? '' : isMet ? 'yes' : 'no',
    baselines.map(({ name, figure, ratio }) => `${name}: ${show(figure)}; ratio ${show(ratio)}`).join('<br>'),
    Object.entries(others)
      .map(([name, value]) => `${name}: ${typeof value === 'number' ? short(value) : value.join('-')}`)
      .join('<br>'),
    loadCpu?.toFixed(2) ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function runsRow({ work, unit, ours, baselines }: Row): string {
  const theirs = baselines.map(({ name, figure }) => `${name}: ${runs(figure)}`);
  return `| ${work}, ${unit} | ${runs(ours)} | ${theirs.join('<br>')} |`;
}

function runs({ values }: Figure): string {
  return values.map(short).join(' ');
}

function show({ min, median, max }: Figure): string {
  return `${short(median)} (${short(min)}-${short(max)})`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
