import { short } from './figures.ts';
import type { Row } from './row.ts';

const WIDTH = 1040;
const COLUMN = 520;
const MARGIN = 24;
const PANEL_WIDTH = COLUMN - 2 * MARGIN;
const LABEL_WIDTH = 212;
const BARS_WIDTH = PANEL_WIDTH - LABEL_WIDTH - 52;
const BAR = 20;
const TITLE_LINE = 17;
const TITLE_CHARACTERS = 68;
const GAP = 30;
const LEGEND_HEIGHT = 52;

/** Sallyport, what was measured beside it, and what is known of others. */
const COLORS = { ours: '#2563eb', baseline: '#94a3b8', other: '#dbe3ec' } as const;

interface Bar {
  readonly label: string;
  readonly value: number;
  readonly color: keyof typeof COLORS;
}

/** A panel with bars for each row that has something to compare with, in two columns. */
export function chart(rows: readonly Row[]): string {
  const bottoms = [LEGEND_HEIGHT, LEGEND_HEIGHT];
  const panels: string[] = [];
  for (const row of rows.filter(
    ({ baselines, others }) => baselines.length + Object.keys(others).length > 0,
  )) {
    const column = (bottoms[0] as number) <= (bottoms[1] as number) ? 0 : 1;
    const top = bottoms[column] as number;
    const { svg, height } = panel(row);
    panels.push(`<g transform="translate(${column * COLUMN + MARGIN} ${top})">\n${svg}\n</g>`);
    bottoms[column] = top + height + GAP;
  }
  const height = Math.max(...bottoms);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" fill="#334155">
<title>Sallyport, its baselines and what others do</title>
<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>
${legend()}
${panels.join('\n')}
</svg>
`;
}

function legend(): string {
  const entries = [
    ['ours', 'Sallyport', 0],
    ['baseline', 'measured in the same run', 110],
    ['other', 'published, another machine', 310],
  ] as const;
  const boxes = entries.map(
    ([color, text, x]) =>
      `<rect x="${MARGIN + x}" y="18" width="12" height="12" rx="2" fill="${COLORS[color]}"/><text x="${MARGIN + x + 18}" y="28">${text}</text>`,
  );
  const x = MARGIN + 520;
  return `${boxes.join('\n')}\n${goalLine(x, 16, 32)}<text x="${x + 10}" y="28">goal</text>`;
}

function panel(row: Row): { svg: string; height: number } {
  const bars = barsOf(row);
  const largest = Math.max(row.goalValue ?? 0, ...bars.map(({ value }) => value));
  const scale = (value: number) => Math.max(1.5, (value / largest) * BARS_WIDTH);
  const title = lines(row.work);
  const top = (title.length + 1) * TITLE_LINE;
  const height = top + bars.length * BAR;
  const parts = title.map(
    (line, index) =>
      `<text y="${index * TITLE_LINE + 12}" font-weight="600" fill="#0f172a">${escapeXml(line)}</text>`,
  );
  parts.push(
    `<text y="${top - 5}" font-size="11" fill="#64748b">${row.unit}, ${row.better} is better</text>`,
    ...bars.map((bar, index) => barShape(bar, top + index * BAR, scale(bar.value))),
    row.goalValue === undefined ? '' : goalLine(LABEL_WIDTH + scale(row.goalValue), top, height),
    ...bars.map((bar, index) => barText(bar, top + index * BAR, scale(bar.value))),
  );
  return { svg: parts.join('\n'), height };
}

function barShape({ color }: Bar, y: number, width: number): string {
  return `<rect x="${LABEL_WIDTH}" y="${y + 4}" width="${width.toFixed(1)}" height="${BAR - 6}" rx="2" fill="${COLORS[color]}"/>`;
}

/** The figure is written over the goal's line, with a white edge. */
function barText({ label, value, color }: Bar, y: number, width: number): string {
  const font = `font-size="11"${color === 'ours' ? ' font-weight="600"' : ''}`;
  const edge = 'stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"';
  return `<text x="${LABEL_WIDTH - 8}" y="${y + 15}" text-anchor="end" ${font}>${escapeXml(label)}</text>
<text x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${y + 15}" ${font} ${edge}>${short(value)}</text>`;
}

function barsOf({ ours, baselines, others }: Row): Bar[] {
  return [
    { label: 'Sallyport', value: ours.median, color: 'ours' },
    ...baselines.map(({ name, figure }) => {
      return { label: name.replaceAll('`', ''), value: figure.median, color: 'baseline' } as const;
    }),
    ...Object.entries(others).map(([label, value]) => {
      const middle = typeof value === 'number' ? value : (value[0] + value[1]) / 2;
      return { label, value: middle, color: 'other' } as const;
    }),
  ];
}

function goalLine(x: number, top: number, bottom: number): string {
  return `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top}" y2="${bottom}" stroke="#ea580c" stroke-width="1.5" stroke-dasharray="4 3"/>`;
}

function lines(text: string): string[] {
  const result = [''];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const line = `${result.at(-1)} ${word}`.trim();
    if (line.length > TITLE_CHARACTERS) {
      result.push(word);
    } else {
      result[result.length - 1] = line;
    }
  }
  return result;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
