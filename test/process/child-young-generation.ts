import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { keepYoungGeneration, limitYoungGeneration } from '../../src/young-generation.ts';

/** Keeps much of what it makes, before and after the young generation may grow, and writes as JSON how large that was. */
const bytes = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size;
const kept: unknown[] = [];

async function keepSome(): Promise<number | undefined> {
  for (let turn = 0; turn < 300; turn++) {
    kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
    await setImmediate();
  }
  return bytes();
}

keepYoungGeneration();
const before = bytes();
const unchanged = await keepSome();
limitYoungGeneration();
const grown = await keepSome();
process.stdout.write(JSON.stringify({ before, unchanged, grown }), () => process.exit());
