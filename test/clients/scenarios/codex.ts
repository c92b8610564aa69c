import assert from 'node:assert/strict';
import { startCodex } from '../codex.ts';
import { at, examplesIn } from '../documented.ts';
import type { Scenario } from '../scenario.ts';

const program = 'Codex';

/** The command in docs/integrations/codex.md. `-m` is below the hook's timeout, so it is curl that gives up, and that blocks the call. */
export function hookOf(url: string, { maxS, event }: HookOptions = {}): string {
  const example = examplesIn('codex.md', 'toml').find((text) => text.includes('$SALLYPORT_TOKEN')) ?? '';
  // A basic string of TOML reads like one of JSON, as far as this one goes.
  const command = at(url, JSON.parse(example.replace(/^command = /, '')));
  const limited = maxS === undefined ? command : command.replace(/ -m \d+ /, ` -m ${maxS} `);
  return event === undefined ? limited : limited.replace(/(\?\S+)'/, `$1&event=${event}'`);
}

interface HookOptions {
  readonly maxS?: number;
  readonly event?: string;
}

export const codexScenarios: readonly Scenario[] = [
  {
    program,
    name: 'hook: an approved call runs',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      const approval = await gate.requested();
      assert.ok(JSON.stringify(approval.details).includes('touch marker'), 'the person sees the command');
      assert.equal((await gate.agentThatIs('waiting_for_approval')).kind, 'codex');
      assert.equal(codex.hasRun, false, 'nothing runs before the decision');
      await gate.decide(approval, 'approve');
      assert.equal((await codex.ended).code, 0);
      assert.equal(codex.hasRun, true);
    },
  },
  {
    program,
    name: 'hook: a denied call does not run, and the model reads the reason',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      await gate.decide(await gate.requested(), 'deny', 'Not on a Friday');
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /Not on a Friday/);
    },
  },
  {
    program,
    name: 'hook: a denial without a comment does not run either',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      await gate.decide(await gate.requested(), 'deny');
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /blocked by PreToolUse hook/);
    },
  },
  {
    program,
    name: 'hook: when curl’s -m passes, the call is blocked and the approval is cancelled',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url, { maxS: 2 }) });
      const approval = await gate.final(await gate.requested());
      assert.equal(approval.outcome, 'cancelled');
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /curl: \(28\)/);
    },
  },
  {
    program,
    name: 'hook: while the service is down, calls are blocked with "|| exit 2"',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf('http://127.0.0.1:9') });
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /curl: \(7\)/);
    },
  },
  {
    program,
    name: 'hook: a service that is killed while a call waits blocks the call',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      await gate.requested();
      await gate.end('SIGKILL');
      await codex.ended;
      assert.equal(codex.hasRun, false);
    },
  },
  {
    program,
    name: 'hook: a service that stops while a call waits denies the call and says so',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      await gate.requested();
      await gate.end('SIGTERM');
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /restarting/);
    },
  },
  {
    program,
    name: 'hook: an unknown token is a denial that says why',
    play: async ({ stage, program, gate }) => {
      const env = { SALLYPORT_TOKEN: 'spt_unknown' };
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url), env });
      await codex.ended;
      assert.equal(codex.hasRun, false);
      assert.match(codex.told.text(0), /token|credential/);
      assert.equal(gate.asked, 0);
    },
  },
  {
    program,
    name: 'hook: SIGINT to Codex cancels the approval',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url) });
      const asked = await gate.requested();
      codex.child.kill('SIGINT');
      assert.equal((await gate.final(asked)).outcome, 'cancelled');
      await codex.ended;
      assert.equal(codex.hasRun, false);
    },
  },
  {
    program,
    name: 'hook: calls RUN, and nobody is asked, until a person has trusted the hook (why there is that step)',
    play: async ({ stage, program, gate }) => {
      const codex = await startCodex(stage, program, gate, { hook: hookOf(gate.url), isTrusted: false });
      await codex.ended;
      assert.equal(codex.hasRun, true, 'the fact that the documentation warns of is none any more');
      assert.equal(gate.asked, 0);
    },
  },
];
