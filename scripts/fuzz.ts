import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TokenFile } from '../src/credentials/token-file.ts';
import { type FuzzReport, fuzz } from '../test/fuzz/fuzz.ts';
import { type FuzzCallers, makeCallers } from '../test/fuzz/fuzz-callers.ts';
import { asCommand, type FuzzRequest } from '../test/fuzz/fuzz-request.ts';
import { startService } from './fuzzed-service.ts';

/** `npm run fuzz`: starts the service as a process of its own and sends it requests of every kind. See `--help`. */

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '50000' },
    mode: { type: 'string', default: 'both' },
    help: { type: 'boolean' },
  },
});
const PROGRESS_MS = 2000;
const MODES: Record<string, readonly Mode[]> = {
  both: ['open', 'guarded'],
  open: ['open'],
  guarded: ['guarded'],
};
type Mode = 'open' | 'guarded';

const modes = MODES[values.mode];
if (values.help || modes === undefined) {
  console.log(`Usage: npm run fuzz -- [--runs 50000] [--seed N] [--mode both|open|guarded]

Sends requests made from the OpenAPI document, valid, mutated, raw and hostile, to a service of its own, and looks at
every answer and at the log after it. Half of them go to a service in open mode, the other half to one that needs
credentials: with those of each role, with wrong ones and with none. What fails is shrunk and printed as a command that
sends it again.`);
  process.exitCode = modes === undefined ? 2 : 0;
} else {
  const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
  for (const mode of modes) {
    await runIn(mode, Math.ceil(Number(values.runs) / modes.length), seed);
  }
}

async function runIn(mode: Mode, runs: number, seed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-fuzz-'));
  try {
    const tokensFile = join(folder, 'tokens.json');
    const callers = mode === 'open' ? null : await makeCallers(new TokenFile(tokensFile));
    const service = await startService(callers === null ? null : tokensFile);
    try {
      console.log(`${runs} requests to ${service.url}, ${mode}, seed ${seed}`);
      await run(service, callers, runs, seed);
    } finally {
      service.child.kill('SIGKILL');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(
  { url, takeComplaint }: Awaited<ReturnType<typeof startService>>,
  callers: FuzzCallers | null,
  runs: number,
  seed: number,
): Promise<void> {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  let last: FuzzRequest | undefined;
  let shown = began;
  const onRequest = (report: FuzzReport, request: FuzzRequest) => {
    last = request;
    if (performance.now() - shown >= PROGRESS_MS) {
      shown = performance.now();
      console.log(`  ${report.requests} requests, ${seconds()} s`);
    }
  };
  const report = await fuzz({ url, runs, seed, callers, takeComplaint, onRequest });
  print(report);
  if (report.failure === null) {
    console.log(`${report.requests} requests in ${seconds()} s, and nothing was wrong`);
    return;
  }
  const { reason, command, path } = report.failure;
  console.log(`failed: ${reason}\n\n${command}\n\nseed ${seed}, path ${path}; the last request was`);
  console.log(last === undefined ? 'none' : asCommand(last, url));
  process.exitCode = 1;
}

function print({ answers, succeeded, callers }: FuzzReport): void {
  for (const [kind, counts] of Object.entries(answers)) {
    const statuses = Object.entries(counts).map(
      ([status, count]) => `${count} x ${Number(status) || 'none'}`,
    );
    console.log(`  ${kind}: ${statuses.join(', ')}`);
  }
  for (const [what, counts] of Object.entries({ operation: succeeded, caller: callers })) {
    const figures = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
    console.log(`  with success, by ${what}: ${figures.join(', ')}`);
  }
}
