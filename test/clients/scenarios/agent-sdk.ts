import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareClaude } from '../claude-code.ts';
import { examplesIn } from '../documented.ts';
import type { Scenario, Scene } from '../scenario.ts';

const program = 'Agent SDK';

/** The two files of docs/integrations/sdk.md, as they are there: `canUseTool` asks the gate with `sallyport/client`. */
export const agentSdkScenarios: readonly Scenario[] = [
  {
    program,
    name: 'canUseTool: an approved call runs',
    play: async (scene) => {
      const agent = await startAgent(scene);
      const approval = await scene.gate.requested();
      assert.ok(JSON.stringify(approval.details).includes('touch marker'), 'the person sees the command');
      assert.equal(agent.hasRun(), false, 'nothing runs before the decision');
      await scene.gate.decide(approval, 'approve');
      const { code, stderr } = await agent.ended;
      assert.equal(code, 0, stderr);
      assert.equal(agent.hasRun(), true);
    },
  },
  {
    program,
    name: 'canUseTool: a denied call does not run, and the model reads the reason',
    play: async (scene) => {
      const agent = await startAgent(scene);
      await scene.gate.decide(await scene.gate.requested(), 'deny', 'Not on a Friday');
      await agent.ended;
      assert.equal(agent.hasRun(), false);
      assert.match(agent.told.text(0), /Not on a Friday/);
    },
  },
];

async function startAgent({ stage, program, programs, gate }: Scene) {
  const { project, model, env } = await prepareClaude(stage, gate);
  const [claude] = programs['Claude Code'].command;
  const folder = stage.folder('agent');
  mkdirSync(join(folder, 'node_modules', '@anthropic-ai'), { recursive: true });
  symlinkSync(program.command[0], join(folder, 'node_modules', '@anthropic-ai', 'claude-agent-sdk'));
  symlinkSync(fileURLToPath(new URL('../../..', import.meta.url)), join(folder, 'node_modules', 'sallyport'));
  const example = (text: string) => examplesIn('sdk.md', 'ts').find((one) => one.includes(text)) ?? '';
  // The SDK comes without its own Claude Code here.
  const options = `options: { pathToClaudeCodeExecutable: ${JSON.stringify(claude)}, `;
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'can-use-tool.ts'), example('export const canUseTool'));
  writeFileSync(join(folder, 'agent.ts'), example('import { query }').replace('options: { ', options));
  const running = stage.spawn([process.execPath, join(folder, 'agent.ts')], project, {
    ...env,
    SALLYPORT_URL: gate.url,
  });
  return {
    ended: running.ended,
    told: model.told,
    hasRun: () => existsSync(join(project, 'marker')),
  };
}
