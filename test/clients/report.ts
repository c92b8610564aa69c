import type { Played } from './scenario.ts';

export const COLUMNS = ['scenario', 'program', 'result', 'seconds'] as const;

export function rowOf({ scenario, version, seconds, failure }: Played): string[] {
  const result = failure === null ? 'ok' : 'FAILED';
  return [scenario.name, `${scenario.program} ${version}`, result, seconds.toFixed(1)];
}

export function summaryOf(played: readonly Played[]): string {
  const failed = played.filter(({ failure }) => failure !== null).length;
  return `${played.length - failed} ok, ${failed} failed`;
}

/** For a terminal. */
export function tableOf(played: readonly Played[]): string {
  const rows = [[...COLUMNS], ...played.map(rowOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** For `docs/integrations/tested.md`. */
export function pageOf(played: readonly Played[], date: string, seconds: number): string {
  const lines = [COLUMNS, COLUMNS.map(() => '---'), ...played.map(rowOf)];
  return `# Tested with the real programs

Made by \`npm run test:clients\` on ${date}; do not edit it. It installs the programs named here, as their makers publish
them, and runs them against the built service. Only the model is not real: a server on the same machine stands in for its
API and calls tools by a script. Each scenario looks at what really happened: whether the call ran, what the model was
told, and what became of the approval.

${summaryOf(played)}, in ${Math.round(seconds)} s.

${lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}
`;
}
