import assert from 'node:assert/strict';
import { hookSettings, startClaude } from '../claude-code.ts';
import { openClaude } from '../claude-terminal.ts';
import type { Scenario } from '../scenario.ts';

const program = 'Claude Code';
/** From a person's key until nobody is asked any more. The program takes a tenth of a second of it. */
const SOON_MS = 5000;

/** On a terminal, and what becomes of an approval whose agent does not wait any more. */
export const claudeLeaves: readonly Scenario[] = [
  {
    program,
    name: 'hook, on a terminal: an approved call runs',
    play: async ({ stage, program, gate }) => {
      const claude = await openClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      await claude.shows(/❯/);
      await claude.enter('Do it.');
      const approval = await gate.requested();
      await claude.shows(/running PreToolUse hook/);
      await gate.decide(approval, 'approve');
      await claude.shows(/I am done/);
      assert.equal(claude.hasRun(), true);
    },
  },
  {
    program,
    name: 'hook, on a terminal: Esc cancels the approval at once, and the call does not run',
    play: async ({ stage, program, gate }) => {
      const claude = await openClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      await claude.shows(/❯/);
      await claude.enter('Do it.');
      const asked = await gate.requested();
      await claude.shows(/running PreToolUse hook/);
      const pressed = performance.now();
      claude.press('Escape');
      const approval = await gate.final(asked);
      const tookMs = performance.now() - pressed;
      assert.equal(approval.outcome, 'cancelled');
      assert.ok(tookMs < SOON_MS, `it took ${Math.round(tookMs)} ms`);
      await claude.shows(/Interrupted/);
      assert.equal(claude.hasRun(), false);
    },
  },
  ...(['SIGINT', 'SIGTERM', 'SIGKILL'] as const).map((signal) => ({
    program: program as typeof program,
    name: `hook: ${signal} to Claude Code cancels the approval`,
    play: async ({ stage, program, gate }: Parameters<Scenario['play']>[0]) => {
      const claude = await startClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      const asked = await gate.requested();
      claude.child.kill(signal);
      const approval = await gate.final(asked);
      assert.equal(approval.outcome, 'cancelled');
      await claude.ended;
      assert.equal(claude.hasRun, false);
    },
  })),
];
