import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT } from '../../process/sallyport.ts';
import { startClaude } from '../claude-code.ts';
import type { Scenario, Scene } from '../scenario.ts';

const program = 'Claude Code';

/** What `sallyport init claude-code` writes is all that a person does. */
export const initScenarios: readonly Scenario[] = [
  {
    program,
    name: 'init --project: its settings put a person in front of a call: approved, it runs',
    play: async (scene) => {
      await init(scene, '--project');
      const claude = await startClaude(scene.stage, scene.program, scene.gate);
      const approval = await scene.gate.requested();
      assert.equal(claude.hasRun, false, 'nothing runs before the decision');
      await scene.gate.decide(approval, 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
    },
  },
  {
    program,
    name: 'init --user: its settings put a person in front of a call: denied, it does not run',
    play: async (scene) => {
      await init(scene, '--user');
      const env = { CLAUDE_CONFIG_DIR: join(scene.stage.folder('home'), '.claude') };
      const claude = await startClaude(scene.stage, scene.program, scene.gate, { env });
      await scene.gate.decide(await scene.gate.requested(), 'deny', 'Not on a Friday');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /Not on a Friday/);
    },
  },
  {
    program,
    name: 'init: its settings block calls while the service is down, and do not hold the token',
    play: async (scene) => {
      await init(scene, '--project');
      const settings = readFileSync(join(scene.stage.folder('project'), '.claude', 'settings.json'), 'utf8');
      assert.equal(settings.includes(scene.gate.agentToken), false);
      await scene.gate.end('SIGTERM');
      const claude = await startClaude(scene.stage, scene.program, scene.gate);
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /ECONNREFUSED/);
    },
  },
];

async function init({ stage, gate }: Scene, where: '--project' | '--user'): Promise<void> {
  const command = [process.execPath, BUILT, 'init', 'claude-code', where, '--yes'];
  const { code, stderr } = await stage.spawn(command, stage.folder('project'), {
    PATH: process.env.PATH ?? '',
    HOME: stage.folder('home'),
    SALLYPORT_URL: gate.url,
    SALLYPORT_TOKEN: gate.agentToken,
  }).ended;
  assert.equal(code, 0, stderr);
}
