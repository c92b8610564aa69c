import { homedir, hostname, userInfo } from 'node:os';
import process from 'node:process';
import { CommanderError } from 'commander';
import { type ClientSettings, type Environment, readClientSettings } from './client-settings.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { explain, explainJson } from './explain.ts';
import { buildProgram } from './program.ts';
import { Screen } from './screen.ts';
import { visible, withoutTokens } from './visible.ts';

/** A command that talks to a service. Returns how it ended; only a decision of a person is `denied`. */
export async function runClient(argv: readonly string[], environment: Environment): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const screen = new Screen(stdout, stderr, !environment.NO_COLOR);
  // Whoever does not read what is said beside the result still gets the result.
  stderr.on('error', () => undefined);
  const context: Context = {
    screen,
    settings: lazily(() => readClientSettings(environment, { userName, hostName: hostname })),
    canAsk: stdin.isTTY === true,
    home: homedir(),
    environment,
  };
  let code: number = EXIT.failed;
  const program = buildProgram(context, (ended) => {
    code = ended;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(`sallyport: ${cleaned(text)}`),
    });
    command.showHelpAfterError(`See 'sallyport ${command === program ? '' : `${command.name()} `}--help'.`);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return codeOf(error, argv);
    }
    await complain(error, context, argv);
    return EXIT.failed;
  }
}

/** The help is done; a question of `--help`, whoever worded it, is no approval. */
function codeOf({ code }: CommanderError, [command]: readonly string[]): number {
  const isHelp = code === 'commander.helpDisplayed' || code === 'commander.help';
  return isHelp && command !== 'ask' ? EXIT.done : EXIT.failed;
}

async function complain(
  error: unknown,
  { screen, settings }: Context,
  argv: readonly string[],
): Promise<void> {
  const hasToken = hasTokenIn(settings);
  screen.say(`sallyport: ${explain(error, hasToken)}`);
  if (argv.includes('--json')) {
    await screen.printJson(explainJson(error, hasToken));
  }
}

function hasTokenIn(settings: () => ClientSettings): boolean {
  try {
    return settings().token !== null;
  } catch {
    return false;
  }
}

function cleaned(text: string): string {
  const hint = /--token\b/.test(text) ? '\nA token is never a word of a command: set SALLYPORT_TOKEN.' : '';
  const sentences = withoutTokens(text.replace(/^error: /, ''))
    .trimEnd()
    .split('\n');
  return `${sentences.map(visible).join('\n')}${hint}\n`;
}

function userName(): string {
  return userInfo().username;
}

function lazily<T>(read: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
