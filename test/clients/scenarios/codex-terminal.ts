import assert from 'node:assert/strict';
import { openCodex } from '../codex.ts';
import type { Scenario } from '../scenario.ts';
import { hookOf } from './codex.ts';

const program = 'Codex';

export const codexTerminal: readonly Scenario[] = [
  {
    program,
    name: 'hook, on a terminal: Esc cancels the approval, and the call does not run',
    play: async ({ stage, program, gate }) => {
      const codex = await openCodex(stage, program, gate, { hook: hookOf(gate.url) });
      await codex.shows(/Ask Codex/);
      await codex.enter('Do it.');
      const asked = await gate.requested();
      codex.press('Escape');
      assert.equal((await gate.final(asked)).outcome, 'cancelled');
      assert.equal(codex.hasRun(), false);
    },
  },
];
