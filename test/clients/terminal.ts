import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Stage } from './stage.ts';

const LOOK_MS = 50;

export interface Terminal {
  /** Resolves when the screen shows it. A screen tells nobody that it changed, so it is looked at again and again. */
  shows(pattern: RegExp): Promise<void>;
  /** Types a line and enters it. */
  enter(line: string): Promise<void>;
  press(key: 'Enter' | 'Escape'): void;
}

/** A program as people use it: on a terminal, which is a window of tmux. */
export function openTerminal(
  stage: Stage,
  command: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Terminal {
  const socket = join(stage.folder('tmux'), 'socket');
  const tmux = (...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync('tmux', ['-f', '/dev/null', '-S', socket, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' },
    });
    if (status !== 0) throw new Error(`tmux ${args[0]} has failed: ${error?.message ?? stderr}`);
    return stdout;
  };
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const size = ['-x', '120', '-y', '40'];
  const started = ['env', '-i', ...variables, 'TERM=screen-256color', ...command];
  tmux('new-session', '-d', ...size, '-c', cwd, ...started);
  const pid = Number(tmux('display-message', '-p', '#{pane_pid}'));
  stage.defer(async () => {
    tmux('kill-server');
    // They would write a last time to the folders that are removed next.
    while (killGroup(pid)) await setTimeout(LOOK_MS);
  });
  const shows = async (pattern: RegExp) => {
    while (!pattern.test(tmux('capture-pane', '-p'))) await setTimeout(LOOK_MS);
  };
  const press = (key: string) => void tmux('send-keys', key);
  const enter = async (line: string) => {
    tmux('send-keys', '-l', line);
    await setTimeout(PASTED_MS);
    press('Enter');
  };
  return { shows, enter, press };
}

/** What comes faster than a person types is pasted, also its line break. */
const PASTED_MS = 300;

/** The program leads a group of its own on its terminal. False: nobody is left in it. */
function killGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch {
    return false;
  }
}
