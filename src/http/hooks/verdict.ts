import type { Approval, WaitAnswer } from '../../model/approval.ts';
import type { Verdict } from './answer.ts';

/** What the end of a wait means for the tool. An outcome that is not known is not an approval. */
export function verdictOf({ outcome, approval }: WaitAnswer, waitMs: number): Verdict {
  return outcome === 'approved'
    ? { decision: 'allow', reason: `approved by ${decider(approval)}${comment(approval)}`, outcome }
    : { decision: 'deny', reason: denial({ outcome, approval }, waitMs), outcome };
}

function denial({ outcome, approval }: WaitAnswer, waitMs: number): string {
  switch (outcome) {
    case 'denied':
      return `denied by ${decider(approval)}${comment(approval)}`;
    case 'expired':
      return `nobody decided before the question expired at ${approval.expires_at} (${approval.id}); ask the person what to do instead`;
    case 'cancelled':
      return `the question was cancelled by ${decider(approval)}${comment(approval)} (${approval.id}); the tool was not run`;
    default:
      return `nobody has decided within ${seconds(waitMs)} s, so the tool was not run. The question stays open as ${approval.id}: make exactly the same call again to go on waiting for the decision, or go on without it.`;
  }
}

/** The verdict when the node stops. */
export function shuttingDown(approvalId: string): Verdict {
  return {
    decision: 'deny',
    reason: `Sallyport is restarting, so the tool was not run. The question stays open as ${approvalId}; make the same call again in a moment, which asks anew.`,
    outcome: 'shutting-down',
  };
}

function decider({ decided_by }: Approval): string {
  return decided_by?.principal ?? `session '${decided_by?.session_id}'`;
}

function comment({ comment: words }: Approval): string {
  return words === null || words.trim() === '' ? '' : `: ${words}`;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
