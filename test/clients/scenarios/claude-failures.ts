import assert from 'node:assert/strict';
import { failOpenSettings, type HookOptions, hookSettings, startClaude, TOUCH } from '../claude-code.ts';
import type { Scenario, Scene } from '../scenario.ts';

const program = 'Claude Code';
/** Nobody listens there. */
const NOWHERE = { agentToken: 'spt_of_nobody', url: 'http://127.0.0.1:9' };

/** What happens to a call when nobody can decide on it. */
export const claudeFailures: readonly Scenario[] = [
  {
    program,
    name: 'hook: a call that nobody decides within ?wait_ms= is denied; made again, it waits for the same approval',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, {
        settings: failOpenSettings(gate.url, { query: '?wait_ms=1500' }),
        script: [[TOUCH], [TOUCH]],
      });
      const approval = await gate.requested();
      const { text } = await claude.told.result(0);
      assert.match(text, /again/, 'the model reads how to go on');
      assert.equal(claude.hasRun, false);
      await gate.decide(approval, 'approve');
      await claude.ended;
      assert.equal(claude.hasRun, true);
      assert.equal(gate.asked, 1);
    },
  },
  {
    program,
    name: 'hook: when its own timeout passes, the call is blocked and the approval is cancelled',
    play: async ({ stage, program, gate }) => {
      const settings = hookSettings(gate.url, { fields: { timeout: 2 } });
      const claude = await startClaude(stage, program, gate, { settings });
      const approval = await gate.final(await gate.requested());
      assert.equal(approval.outcome, 'cancelled');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /timed out; blocking/);
    },
  },
  {
    program,
    name: 'hook: while the service is down, calls are blocked with "onFailure": "block"',
    play: async ({ stage, program }) => {
      const claude = await startClaude(stage, program, NOWHERE, { settings: hookSettings(NOWHERE.url) });
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /ECONNREFUSED/);
    },
  },
  {
    program,
    name: 'hook: while the service is down, calls RUN without "onFailure" (why every example has it)',
    play: async ({ stage, program }) => {
      const settings = failOpenSettings(NOWHERE.url);
      const claude = await startClaude(stage, program, NOWHERE, { settings });
      await claude.ended;
      assert.equal(claude.hasRun, true, 'the fact that the documentation warns of is none any more');
    },
  },
  {
    program,
    name: 'hook: a service that is killed while a call waits blocks the call',
    play: async ({ stage, program, gate }) => {
      const claude = await startClaude(stage, program, gate, { settings: hookSettings(gate.url) });
      await gate.requested();
      await gate.end('SIGKILL');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /blocking because onFailure/);
    },
  },
  {
    program,
    name: 'hook: a service that stops while a call waits denies the call and says so, also without "onFailure"',
    play: async ({ stage, program, gate }) => {
      const settings = failOpenSettings(gate.url);
      const claude = await startClaude(stage, program, gate, { settings });
      await gate.requested();
      await gate.end('SIGTERM');
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.match(claude.told.text(0), /restarting/);
    },
  },
  refused('an unknown token', { env: { SALLYPORT_TOKEN: 'spt_unknown' } }),
  refused('no token in its variable', { env: { SALLYPORT_TOKEN: '' } }),
  refused('the token of a viewer', { envOf: ({ gate }) => ({ SALLYPORT_TOKEN: gate.viewerToken }) }),
  refused('a query that is wrong', { query: '?wait_ms=soon' }),
];

/** Refusals are answered 200 with a denial, so that they also hold where the hook has no "onFailure". */
function refused(
  what: string,
  {
    env = {},
    envOf = () => env,
    query = '',
  }: HookOptions & {
    readonly env?: Record<string, string>;
    readonly envOf?: (scene: Scene) => Record<string, string>;
  },
): Scenario {
  return {
    program,
    name: `hook: ${what} is a denial that says why, also without "onFailure"`,
    play: async (scene) => {
      const { stage, program, gate } = scene;
      const settings = failOpenSettings(gate.url, { query });
      const claude = await startClaude(stage, program, gate, { settings, env: envOf(scene) });
      await claude.ended;
      assert.equal(claude.hasRun, false);
      assert.equal(gate.asked, 0);
      assert.match(claude.told.text(0), /token|credential|role|wait_ms/);
    },
  };
}
