import { isDeepStrictEqual } from 'node:util';
import { asText, type Facts } from './facts.ts';
import type { Operation, Wrong } from './history.ts';

/** What timers may be early by, in milliseconds. */
const EARLY_MS = 5;

/** A wait is told the outcome that the log has, or truly that there was none yet. */
export function* checkWaits(facts: Facts): Generator<Wrong> {
  for (const operation of facts.operations) {
    const { kind, answer } = operation;
    if ((kind !== 'ask' && kind !== 'wait') || answer?.status !== 200) continue;
    if (!isTrue(operation, facts)) {
      const { outcome, approval } = answer.body;
      const what = `${asText(operation)}: ${outcome}, and the approval is ${approval.status}`;
      yield { rule: 'a wait gets the final outcome or has timed out', what, about: approval.id };
    }
  }
}

function isTrue(
  { kind, about, mark, answer, begunAt, endedAt, timeoutMs }: Operation,
  facts: Facts,
): boolean {
  const { outcome, approval } = answer?.body ?? {};
  if (kind === 'ask' ? approval.action !== mark : approval.id !== about) return false;
  if (outcome === 'timed_out') {
    return approval.status === 'pending' && endedAt - begunAt >= timeoutMs - EARLY_MS;
  }
  const final = facts.finalOf(approval.id)?.payload;
  return outcome === final?.outcome && isDeepStrictEqual(approval, final);
}
