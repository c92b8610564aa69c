import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import process from 'node:process';
import { type Context, clientOf } from './context.ts';
import { Registration } from './registration.ts';

export interface RunFlags {
  readonly agent: string;
  readonly id?: string;
  readonly kind: string;
  readonly task?: string;
  readonly required?: true;
}

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;
/** The terminal sends these to all in its foreground, the command too. */
const OF_TERMINALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

/**
 * `sallyport run --agent NAME -- COMMAND`: the command runs as an agent that everybody sees. It also runs while the
 * service cannot be reached, as nothing here needs its permission, unless `--required` says otherwise; a refusal of the
 * service, such as a wrong credential, ends it before the command starts.
 */
export async function runCommand(
  context: Context,
  words: readonly string[],
  flags: RunFlags,
): Promise<number> {
  const id = flags.id ?? newAgentId(flags.agent);
  const agent = { id, name: flags.agent, kind: flags.kind, project: process.cwd(), pid: process.pid };
  const registration = new Registration(context, clientOf(context), agent, flags.task ?? null);
  await registration.begin(flags.required === true);
  const { url, session } = context.settings();
  const environment = {
    ...context.environment,
    SALLYPORT_URL: url,
    SALLYPORT_SESSION: session,
    SALLYPORT_AGENT: id,
  };
  const code = await runChild(words, environment, context.canAsk);
  await registration.end(code === 0 ? 'completed' : 'errored');
  return code;
}

function newAgentId(name: string): string {
  const words = name.replaceAll(/[^A-Za-z0-9._:-]+/g, '-').slice(0, 100);
  return `${words}-${randomBytes(4).toString('hex')}`;
}

/** How it ended, as a shell would say it: 126 and 127 for what cannot be started, 128 and more for a signal. */
function runChild(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  isOnTerminal: boolean,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    const forward = (signal: NodeJS.Signals) => {
      if (!(isOnTerminal && OF_TERMINALS.includes(signal))) {
        child.kill(signal);
      }
    };
    for (const signal of FORWARDED) {
      process.on(signal, forward);
    }
    const end = (code: number) => {
      for (const signal of FORWARDED) {
        process.off(signal, forward);
      }
      resolve(code);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`sallyport: '${command}' cannot be run: ${error.message}\n`);
      end(error.code === 'ENOENT' ? 127 : 126);
    });
    child.once('exit', (code, signal) => end(code ?? 128 + constants.signals[signal as NodeJS.Signals]));
  });
}
