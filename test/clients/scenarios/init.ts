import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT } from '../../process/sallyport.ts';
import { NOT_ASKING, startClaude, TOUCH } from '../claude-code.ts';
import { writeMcpConfig } from '../mcp-config.ts';
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
    name: 'init: its settings put a person in front of a command that is run to be watched',
    play: async (scene) => {
      await init(scene, '--project');
      const input = { ...TOUCH.input, timeout_ms: 5000 };
      const script = [[{ tool: 'Monitor', input }]];
      const options = { script, args: [...NOT_ASKING, 'Monitor'], env: ALL_TOOLS };
      const claude = await startClaude(scene.stage, scene.program, scene.gate, options);
      const approval = await scene.gate.requested();
      assert.equal(approval.action, 'Monitor: touch marker');
      await scene.gate.decide(approval, 'deny', 'Not on a Friday');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /Not on a Friday/);
    },
  },
  {
    program,
    name: 'init: its settings do not ask about a tool of ours that asks itself, and do about the same one of another server',
    play: async (scene) => {
      await init(scene, '--project');
      const { stage, gate } = scene;
      const tools = ['sallyport', 'other'].map((server) => `mcp__${server}__request_approval`);
      const script = tools.map((tool) => [{ tool, input: { action: 'Deploy to production' } }]);
      const config = writeMcpConfig(stage, gate, ['sallyport', 'other']);
      const args = ['--mcp-config', config, '--allowedTools', ...tools];
      const claude = await startClaude(stage, scene.program, gate, { script, args, env: ALL_TOOLS });
      const once = await gate.requested();
      assert.equal(once.action, 'Deploy to production', 'it is the question of the tool itself');
      await gate.decide(once, 'approve');
      const gated = await gate.requested();
      assert.equal(gated.action, 'mcp__other__request_approval');
      await gate.decide(gated, 'deny', 'Not that one');
      await claude.ended;
      assert.match(claude.told.text(0), /approved/);
      assert.match(claude.told.text(1), /Not that one/);
      assert.equal(gate.asked, 2);
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

/** Otherwise the model has to look some up first. */
const ALL_TOOLS = { ENABLE_TOOL_SEARCH: 'false' };

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
