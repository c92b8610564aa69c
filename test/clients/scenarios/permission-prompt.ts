import assert from 'node:assert/strict';
import { startClaude } from '../claude-code.ts';
import { writeMcpConfig } from '../mcp-config.ts';
import type { Scenario, Scene } from '../scenario.ts';

const program = 'Claude Code';
/** A silent answer would be given up after 60 s. */
const LONG_MS = 70_000;

/** `claude --permission-prompt-tool`: Claude Code asks the gate where it would ask a person. */
export const permissionPromptScenarios: readonly Scenario[] = [
  {
    program,
    name: 'permission prompt tool: an approved call runs',
    play: async (scene) => {
      const claude = await startWithTool(scene);
      const approval = await scene.gate.requested();
      assert.ok(JSON.stringify(approval.details).includes('touch marker'), 'the person sees the command');
      assert.equal(claude.hasRun, false, 'nothing runs before the decision');
      await scene.gate.decide(approval, 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
    },
  },
  {
    program,
    name: 'permission prompt tool: a denied call does not run, and the model reads the reason',
    play: async (scene) => {
      const claude = await startWithTool(scene);
      await scene.gate.decide(await scene.gate.requested(), 'deny', 'Not on a Friday');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /Not on a Friday/);
    },
  },
  {
    program,
    isLong: true,
    name: `permission prompt tool: a person may take longer than ${LONG_MS / 1000} s`,
    play: async (scene) => {
      const claude = await startWithTool(scene);
      const approval = await scene.gate.requested();
      await new Promise((resolve) => setTimeout(resolve, LONG_MS));
      await scene.gate.decide(approval, 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
    },
  },
  {
    program,
    name: 'permission prompt tool: a service that stops while a call waits denies the call and says so',
    play: async (scene) => {
      const claude = await startWithTool(scene);
      await scene.gate.requested();
      await scene.gate.end('SIGTERM');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /restarting/);
    },
  },
  {
    program,
    name: 'permission prompt tool: SIGINT to Claude Code cancels the approval',
    play: async (scene) => {
      const claude = await startWithTool(scene);
      const asked = await scene.gate.requested();
      claude.child.kill('SIGINT');
      assert.equal((await scene.gate.final(asked)).outcome, 'cancelled');
      await claude.ended;
      assert.equal(claude.hasRun, false);
    },
  },
  {
    program,
    isLong: true,
    name: 'permission prompt tool: a service that is killed while a call waits lets nothing run (it gives up in 2 minutes)',
    play: async (scene) => {
      const claude = await startWithTool(scene);
      await scene.gate.requested();
      await scene.gate.end('SIGKILL');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /was lost/);
    },
  },
  {
    program,
    name: 'permission prompt tool: an unknown token lets nothing run',
    play: async (scene) => {
      const claude = await startWithTool(scene, { SALLYPORT_TOKEN: 'spt_unknown' });
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.equal(scene.gate.asked, 0);
    },
  },
];

function startWithTool({ stage, program, gate }: Scene, env: Record<string, string> = {}) {
  const file = writeMcpConfig(stage, gate);
  const args = ['--mcp-config', file, '--permission-prompt-tool', 'mcp__sallyport__approve'];
  return startClaude(stage, program, gate, { args, env });
}
