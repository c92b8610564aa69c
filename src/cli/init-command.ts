import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { withClaudeCodeHook } from './claude-code-settings.ts';
import type { Context, JsonOption } from './context.ts';
import { CommandFailed, EXIT } from './exit.ts';
import { lineDiff } from './line-diff.ts';
import { visible } from './visible.ts';

export interface InitFlags extends JsonOption {
  readonly user?: true;
  readonly project?: true;
  readonly yes?: true;
}

/** `sallyport init claude-code`: writes the hook into Claude Code's settings, after showing what changes. */
export async function initClaudeCode(context: Context, flags: InitFlags): Promise<number> {
  const { screen } = context;
  if (flags.user && flags.project) {
    throw new CommandFailed('--user and --project exclude each other');
  }
  const folder = join(flags.user ? context.home : process.cwd(), '.claude');
  const path = await realpath(join(folder, 'settings.json')).catch(() => join(folder, 'settings.json'));
  const before = await readIfThere(path);
  const after = withClaudeCodeHook(before, path, context.settings().url);
  const isChanged = after !== before;
  if (isChanged) {
    screen.say(`${visible(path)}:`);
    for (const line of lineDiff(before ?? '', after)) {
      const colour = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim';
      screen.say(screen.inkAside(colour, visible(line)));
    }
    await confirm(context, flags);
    await replace(path, after);
  }
  if (JSON.parse(after).disableAllHooks === true) {
    screen.say(
      "'disableAllHooks' is true there: until it is gone, Claude Code runs no hook and asks nobody.",
    );
  }
  const { token } = context.settings();
  await (flags.json
    ? screen.printJson({ path, changed: isChanged })
    : screen.print(
        `${visible(path)} ${isChanged ? 'is written' : 'has the hook already; nothing has changed'}.`,
      ));
  if (token === null && isChanged) {
    screen.say(
      'Where the service needs credentials, start Claude Code with SALLYPORT_TOKEN set: the file names it and does not hold it.',
    );
  }
  return EXIT.done;
}

async function confirm({ screen, canAsk }: Context, { yes }: InitFlags): Promise<void> {
  if (yes) {
    return;
  }
  if (!canAsk) {
    throw new CommandFailed('nothing is written: nobody can be asked here; --yes writes it without asking');
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  const answer = await Promise.race([prompt.question('Write this? [y/N] '), closed]);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    screen.say('');
    throw new CommandFailed('nothing is written');
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw new CommandFailed(`${visible(path)} cannot be read: ${(error as Error).message}`);
  }
}

/** The whole new file, or the old one: never a part. It keeps its permissions. */
async function replace(path: string, text: string): Promise<void> {
  const mode = await stat(path).then(
    ({ mode }) => mode & 0o777,
    () => 0o644,
  );
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { mode, flag: 'wx', flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CommandFailed(`${visible(path)} cannot be written: ${(error as Error).message}`);
  }
}
