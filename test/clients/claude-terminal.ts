import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { API_KEY, type ClaudeOptions, NOT_ASKING, prepareClaude } from './claude-code.ts';
import type { Gate } from './gate.ts';
import type { Program } from './programs.ts';
import type { Stage } from './stage.ts';

const LOOK_MS = 50;

/** Claude Code as people use it: on a terminal, which is a window of tmux. */
export async function openClaude(
  stage: Stage,
  { command }: Program,
  gate: Pick<Gate, 'agentToken'>,
  options: ClaudeOptions,
) {
  const { project, config, model, flags, env } = await prepareClaude(stage, gate, options);
  // Otherwise it begins with questions about its looks, the key and the folder.
  const answered = {
    hasCompletedOnboarding: true,
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
  writeFileSync(join(config, '.claude.json'), JSON.stringify(answered));

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
  const claude = ['env', '-i', ...variables, 'TERM=screen-256color', ...command, ...flags];
  tmux(
    'new-session',
    '-d',
    '-x',
    '120',
    '-y',
    '40',
    '-c',
    project,
    ...claude,
    ...(options.args ?? NOT_ASKING),
  );
  const pid = Number(tmux('display-message', '-p', '#{pane_pid}'));
  stage.defer(async () => {
    tmux('kill-server');
    // It would write a last time to the folders that are removed next.
    while (isAlive(pid, 'SIGKILL')) await setTimeout(LOOK_MS);
  });
  const screen = () => tmux('capture-pane', '-p').trimEnd();
  return {
    screen,
    /** Resolves when the screen shows it. A screen tells nobody that it changed, so it is looked at again and again. */
    shows: async (pattern: RegExp) => {
      while (!pattern.test(screen())) await setTimeout(LOOK_MS);
    },
    type: (text: string) => void tmux('send-keys', '-l', text),
    press: (key: 'Enter' | 'Escape') => void tmux('send-keys', key),
    told: model.told,
    get hasRun() {
      return existsSync(join(project, 'marker'));
    },
  };
}

/** Sends the signal to the process if there still is one. */
function isAlive(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
