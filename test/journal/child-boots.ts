import { writeSync } from 'node:fs';
import { getHeapSpaceStatistics } from 'node:v8';
import { bootSqlite } from '../../src/journal/sqlite-boot.ts';

/** Boots as a process does that holds what it reads, and writes how large the young generation is before and after. */
const [path = ''] = process.argv.slice(2);
const before = youngBytes();
const held = [...bootSqlite(path).open];
const after = youngBytes();
const later = held.map(({ state }) => JSON.parse(state));
writeSync(1, JSON.stringify({ before, after, later: youngBytes(), rows: later.length }));

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
