import { test } from 'tap';
import { start } from '../service.ts';
import { fuzz } from './fuzz.ts';

const RUNS = 1500;
const ERROR = 50;

test('whatever is asked, the answer is a documented one and what was refused changes nothing', async (t) => {
  const { url, logged } = await start(t, { store: 'sqlite::memory:' });
  const seed = Math.trunc(Math.random() * 2 ** 31);
  t.comment(`npm run fuzz -- --runs ${RUNS} --seed ${seed}`);
  const takeComplaint = () => {
    const line = logged.splice(0).find(({ level }) => Number(level) >= ERROR);
    return line === undefined ? null : `the service logged an error: ${JSON.stringify(line)}`;
  };
  const { failure, succeeded } = await fuzz({ url, runs: RUNS, seed, takeComplaint });
  t.equal(failure, null, failure === null ? 'nothing was wrong' : `${failure.reason}\n${failure.command}`);
  t.ok(Object.keys(succeeded).length >= 15, `most operations were reached: ${JSON.stringify(succeeded)}`);
});
