import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FuzzReport, fuzz } from '../test/fuzz/fuzz.ts';
import { asCommand, type FuzzRequest } from '../test/fuzz/fuzz-request.ts';

/** `npm run fuzz`: starts the service as a process of its own and sends it requests of every kind. See `--help`. */

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '50000' },
    header: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean' },
  },
});
const PROGRESS_MS = 2000;

if (values.help) {
  console.log(`Usage: npm run fuzz -- [--runs 50000] [--seed N] [--header 'Name: value' ...]

Sends requests made from the OpenAPI document, valid, mutated, raw and hostile, to a service of its own, and looks at
every answer and at the log after it. What fails is shrunk and printed as a command that sends it again.
--header goes with every request: a credential.`);
} else {
  const service = await startService();
  try {
    await run(service);
  } finally {
    service.child.kill('SIGKILL');
  }
}

type Started = Awaited<ReturnType<typeof startService>>;

async function run({ url, takeComplaint }: Started): Promise<void> {
  const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
  const runs = Number(values.runs);
  const headers = Object.fromEntries(values.header.map((line) => line.split(/: ?(.*)/s, 2)));
  console.log(`${runs} requests to ${url}, seed ${seed}`);
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
  const report = await fuzz({ url, runs, seed, headers, takeComplaint, onRequest });
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

function print({ answers, succeeded }: FuzzReport): void {
  for (const [kind, counts] of Object.entries(answers)) {
    const statuses = Object.entries(counts).map(
      ([status, count]) => `${count} x ${Number(status) || 'none'}`,
    );
    console.log(`  ${kind}: ${statuses.join(', ')}`);
  }
  const figures = Object.entries(succeeded).map(([operation, count]) => `${operation} ${count}`);
  console.log(`  with success: ${figures.join(', ')}`);
}

/** From the source as it is, with a log that is forgotten. */
async function startService() {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const settings = ['--port', '0', '--store', 'sqlite::memory:', '--log-level', 'info'];
  const child = spawn(process.execPath, [main, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  let wrong: string | null = null;
  let url: string | undefined;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) {
      const { level, msg } = JSON.parse(line) as { level: number; msg: string };
      url ??= /listening on (http:[^,)]+)/.exec(msg)?.[1];
      wrong ??= level >= 50 ? `the service logged an error: ${line}` : null;
    }
  });
  child.on('exit', (code, signal) => {
    wrong ??= `the service ended with ${code ?? signal}`;
  });
  while (url === undefined && wrong === null) {
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  }
  if (url === undefined) {
    throw new Error(wrong ?? 'the service did not start');
  }
  const takeComplaint = () => {
    const taken = wrong;
    // A service that has ended stays so.
    wrong = child.exitCode === null && child.signalCode === null ? null : wrong;
    return taken;
  };
  return { child, url, takeComplaint };
}
