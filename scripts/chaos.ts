import { parseArgs } from 'node:util';
import { runChaos } from '../test/chaos/chaos.ts';
import { check } from '../test/chaos/check.ts';
import type { History } from '../test/chaos/history.ts';
import { storyOf, summaryOf } from '../test/chaos/summary.ts';
import { noPrograms } from '../test/postgres-server.ts';

/** `npm run chaos`: three nodes on a PostgreSQL of their own, clients, and faults by a seed. See `--help`. */

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seconds: { type: 'string', default: '600' },
    help: { type: 'boolean' },
  },
});

if (values.help) {
  console.log(`Usage: npm run chaos -- [--seconds 600] [--seed N]

Starts a PostgreSQL and three nodes on it, lets clients ask, wait, decide and read on all of them, and meanwhile restarts
the database, cuts connections and networks, stops and kills nodes and changes their clocks. Then it checks that every
answer and every stream fits the one log. The same seed and time give the same faults.`);
} else if (noPrograms) {
  console.log(noPrograms);
  process.exitCode = 2;
} else {
  await run(Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31)), Number(values.seconds) * 1000);
}

async function run(seed: number, runMs: number): Promise<void> {
  const began = performance.now();
  console.log(`seed ${seed}, ${runMs / 1000} s`);
  const onProgress = ({ operations, faults }: Pick<History, 'operations' | 'faults'>) => {
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(
      `  ${seconds} s: ${operations.length} requests, ${faults.length} faults, last ${faults.at(-1)?.fault}`,
    );
  };
  const history = await runChaos({ seed, runMs, onProgress });
  console.log(summaryOf(history).join('\n'));
  const wrongs = check(history);
  const rules = Map.groupBy(wrongs, ({ rule }) => rule);
  for (const [rule, { length }] of rules) console.log(`wrong, ${length} times: ${rule}`);
  // One of each rule: the first is often the cause of the others.
  for (const [wrong] of rules.values()) {
    if (wrong === undefined) continue;
    console.log([`\nwrong: ${wrong.rule}: ${wrong.what}`, ...storyOf(history, wrong)].join('\n'));
  }
  console.log(
    wrongs.length === 0
      ? 'all of it fits'
      : `\n${wrongs.length} things are wrong; npm run chaos -- --seconds ${runMs / 1000} --seed ${seed}`,
  );
  process.exitCode = wrongs.length === 0 ? 0 : 1;
}
