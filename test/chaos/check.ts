import { checkAgents } from './check-agents.ts';
import { checkAnswers } from './check-answers.ts';
import { checkApprovals } from './check-approvals.ts';
import { checkLog } from './check-log.ts';
import { checkReadings } from './check-readings.ts';
import { checkSnapshots } from './check-snapshots.ts';
import { checkWaits } from './check-waits.ts';
import { factsOf } from './facts.ts';
import type { History, Wrong } from './history.ts';

/** Everything in it that must not be; empty: it is consistent. */
export function check(history: History): Wrong[] {
  const facts = factsOf(history);
  return [
    checkLog,
    checkApprovals,
    checkAnswers,
    checkWaits,
    checkAgents,
    checkReadings,
    checkSnapshots,
  ].flatMap((rules) => [...rules(facts)]);
}
