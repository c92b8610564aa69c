import { test } from 'tap';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { agent } from './changes.ts';
import { CONTRACT_DEFAULTS, journalContract } from './contract.ts';
import { allOpen } from './recorder.ts';
import { freshSqlite } from './sqlite-contract.ts';

journalContract('sqlite', freshSqlite());

journalContract('sqlite in memory', async (t, options) => {
  const onFatal = (error: Error) => t.fail(error.message);
  const journal = await openSqlite(':memory:', { ...CONTRACT_DEFAULTS, ...options, onFatal });
  t.teardown(() => journal.close());
  return { journal };
});

test('bytes on disk are counted', async (t) => {
  const { journal } = await freshSqlite()(t);
  t.ok((await journal.statistics()).bytes > 0);
});

test('what is open is as of the asking, though it is read ahead at the opening', async (t) => {
  const { journal } = await freshSqlite()(t);
  await journal.append(agent('worker', 0, { n: 1 }));
  for (const asked of ['once', 'again']) {
    const boot = await journal.boot();
    const entities = await allOpen(boot);
    t.strictSame(
      [boot.head, entities.map(({ id, state }) => [id, state])],
      [1, [['worker', '{"n":1}']]],
      asked,
    );
  }
});
