import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_KEY, type ClaudeOptions, NOT_ASKING, prepareClaude } from './claude-code.ts';
import type { Gate } from './gate.ts';
import type { Program } from './programs.ts';
import type { Stage } from './stage.ts';
import { openTerminal } from './terminal.ts';

/** Claude Code on a terminal. */
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
  const started = [...command, ...flags, ...(options.args ?? NOT_ASKING)];
  return {
    ...openTerminal(stage, started, project, env),
    told: model.told,
    hasRun: () => existsSync(join(project, 'marker')),
  };
}
