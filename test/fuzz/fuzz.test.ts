import { join } from 'node:path';
import { type Test, test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { ROLES } from '../../src/model/role.ts';
import { type Overrides, start } from '../service.ts';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { type FuzzCallers, makeCallers } from './fuzz-callers.ts';

const RUNS = 1000;
const ERROR = 50;
/** More than anybody asks for here. */
const NO_RATES = {
  maxRequestsPerPrincipal: 1_000_000,
  maxRequestsPerAddress: 1_000_000,
  maxRefusedPerAddress: 1_000_000,
};

async function run(
  t: Test,
  mode: string,
  callers: FuzzCallers | null,
  overrides: Overrides = {},
): Promise<FuzzReport> {
  const { url, logged } = await start(t, { store: 'sqlite::memory:', ...overrides });
  const seed = Math.trunc(Math.random() * 2 ** 31);
  t.comment(`npm run fuzz -- --mode ${mode} --runs ${RUNS} --seed ${seed}`);
  const takeComplaint = () => {
    const line = logged.splice(0).find(({ level }) => Number(level) >= ERROR);
    return line === undefined ? null : `the service logged an error: ${JSON.stringify(line)}`;
  };
  const report = await fuzz({ url, runs: RUNS, seed, callers, takeComplaint });
  const { failure } = report;
  t.equal(failure, null, failure === null ? 'nothing was wrong' : `${failure.reason}\n${failure.command}`);
  return report;
}

test('whatever is asked, the answer is a documented one and what was refused changes nothing', async (t) => {
  const { succeeded } = await run(t, 'open', null);
  t.ok(Object.keys(succeeded).length >= 15, `most operations were reached: ${JSON.stringify(succeeded)}`);
});

test('whatever is asked by whomever, nobody gets what their role does not give', async (t) => {
  const tokensFile = join(t.testdir({}), 'tokens.json');
  const callers = await makeCallers(new TokenFile(tokensFile));
  const { succeeded, callers: by } = await run(t, 'guarded', callers, { tokensFile, ...NO_RATES });
  t.ok(Object.keys(succeeded).length >= 15, `most operations were reached: ${JSON.stringify(succeeded)}`);
  t.ok(
    ROLES.every((role) => (by[role] ?? 0) > 0),
    `by every role: ${JSON.stringify(by)}`,
  );
});
