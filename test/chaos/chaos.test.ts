import { test } from 'tap';
import { noPrograms } from '../postgres-server.ts';
import { runChaos } from './chaos.ts';
import { check } from './check.ts';
import { FAULT_NAMES, makeSchedule } from './schedule.ts';
import { storyOf, summaryOf } from './summary.ts';

const RUN_MS = 20_000;

test('whatever fails, three nodes answer as one host', { skip: noPrograms }, async (t) => {
  const seed = Math.trunc(Math.random() * 2 ** 31);
  t.comment(`npm run chaos -- --seconds ${RUN_MS / 1000} --seed ${seed}`);
  const history = await runChaos({ seed, runMs: RUN_MS });
  for (const line of summaryOf(history)) t.comment(line);
  for (const wrong of check(history)) {
    t.fail(`${wrong.rule}: ${wrong.what}`, { story: storyOf(history, wrong) });
  }
  const { log } = history;
  t.ok(log.length > 200, `${log.length} events were made`);
});

test('the same seed has the same faults, and each kind comes once before any comes again', async (t) => {
  for (const seed of [1, 2, 3]) {
    const planned = makeSchedule(seed, 600_000);
    t.strictSame(makeSchedule(seed, 600_000), planned);
    t.strictSame(new Set(planned.slice(0, 50).map(({ fault }) => fault)), new Set(FAULT_NAMES));
  }
  t.notSame(makeSchedule(1, 60_000), makeSchedule(2, 60_000));
});
