import { test } from 'tap';
import { SharedRun } from '../../src/journal/shared-run.ts';

function make() {
  const runs: PromiseWithResolvers<number>[] = [];
  const shared = new SharedRun(() => {
    const run = Promise.withResolvers<number>();
    runs.push(run);
    return run.promise;
  });
  return { shared, runs };
}

test('who asks while it runs shares the next run with all who do', async (t) => {
  const { shared, runs } = make();
  const first = shared.next();
  const others = [shared.next(), shared.next()];
  t.equal(runs.length, 1);
  runs[0]?.resolve(1);
  t.equal(await first, 1);
  const late = shared.next();
  runs[1]?.resolve(2);
  t.strictSame(await Promise.all(others), [2, 2]);
  runs[2]?.resolve(3);
  t.equal(await late, 3, 'what has begun is too old for who comes then');
  t.equal(runs.length, 3);
});

test('a run that fails is told to those who shared it, and the next one runs', async (t) => {
  const { shared, runs } = make();
  const first = shared.next();
  const second = shared.next();
  runs[0]?.reject(new Error('away'));
  await t.rejects(first, /away/);
  runs[1]?.resolve(2);
  t.equal(await second, 2);
});
