import assert from 'node:assert/strict';
import { openCodex, TOUCH_OUTSIDE } from '../codex.ts';
import type { Scenario, Scene } from '../scenario.ts';
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
  {
    program,
    name: 'PermissionRequest hook, on a terminal: where Codex would ask its user, an approved call runs',
    play: async (scene) => {
      const codex = await openAsking(scene);
      const approval = await scene.gate.requested();
      assert.ok(JSON.stringify(approval.details).includes('touch marker'), 'the person sees the command');
      assert.equal(codex.hasRun(), false, 'nothing runs before the decision');
      await scene.gate.decide(approval, 'approve');
      await codex.told.result(0);
      assert.equal(codex.hasRun(), true);
      assert.equal(scene.gate.asked, 1);
    },
  },
  {
    program,
    name: 'PermissionRequest hook, on a terminal: a denied call does not run, and the model reads the reason',
    play: async (scene) => {
      const codex = await openAsking(scene);
      await scene.gate.decide(await scene.gate.requested(), 'deny', 'Not on a Friday');
      const { text } = await codex.told.result(0);
      assert.match(text, /Not on a Friday/);
      assert.equal(codex.hasRun(), false);
    },
  },
];

async function openAsking({ stage, program, gate }: Scene) {
  const event = 'PermissionRequest';
  const codex = await openCodex(stage, program, gate, {
    event,
    hook: hookOf(gate.url, { event }),
    script: [[TOUCH_OUTSIDE]],
  });
  await codex.shows(/Ask Codex/);
  await codex.enter('Do it.');
  return codex;
}
