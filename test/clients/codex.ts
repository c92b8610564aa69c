import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trustHooks } from './codex-trust.ts';
import type { Gate } from './gate.ts';
import { OFFLINE } from './offline.ts';
import { startOpenaiModel } from './openai-model.ts';
import type { Program } from './programs.ts';
import type { Script, Told } from './scripted-model.ts';
import type { Running, Stage } from './stage.ts';

export interface CodexOptions {
  /** What the hook runs; null: there is none. */
  readonly hook: string | null;
  readonly timeoutS?: number;
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

const TOUCH = { tool: 'exec_command', input: { cmd: 'touch marker' } };

/** Starts `codex exec`, which does one prompt and ends. Nothing but the hook stops a call. */
export async function startCodex(
  stage: Stage,
  { command }: Program,
  gate: Pick<Gate, 'agentToken'>,
  { hook, timeoutS = 3600, config = '', script = [[TOUCH]], isTrusted = true, env: more = {} }: CodexOptions,
): Promise<CodexRun> {
  const model = await startOpenaiModel(script);
  stage.defer(() => model.close());
  const [project, home] = [stage.folder('project'), stage.folder('codex')];
  writeFileSync(
    join(home, 'config.toml'),
    configOf(model.url) + (hook === null ? '' : hookConfig(hook, timeoutS)) + config,
  );
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
    told: model.told,
    get hasRun() {
      return existsSync(join(project, 'marker'));
    },
  };
}

function configOf(modelUrl: string): string {
  return `model = "scripted"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[analytics]
enabled = false

# They ask their makers' servers for what is new.
[features]
apps = false
plugins = false

[model_providers.scripted]
name = "Scripted"
base_url = "${modelUrl}/v1"
env_key = "SCRIPTED_MODEL_KEY"
wire_api = "responses"
`;
}

function hookConfig(command: string, timeoutS: number): string {
  return `
[[hooks.PreToolUse]]
matcher = "Bash"

[[hooks.PreToolUse.hooks]]
type = "command"
command = ${JSON.stringify(command)}
timeout = ${timeoutS}
`;
}
