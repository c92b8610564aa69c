import { test } from 'tap';
import { decide } from '../../src/host/decide.ts';
import { time } from '../../src/host/decision.ts';
import type { Approval } from '../../src/model/approval.ts';
import { by, NOW, resolve, someApproval, someFacts } from './samples.ts';

/** Every combination of what the order of the checks depends on. */
interface Case {
  readonly isKnown: boolean;
  readonly isOffered: boolean;
  readonly isDue: boolean;
  readonly status: Approval['status'];
  readonly owner: 'nobody' | 'caller' | 'other';
  readonly ownerConnected: boolean;
  readonly isSameDecision: boolean;
  readonly isSameRequest: boolean;
}

const BOTH = [false, true];
const ID = 'approval-000000000001';

function* allCases(): Generator<Case> {
  for (const isKnown of BOTH)
    for (const isOffered of BOTH)
      for (const isDue of BOTH)
        for (const status of ['pending', 'resolved', 'expired', 'cancelled'] as const)
          for (const owner of ['nobody', 'caller', 'other'] as const)
            for (const ownerConnected of BOTH)
              for (const isSameDecision of BOTH)
                for (const isSameRequest of BOTH)
                  yield {
                    isKnown,
                    isOffered,
                    isDue,
                    status,
                    owner,
                    ownerConnected,
                    isSameDecision,
                    isSameRequest,
                  };
}

/** What is promised to clients, rule by rule. */
function promised(one: Case): string {
  if (!one.isKnown) return 'approval-not-found';
  if (!one.isOffered) return 'resolution-not-offered';
  if (one.status === 'pending' && one.isDue) return 'approval.expired, again';
  if (one.status === 'resolved' && one.isSameDecision) return 'unchanged, changed';
  if (one.status !== 'pending') return 'approval-already-final';
  if (one.owner !== 'other') return 'approval.resolved';
  if (!one.ownerConnected) return 'approval-owner-disconnected';
  return one.isSameRequest ? 'unchanged, passed-on' : 'approval.resolve_requested';
}

function decided(one: Case): string {
  const isFinal = one.status !== 'pending';
  const decider = by(one.isSameDecision ? 'caller' : 'somebody');
  const approval = someApproval({
    client_id: one.owner === 'nobody' ? null : one.owner,
    requested_by: by(one.owner === 'nobody' ? 'gate-1' : one.owner),
    status: one.status,
    expires_at: one.isDue ? time(NOW) : null,
    resolution: one.status === 'resolved' ? 'approve' : null,
    decided_by: isFinal && one.status !== 'expired' ? decider : null,
    resolve_requested:
      one.isSameRequest && !isFinal
        ? { resolution: 'approve', comment: null, ...by('caller'), at: time(NOW) }
        : null,
  });
  const command = resolve(ID, 'caller', one.isOffered ? 'approve' : 'perhaps');
  const subject = { agent: null, approval: one.isKnown ? approval : null };
  const decision = decide(command, subject, someFacts({ ownerConnected: one.ownerConnected }));
  switch (decision.type) {
    case 'refuse':
      return decision.refusal.code;
    case 'unchanged':
      return `unchanged, ${decision.outcome}`;
    case 'record':
      return decision.again ? `${decision.kind}, again` : decision.kind;
  }
}

test('a decision is checked in the promised order, whatever is wrong at the same time', (t) => {
  const seen = new Set<string>();
  for (const one of allCases()) {
    seen.add(promised(one));
    if (decided(one) !== promised(one)) {
      t.equal(decided(one), promised(one), JSON.stringify(one));
    }
  }
  t.equal(seen.size, 9, 'every rule has been met');
  t.end();
});
