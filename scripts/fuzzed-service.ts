import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** More than anybody asks for here: a request that has to wait tells nothing. */
const NO_RATES = [
  ...['--max-requests-per-principal', '1000000'],
  ...['--max-requests-per-address', '1000000'],
  ...['--max-refused-per-address', '1000000'],
];

/** The service that is fuzzed: from the source as it is, with a log that is forgotten. Without tokens (null) it is open. */
export async function startService(tokensFile: string | null) {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const settings = ['--port', '0', '--store', 'sqlite::memory:', '--log-level', 'info'];
  const tokens = tokensFile === null ? [] : ['--tokens-file', tokensFile];
  const args = [main, ...settings, ...tokens, ...NO_RATES];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let wrong: string | null = null;
  let url: string | undefined;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) {
      const { level, msg } = JSON.parse(line) as { level: number; msg: string };
      url ??= /is up: (http:\S+)/.exec(msg)?.[1];
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
