import { test } from 'tap';
import { StorageUnavailable } from '../../src/host/journal.ts';
import { within } from '../../src/host/within.ts';

test('what comes in time is what it comes to', async (t) => {
  t.equal(await within(60_000, Promise.resolve(1), 'late'), 1);
  await t.rejects(within(60_000, Promise.reject(new Error('away')), 'late'), /away/);
});

test('what does not come is given up', async (t) => {
  await t.rejects(within(1, new Promise(() => {}), 'late'), new StorageUnavailable('late'));
});
