import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { failOpenSettings, hookSettings, NOT_ASKING, startClaude, TOUCH } from '../claude-code.ts';
import type { Scenario, Scene } from '../scenario.ts';
import type { ToolCall } from '../scripted-model.ts';
import type { Stage } from '../stage.ts';

const program = 'Claude Code';

/** A person decides on a call that Claude Code's `http` hook has posted. */
export const claudeDecisions: readonly Scenario[] = [
  {
    program,
    name: 'hook: an approved call runs, also where Claude Code itself would ask',
    play: async ({ stage, program, gate }) => {
      const settings = hookSettings(gate.url);
      const claude = await startClaude(stage, program, gate, { settings, args: [] });
      const approval = await gate.requested();
      assert.match(approval.action, /Bash/);
      assert.ok(JSON.stringify(approval.details).includes('touch marker'), 'the person sees the command');
      assert.equal(approval.requested_by.principal, 'token:gated');
      const agent = await gate.agentThatIs('waiting_for_approval');
      assert.equal(agent.kind, 'claude-code');
      assert.ok(agent.project.includes(basename(claude.project)), `its project is ${agent.project}`);
      assert.equal(claude.hasRun, false, 'nothing runs before the decision');
      await gate.decide(approval, 'approve');
      assert.equal((await claude.ended).code, 0);
      assert.equal(claude.hasRun, true);
      assert.equal((await gate.now(approval)).outcome, 'approved');
      await gate.agentThatIs('running');
    },
  },
  {
    program,
    name: 'hook: a denied call does not run, and the model reads the reason',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: failOpenSettings(gate.url) });
      await gate.decide(await gate.requested(), 'deny', 'Not on a Friday');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /Not on a Friday/);
    },
  },
  {
    program,
    name: 'hook: a denial without a comment still says that a person denied it',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: failOpenSettings(gate.url) });
      await gate.decide(await gate.requested(), 'deny');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /denied/i);
    },
  },
  {
    program,
    name: 'hook: a denial holds in the mode bypassPermissions',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, {
        settings: failOpenSettings(gate.url),
        args: ['--permission-mode', 'bypassPermissions'],
        // Without it the program refuses this mode to root.
        env: { IS_SANDBOX: '1' },
      });
      await gate.decide(await gate.requested(), 'deny', 'Not even so');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /Not even so/);
    },
  },
  {
    program,
    name: 'hook: an approval that an administrator cancels is a denial',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: failOpenSettings(gate.url) });
      await gate.cancel(await gate.requested());
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /cancelled/i);
    },
  },
  {
    program,
    name: 'hook: of two calls in turn, each one has its own decision',
    play: async ({ stage, program, gate }) => {
      const other = { ...TOUCH, input: { command: 'touch other', description: 'Touch' } };
      const claude = await startClaude(stage, program, gate, {
        settings: failOpenSettings(gate.url),
        script: [[other], [TOUCH]],
      });
      await gate.decide(await gate.requested(), 'deny', 'Not this one');
      await gate.decide(await gate.requested(), 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
      assert.match(claude.told.text(0), /Not this one/);
      assert.equal(claude.told.at(1)?.isError, false);
    },
  },
  {
    program,
    name: 'hook: calls that the model makes at once are each decided for itself',
    play: async ({ stage, program, gate }) => {
      const names = ['one', 'two', 'marker'];
      const claude = await startClaude(stage, program, gate, {
        settings: failOpenSettings(gate.url),
        script: [
          names.map((name) => ({ tool: 'Bash', input: { command: `touch ${name}`, description: 'T' } })),
        ],
      });
      for (const _ of names) {
        const approval = await gate.requested();
        await gate.decide(approval, approval.action.includes('marker') ? 'approve' : 'deny', 'Only the last');
      }
      await claude.ended;
      assert.equal(claude.hasRun, true);
      assert.match(claude.told.text(0), /Only the last/);
      assert.match(claude.told.text(1), /Only the last/);
      assert.equal(gate.asked, names.length);
    },
  },
  {
    program,
    name: 'hook: a file of 60,000 characters is shown to the person and written when approved',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, {
        settings: hookSettings(gate.url),
        script: [[writeMarker(stage, 60_000)]],
      });
      const approval = await gate.requested();
      assert.equal(approval.details.tool_input.content.length, 60_000);
      await gate.decide(approval, 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
    },
  },
  ...[1, 11].map((megabytes) => ({
    program: program as typeof program,
    name: `hook: a file of ${megabytes} MB, too large to be shown, is denied with the reason, also without "onFailure"`,
    play: async ({ stage, program, gate }: Scene) => {
      const claude = await startClaude(stage, program, gate, {
        settings: failOpenSettings(gate.url),
        script: [[writeMarker(stage, megabytes * 1024 * 1024)]],
      });
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.equal(gate.asked, 0);
      assert.match(claude.told.text(0), /smaller|large/);
    },
  })),
  {
    program,
    name: 'hook: a tool that is not in ?tools= runs with ?unmatched=allow, and nobody is asked',
    play: async ({ stage, program, gate }) => {
      const settings = hookSettings(gate.url, { query: '?tools=Write&unmatched=allow' });
      const claude = await startClaude(stage, program, gate, { settings, args: [] });
      await claude.ended;
      assert.equal(claude.hasRun, true);
      assert.equal(gate.asked, 0);
    },
  },
  {
    program,
    name: 'hook: a tool that is not in ?tools= is left to Claude Code’s own question with ?unmatched=ask',
    play: async ({ stage, program, gate }) => {
      const settings = failOpenSettings(gate.url, { query: '?tools=Write&unmatched=ask' });
      const claude = await startClaude(stage, program, gate, { settings, args: NOT_ASKING });
      await claude.ended;
      // In print mode there is nobody whom it could ask.
      assert.equal(claude.hasRun, false);
      assert.equal(gate.asked, 0);
      assert.equal(claude.told.at(0)?.isError, true);
    },
  },
  {
    program,
    name: 'PermissionRequest hook: an approved call runs',
    play: async ({ stage, program, gate }) => {
      const settings = hookSettings(gate.url, { event: 'PermissionRequest' });
      const claude = await startClaude(stage, program, gate, { settings, args: [] });
      await gate.decide(await gate.requested(), 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
    },
  },
  {
    program,
    name: 'PermissionRequest hook: a denied call does not run, and the model reads the reason',
    play: async ({ stage, program, gate }) => {
      const settings = failOpenSettings(gate.url, { event: 'PermissionRequest' });
      const claude = await startClaude(stage, program, gate, { settings, args: [] });
      await gate.decide(await gate.requested(), 'deny', 'Not on a Friday');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /Not on a Friday/);
    },
  },
];

function writeMarker(stage: Stage, length: number): ToolCall {
  const file = join(stage.folder('project'), 'marker');
  return { tool: 'Write', input: { file_path: file, content: 'x'.repeat(length) } };
}
