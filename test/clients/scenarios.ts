import type { Scenario } from './scenario.ts';
import { agentSdkScenarios } from './scenarios/agent-sdk.ts';
import { claudeDecisions } from './scenarios/claude-decisions.ts';
import { claudeFailures } from './scenarios/claude-failures.ts';
import { claudeLeaves } from './scenarios/claude-leaves.ts';
import { codexScenarios } from './scenarios/codex.ts';
import { codexTerminal } from './scenarios/codex-terminal.ts';
import { initScenarios } from './scenarios/init.ts';
import { longWaits } from './scenarios/long-waits.ts';
import { permissionPromptScenarios } from './scenarios/permission-prompt.ts';
import { requestApprovalScenarios } from './scenarios/request-approval.ts';

/** All of them, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  ...claudeDecisions,
  ...claudeFailures,
  ...claudeLeaves,
  ...initScenarios,
  ...permissionPromptScenarios,
  ...requestApprovalScenarios,
  ...agentSdkScenarios,
  ...codexScenarios,
  ...codexTerminal,
  ...longWaits,
];
