import { stateOf, type TokenEntry } from '../credentials/token-entry.ts';

const HEAD = ['NAME', 'ROLE', 'CREATED', 'EXPIRES', 'STATE'];

/** A line for each token, in columns. Times to the minute, in UTC; `now` in milliseconds since 1970. */
export function tokenTable(entries: readonly TokenEntry[], now: number): string {
  const rows = entries.map((entry) => [
    entry.name,
    entry.role,
    minute(entry.created_at),
    entry.expires_at === null ? 'never' : minute(entry.expires_at),
    stateOf(entry, now),
  ]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')}Z`;
}
