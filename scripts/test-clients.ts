import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closeStages, playAll } from '../test/clients/play.ts';
import { installPrograms, type Programs } from '../test/clients/programs.ts';
import { pageOf, summaryOf, tableOf } from '../test/clients/report.ts';
import type { Played } from '../test/clients/scenario.ts';
import { SCENARIOS } from '../test/clients/scenarios.ts';

/** `npm run test:clients`: the real programs against the built service. See `--help`. */

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean' } },
  allowPositionals: true,
});
const PAGE = new URL('../docs/integrations/tested.md', import.meta.url);

if (values.help) {
  console.log(`Usage: npm run test:clients -- [WORDS…]

Installs Claude Code, its Agent SDK and Codex into .clients, once (about 850 MB), builds the service and runs every scenario, or those whose name or
program has one of the words in it. Needs tmux and curl. Nothing but the installation leaves this machine: a server here
stands in for the models. A run of all scenarios writes docs/integrations/tested.md.`);
} else {
  process.exitCode = await main(positionals.map((word) => word.toLowerCase()));
}

async function main(words: readonly string[]): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void closeStages().then(() => process.exit(1)));
  }
  const missing = ['tmux', 'curl'].filter((name) => spawnSync(name, ['-V']).error !== undefined);
  if (missing.length > 0) {
    console.error(`failed: ${missing.join(' and ')} must be installed`);
    return 1;
  }
  let programs: Programs;
  try {
    programs = await installPrograms(console.log);
  } catch (error) {
    console.error(`failed: the programs are not there: ${(error as Error).message}`);
    return 1;
  }
  const build = fileURLToPath(new URL('build.ts', import.meta.url));
  if (spawnSync(process.execPath, [build], { stdio: 'inherit' }).status !== 0) return 1;

  const chosen = SCENARIOS.filter(
    ({ name, program }) =>
      words.length === 0 || words.some((word) => `${program} ${name}`.toLowerCase().includes(word)),
  );
  const began = performance.now();
  const played = await playAll(chosen, programs, say);
  const seconds = (performance.now() - began) / 1000;
  console.log(`\n${tableOf(played)}\n\n${summaryOf(played)}, in ${Math.round(seconds)} s`);
  if (words.length === 0) {
    mkdirSync(new URL('.', PAGE), { recursive: true });
    writeFileSync(PAGE, pageOf(played, new Date().toISOString().slice(0, 10), seconds));
  }
  return played.length > 0 && played.every(({ failure }) => failure === null) ? 0 : 1;
}

function say({ scenario, seconds, failure }: Played): void {
  const name = `${scenario.program}: ${scenario.name} (${seconds.toFixed(1)} s)`;
  console.log(
    failure === null
      ? `ok      ${name}`
      : `FAILED  ${name}\n        ${failure.replaceAll('\n', '\n        ')}`,
  );
}
