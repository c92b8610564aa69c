import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAnthropicModel } from './anthropic-model.ts';
import { examplesIn } from './documented.ts';
import type { Gate } from './gate.ts';
import { OFFLINE } from './offline.ts';
import type { Program } from './programs.ts';
import type { Script, Told, ToolCall } from './scripted-model.ts';
import type { Running, Stage } from './stage.ts';

/** Seen from outside: the file is there if and only if the call has run. */
export const TOUCH: ToolCall = { tool: 'Bash', input: { command: 'touch marker', description: 'Touch' } };

/** In these modes the program itself lets everything run, so only the gate can stop a call. */
export const NOT_ASKING = ['--allowedTools', 'Bash', 'Write'];

export interface HookOptions {
  readonly event?: 'PreToolUse' | 'PermissionRequest';
  /** In place of the documented one, such as `?wait_ms=1000`. */
  readonly query?: string;
  /** Fields of the hook besides its type and URL, or instead of the usual ones. */
  readonly fields?: Record<string, unknown>;
}

/** Settings as docs/integrations/claude-code.md has them: the file for this event, with the hook that has a token in it. */
export function hookSettings(url: string, { event = 'PreToolUse', query, fields }: HookOptions = {}) {
  const examples = examplesIn('claude-code.md', 'json');
  const exampleWith = (text: string) => JSON.parse(examples.find((example) => example.includes(text)) ?? '');
  const withToken = exampleWith('"allowedEnvVars"');
  const [group] = exampleWith(`"${event}": [`).hooks[event];
  const { pathname, search } = new URL(group.hooks[0].url);
  const documented = { ...withToken, url: `${url}${pathname}${query ?? search}` };
  return { hooks: { [event]: [{ ...group, hooks: [{ ...documented, ...fields }] }] } };
}

/**
 * The same without "onFailure", where a call runs unless the answer is a denial that the program understands: with it,
 * also an answer that is none would block the call.
 */
export function failOpenSettings(url: string, options: Omit<HookOptions, 'fields'> = {}) {
  return hookSettings(url, { ...options, fields: { onFailure: undefined } });
}

export interface ClaudeOptions {
  readonly script?: Script;
  readonly settings?: object;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

export interface ClaudeRun extends Running {
  readonly project: string;
  /** What the model was told about its calls. */
  readonly told: Told;
  /** Whether the call `TOUCH` has run. */
  readonly hasRun: boolean;
}

/** What a start of the program needs, in folders of its own. */
export async function prepareClaude(
  stage: Stage,
  gate: Pick<Gate, 'agentToken'>,
  { script = [[TOUCH]], settings, env = {} }: ClaudeOptions = {},
) {
  const model = await startAnthropicModel(script);
  stage.defer(() => model.close());
  const project = stage.folder('project');
  const config = stage.folder('config');
  const file = join(config, 'hook-settings.json');
  if (settings !== undefined) writeFileSync(file, JSON.stringify(settings));
  return {
    project,
    config,
    model,
    flags: settings === undefined ? [] : ['--settings', file],
    env: {
      ...OFFLINE,
      PATH: process.env.PATH ?? '',
      LANG: 'C.UTF-8',
      HOME: stage.folder('home'),
      TMPDIR: stage.folder('tmp'),
      CLAUDE_CONFIG_DIR: config,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: API_KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      SALLYPORT_TOKEN: gate.agentToken,
      ...env,
    },
  };
}

export const API_KEY = 'sk-ant-dummy-key-of-a-scripted-model';

/** Starts Claude Code in print mode, where it does one prompt and ends. */
export async function startClaude(
  stage: Stage,
  { command }: Program,
  gate: Pick<Gate, 'agentToken'>,
  options: ClaudeOptions = {},
): Promise<ClaudeRun> {
  const { project, model, flags, env } = await prepareClaude(stage, gate, options);
  const args = ['-p', 'Do it.', '--output-format', 'json', ...flags, ...(options.args ?? NOT_ASKING)];
  const running = stage.spawn([...command, ...args], project, env);
  return {
    child: running.child,
    ended: running.ended,
    get stdout() {
      return running.stdout;
    },
    project,
    told: model.told,
    get hasRun() {
      return existsSync(join(project, 'marker'));
    },
  };
}
