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
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => String(row[column]).length)));
  return table.map((row) => `${pad(row, widths).trimEnd()}\n`).join('');
}

function pad(row: readonly string[], widths: readonly number[]): string {
  return widths.map((width, column) => String(row[column]).padEnd(width)).join('  ');
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')}Z`;
}
