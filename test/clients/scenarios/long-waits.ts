import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { failOpenSettings, hookSettings, startClaude } from '../claude-code.ts';
import { startCodex } from '../codex.ts';
import type { Scenario } from '../scenario.ts';
import { hookOf } from './codex.ts';

/** A proxy's usual limit, and that of many clients, is 60 s. */
const LONG_MS = 70_000;
/** By then an answer has begun: white space goes ahead of it, so that nothing on the way takes it for dead. */
const BEGUN_MS = 35_000;

/** What is different when an answer has been on its way for a while. */
export const longWaits: readonly Scenario[] = [
  {
    program: 'Claude Code',
    isLong: true,
    name: `hook: a person may take longer than ${LONG_MS / 1000} s`,
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      const approval = await gate.requested();
      await setTimeout(LONG_MS);
      await gate.decide(approval, 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
    },
  },
  {
    program: 'Claude Code',
    isLong: true,
    name: `hook: a service that stops when a call has waited for ${BEGUN_MS / 1000} s denies the call`,
    play: async ({ stage, program, gate }) => {
      const settings = failOpenSettings(gate.url);
      const claude = await startClaude(stage, program, gate, { settings });
      await gate.requested();
      await setTimeout(BEGUN_MS);
      await gate.end('SIGTERM');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /restarting/);
    },
  },
  {
    program: 'Claude Code',
    isLong: true,
    name: `hook: a service that is killed when a call has waited for ${BEGUN_MS / 1000} s blocks the call`,
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      await gate.requested();
      await setTimeout(BEGUN_MS);
      await gate.end('SIGKILL');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /blocking because onFailure/);
    },
  },
  {
    program: 'Codex',
    isLong: true,
    name: `hook: a denial after ${LONG_MS / 1000} s is one`,
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      const approval = await gate.requested();
      await setTimeout(LONG_MS);
      await gate.decide(approval, 'deny', 'Not on a Friday');
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /Not on a Friday/);
    },
  },
  {
    program: 'Codex',
    isLong: true,
    name: `hook: a service that is killed when a call has waited for ${BEGUN_MS / 1000} s blocks the call`,
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      await gate.requested();
      await setTimeout(BEGUN_MS);
      await gate.end('SIGKILL');
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /curl: \(18\)/);
    },
  },
];
