import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { Figure, Row } from './figures.ts';

const DOCS = new URL('../docs/', import.meta.url);

/** Writes `docs/benchmarks.md` and its charts. */
export function writeReport(rows: readonly Row[]): void {
  writeFileSync(new URL('benchmarks.md', DOCS), report(rows));
  writeFileSync(
    new URL('benchmarks.svg', DOCS),
    chart(rows.filter(({ baseline }) => baseline !== undefined)),
  );
}

function report(rows: readonly Row[]): string {
  const [cpu] = cpus();
  const table = rows.map(({ work, unit, goal, isMet, ours, baseline, loadCpu }) => {
    const compared =
      baseline === undefined
        ? ''
        : `${show(baseline.figure)} (${baseline.name}); ratio ${show(baseline.ratio)}`;
    return `| ${work} | ${goal} | **${short(ours.median)} ${unit}** (${short(ours.min)}-${short(ours.max)}) | ${isMet ? 'yes' : 'no'} | ${compared} | ${loadCpu.toFixed(2)} |`;
  });
  return `# Benchmarks

Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores of ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB,
Linux ${release()}, Node.js ${process.version}. Figures are medians, with the smallest and the largest of at least three
runs. The server runs as it is built, on a SQLite file with an fsync before every answer; the load is another process on
the same machine. Compare ratios, not absolute figures: machines differ, and drift.

| work | goal | Sallyport | met | baseline of the same run | load program, cores |
| --- | --- | --- | --- | --- | --- |
${table.join('\n')}

![Sallyport against its baselines](benchmarks.svg)
`;
}

const BAR_WIDTH = 360;
const ROW_HEIGHT = 58;

/** Bars of Sallyport's median as a part of its baseline's. */
function chart(rows: readonly Row[]): string {
  const bars = rows.map(({ work, baseline }, index) => {
    const ratio = (baseline as NonNullable<Row['baseline']>).ratio.median;
    const y = index * ROW_HEIGHT;
    const width = Math.min(2, ratio) * (BAR_WIDTH / 2);
    return [
      `<text x="0" y="${y + 16}">${escapeXml(work)}</text>`,
      `<rect x="0" y="${y + 24}" width="${BAR_WIDTH / 2}" height="8" fill="#9aa5b1"/>`,
      `<rect x="0" y="${y + 34}" width="${width.toFixed(1)}" height="8" fill="#2563eb"/>`,
      `<text x="${BAR_WIDTH + 12}" y="${y + 40}">${ratio.toFixed(2)}</text>`,
    ].join('\n');
  });
  const height = rows.length * ROW_HEIGHT + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ${height}" font-family="sans-serif" font-size="13">
<title>Sallyport's figures as a part of their baselines'</title>
<rect width="640" height="${height}" fill="#ffffff"/>
${bars.join('\n')}
<text x="0" y="${height - 8}" fill="#52606d">grey: the baseline of the same run, 1.00; blue: Sallyport</text>
</svg>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function show({ min, median, max }: Figure): string {
  return `${short(median)} (${short(min)}-${short(max)})`;
}

function short(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
