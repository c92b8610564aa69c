import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trustHooks } from './codex-trust.ts';
import type { Gate } from './gate.ts';
import { OFFLINE } from './offline.ts';
import { startOpenaiModel } from './openai-model.ts';
import type { Program } from './programs.ts';
import type { Script, Told } from './scripted-model.ts';
import type { Running, Stage } from './stage.ts';
import { openTerminal } from './terminal.ts';

export interface CodexOptions {
  /** What the hook runs; null: there is none. */
  readonly hook: string | null;
  readonly timeoutS?: number;
  /** The event that the hook is for. With `PermissionRequest` Codex asks about what is not for its sandbox, else never. */
  readonly event?: 'PreToolUse' | 'PermissionRequest';
  /** More of `config.toml`. */
  readonly config?: string;
  readonly script?: Script;
  /** Whether a person has trusted the hook. */
  readonly isTrusted?: boolean;
  readonly env?: Record<string, string>;
}

export interface CodexRun extends Running {
  readonly told: Told;
  readonly hasRun: boolean;
}

/** Seen from outside: the file is there if and only if the call has run. */
const TOUCH = { tool: 'exec_command', input: { cmd: 'touch marker' } };
/** The same where Codex asks its user: the model says that it needs more than the sandbox allows. */
export const TOUCH_OUTSIDE = {
  tool: 'exec_command',
  input: { ...TOUCH.input, sandbox_permissions: 'require_escalated', justification: 'May I touch it?' },
};
const NOT_ASKING = 'approval_policy = "never"\nsandbox_mode = "danger-full-access"';
const ASKING = 'approval_policy = "on-request"\nsandbox_mode = "read-only"';

/** Starts `codex exec`, which does one prompt and ends. Nothing but the hook stops a call. */
export async function startCodex(
  stage: Stage,
  { command }: Program,
  gate: Pick<Gate, 'agentToken'>,
  options: CodexOptions,
): Promise<CodexRun> {
  const { project, env, told } = await prepareCodex(stage, command, gate, options);
  const running = stage.spawn(
    [...command, 'exec', '--skip-git-repo-check', '--json', 'Do it.'],
    project,
    env,
  );
  return {
    child: running.child,
    ended: running.ended,
    get stdout() {
      return running.stdout;
    },
    told,
    get hasRun() {
      return existsSync(join(project, 'marker'));
    },
  };
}

/** Codex on a terminal, in a folder that is trusted. */
export async function openCodex(
  stage: Stage,
  { command }: Program,
  gate: Pick<Gate, 'agentToken'>,
  options: CodexOptions,
) {
  const { project, env, told } = await prepareCodex(stage, command, gate, options);
  return {
    ...openTerminal(stage, command, project, env),
    told,
    hasRun: () => existsSync(join(project, 'marker')),
  };
}

async function prepareCodex(
  stage: Stage,
  command: Program['command'],
  gate: Pick<Gate, 'agentToken'>,
  options: CodexOptions,
) {
  const { hook, config = '', script = [[TOUCH]], isTrusted = true, env: more = {} } = options;
  const model = await startOpenaiModel(script);
  stage.defer(() => model.close());
  const [project, home] = [stage.folder('project'), stage.folder('codex')];
  const trust = `\n[projects.${JSON.stringify(project)}]\ntrust_level = "trusted"\n`;
  const hookPart = hook === null ? '' : hookConfig(hook, options);
  writeFileSync(join(home, 'config.toml'), configOf(model.url, options) + trust + hookPart + config);
  const env = {
    ...OFFLINE,
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    HOME: stage.folder('home'),
    TMPDIR: stage.folder('tmp'),
    CODEX_HOME: home,
    SCRIPTED_MODEL_KEY: 'dummy',
    SALLYPORT_TOKEN: gate.agentToken,
    ...more,
  };
  if (isTrusted && hook !== null) await trustHooks(stage, command, { project, env });
  return { project, env, told: model.told };
}

function configOf(modelUrl: string, { event }: CodexOptions): string {
  return `model = "scripted"
model_provider = "scripted"
${event === 'PermissionRequest' ? ASKING : NOT_ASKING}
check_for_update_on_startup = false

[analytics]
enabled = false

# They ask their makers' servers for what is new; the daemon would live on.
[features]
apps = false
plugins = false
daemon_auto_start = false

[model_providers.scripted]
name = "Scripted"
base_url = "${modelUrl}/v1"
env_key = "SCRIPTED_MODEL_KEY"
wire_api = "responses"
`;
}

function hookConfig(command: string, { event = 'PreToolUse', timeoutS = 3600 }: CodexOptions): string {
  return `
[[hooks.${event}]]
matcher = "Bash"

[[hooks.${event}.hooks]]
type = "command"
command = ${JSON.stringify(command)}
timeout = ${timeoutS}
`;
}
