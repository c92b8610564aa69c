import { stateOf } from '../credentials/token-entry.js';
const HEAD = ['NAME', 'ROLE', 'CREATED', 'EXPIRES', 'STATE'];
/** A line for each token, in columns. Times to the minute, in UTC; `now` in milliseconds since 1970. */
export function tokenTable(entries, now) {
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
function pad(row, widths) {
    return widths.map((width, column) => String(row[column]).padEnd(width)).join('  ');
}
function minute(time) {
    return `${time.slice(0, 16).replace('T', ' ')}Z`;
}
