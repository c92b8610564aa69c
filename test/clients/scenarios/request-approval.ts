import assert from 'node:assert/strict';
import { startClaude } from '../claude-code.ts';
import { startCodex } from '../codex.ts';
import { at, examplesIn } from '../documented.ts';
import { writeMcpConfig } from '../mcp-config.ts';
import type { Scenario, Scene } from '../scenario.ts';

/** Codex says first how long a tool took. */
const CODEX_HEAD = /^Wall time: .*\nOutput:\n/;
const INPUT = { action: 'Deploy to production', details: { version: '1.4.2' } };

/** A model asks by itself, with the MCP tool `request_approval`. */
export const requestApprovalScenarios: readonly Scenario[] = [
  {
    program: 'Claude Code',
    name: 'request_approval: the model reads "approved" first, and what the person said',
    play: async (scene) => {
      const claude = await startClaudeAsking(scene);
      const approval = await scene.gate.requested();
      assert.equal(approval.action, INPUT.action);
      assert.deepEqual(approval.details, INPUT.details);
      await scene.gate.decide(approval, 'approve', 'After lunch');
      const { text } = await claude.told.result(0);
      assert.match(text, outcomeFirst('approved'));
      assert.match(text, /After lunch/);
    },
  },
  {
    program: 'Claude Code',
    name: 'request_approval: the model reads that the person denied it, and why',
    play: async (scene) => {
      const claude = await startClaudeAsking(scene);
      await scene.gate.decide(await scene.gate.requested(), 'deny', 'Not on a Friday');
      const { text } = await claude.told.result(0);
      assert.match(text, outcomeFirst('denied'));
      assert.match(text, /Not on a Friday/);
    },
  },
  {
    program: 'Codex',
    name: 'request_approval: the model reads "approved" first, and what the person said',
    play: async (scene) => {
      const codex = await startCodexAsking(scene);
      await scene.gate.decide(await scene.gate.requested(), 'approve', 'After lunch');
      const { text } = await codex.told.result(0);
      assert.match(text.replace(CODEX_HEAD, ''), outcomeFirst('approved'));
      assert.match(text, /After lunch/);
    },
  },
  {
    program: 'Codex',
    name: 'request_approval: the model reads that the person denied it, and why',
    play: async (scene) => {
      const codex = await startCodexAsking(scene);
      await scene.gate.decide(await scene.gate.requested(), 'deny', 'Not on a Friday');
      const { text } = await codex.told.result(0);
      assert.match(text.replace(CODEX_HEAD, ''), outcomeFirst('denied'));
      assert.match(text, /Not on a Friday/);
    },
  },
];

function startClaudeAsking({ stage, program, gate }: Scene) {
  const tool = 'mcp__sallyport__request_approval';
  const args = ['--mcp-config', writeMcpConfig(stage, gate), '--allowedTools', tool];
  // Otherwise the model has to look the tool up first.
  const env = { ENABLE_TOOL_SEARCH: 'false' };
  return startClaude(stage, program, gate, { script: [[{ tool, input: INPUT }]], args, env });
}

function startCodexAsking({ stage, program, gate }: Scene) {
  const [config = ''] = examplesIn('mcp.md', 'toml').map((example) => at(gate.url, example));
  const call = { namespace: 'mcp__sallyport', tool: 'request_approval', input: INPUT };
  return startCodex(stage, program, gate, { hook: null, config, script: [[call]] });
}

/** Whether the program shows its model the text of an answer or, as these do, its structure. */
function outcomeFirst(outcome: string): RegExp {
  return new RegExp(`^(\\{"outcome":")?${outcome}\\b`);
}
