import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { hookSettings, NOT_ASKING, startClaude, TOUCH } from '../claude-code.ts';
import type { Scenario } from '../scenario.ts';

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
      const [agent] = await gate.agents();
      assert.deepEqual([agent.kind, agent.status], ['claude-code', 'waiting_for_approval']);
      assert.ok(agent.project.includes(basename(claude.project)), `its project is ${agent.project}`);
      assert.equal(claude.hasRun, false, 'nothing runs before the decision');
      await gate.decide(approval, 'approve');
      assert.equal((await claude.ended).code, 0);
      assert.equal(claude.hasRun, true);
      assert.equal((await gate.now(approval)).outcome, 'approved');
      const [after] = await gate.agents();
      assert.notEqual(after.status, 'waiting_for_approval');
    },
  },
  {
    program,
    name: 'hook: a denied call does not run, and the model reads the reason',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      await gate.decide(await gate.requested(), 'deny', 'Not on a Friday');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.results[0]?.text ?? '', /Not on a Friday/);
    },
  },
  {
    program,
    name: 'hook: a denial without a comment still says that a person denied it',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      await gate.decide(await gate.requested(), 'deny');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.results[0]?.text ?? '', /denied/i);
    },
  },
  {
    program,
    name: 'hook: a denial holds in the mode bypassPermissions',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, {
        settings: hookSettings(gate.url),
        args: ['--permission-mode', 'bypassPermissions'],
        // Without it the program refuses this mode to root.
        env: { IS_SANDBOX: '1' },
      });
      await gate.decide(await gate.requested(), 'deny', 'Not even so');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.results[0]?.text ?? '', /Not even so/);
    },
  },
  {
    program,
    name: 'hook: an approval that an administrator cancels is a denial',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      await gate.cancel(await gate.requested());
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.results[0]?.text ?? '', /cancelled/i);
    },
  },
  {
    program,
    name: 'hook: of two calls, each one has its own decision',
    play: async ({ stage, program, gate }) => {
      const other = { ...TOUCH, input: { command: 'touch other', description: 'Touch' } };
      const claude = await startClaude(stage, program, gate, {
        settings: hookSettings(gate.url),
        script: [[other], [TOUCH]],
      });
      await gate.decide(await gate.requested(), 'deny', 'Not this one');
      await gate.decide(await gate.requested(), 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
      assert.match(claude.results[0]?.text ?? '', /Not this one/);
      assert.equal(claude.results[1]?.isError, false);
    },
  },
  {
    program,
    name: 'hook: a call with a megabyte of input runs only when a person approves it',
    play: async ({ stage, program, gate }) => {
      const content = 'x'.repeat(1024 * 1024);
      const write = { tool: 'Write', input: { file_path: `${stage.folder('project')}/marker`, content } };
      const claude = await startClaude(stage, program, gate, {
        settings: hookSettings(gate.url),
        script: [[write]],
      });
      const approval = await gate.requested();
      assert.ok(JSON.stringify(approval.details).includes('marker'), 'the person sees which file');
      await gate.decide(approval, 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
    },
  },
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
      const settings = hookSettings(gate.url, { query: '?tools=Write&unmatched=ask' });
      const claude = await startClaude(stage, program, gate, { settings, args: NOT_ASKING });
      await claude.ended;
      // In print mode there is nobody whom it could ask.
      assert.equal(claude.hasRun, false);
      assert.equal(gate.asked, 0);
      assert.equal(claude.results[0]?.isError, true);
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
      const settings = hookSettings(gate.url, { event: 'PermissionRequest' });
      const claude = await startClaude(stage, program, gate, { settings, args: [] });
      await gate.decide(await gate.requested(), 'deny', 'Not on a Friday');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.results[0]?.text ?? '', /Not on a Friday/);
    },
  },
];
