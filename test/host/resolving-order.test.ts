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
  /** Whose principals the owner's session and the caller's have. */
  readonly principals: (typeof PRINCIPALS)[number];
  readonly ownerConnected: boolean;
  /** Who decided it, and whose decision is passed on: the caller, or somebody else by name or by principal. */
  readonly decider: (typeof SESSIONS)[number];
  readonly requester: (typeof SESSIONS)[number] | 'nobody';
}

const BOTH = [false, true];
const PRINCIPALS = [
  { owner: null, caller: null },
  { owner: null, caller: 'token:ann' },
  { owner: 'token:ann', caller: null },
  { owner: 'token:ann', caller: 'token:ann' },
  { owner: 'token:bob', caller: 'token:ann' },
] as const;
const SESSIONS = ['caller', 'another principal', 'another name'] as const;
const ID = 'approval-000000000001';

function* allCases(): Generator<Case> {
  for (const isKnown of BOTH)
    for (const isOffered of BOTH)
      for (const isDue of BOTH)
        for (const status of ['pending', 'resolved', 'expired', 'cancelled'] as const)
          for (const owner of ['nobody', 'caller', 'other'] as const)
            for (const principals of PRINCIPALS)
              for (const ownerConnected of BOTH)
                for (const decider of SESSIONS)
                  for (const requester of [...SESSIONS, 'nobody'] as const)
                    yield {
                      isKnown,
                      isOffered,
                      isDue,
                      status,
                      owner,
                      principals,
                      ownerConnected,
                      decider,
                      requester,
                    };
}

/** What is promised to clients, rule by rule. */
function promised(one: Case): string {
  if (!one.isKnown) return 'approval-not-found';
  if (!one.isOffered) return 'resolution-not-offered';
  if (one.status === 'pending' && one.isDue) return 'approval.expired, again';
  if (one.status === 'resolved' && one.decider === 'caller') return 'unchanged, changed';
  if (one.status !== 'pending') return 'approval-already-final';
  if (mayDecide(one)) return 'approval.resolved';
  if (!one.ownerConnected) return 'approval-owner-disconnected';
  return one.requester === 'caller' ? 'unchanged, passed-on' : 'approval.resolve_requested';
}

function mayDecide({ owner, principals }: Case): boolean {
  if (owner === 'nobody') return true;
  if (principals.owner === null && principals.caller !== null) return true;
  return owner === 'caller' && principals.owner === principals.caller;
}

function decided(one: Case): string {
  const isFinal = one.status !== 'pending';
  const sessions = {
    caller: by('caller', one.principals.caller),
    'another principal': by('caller', 'token:somebody'),
    'another name': by('somebody', one.principals.caller),
  };
  const approval = someApproval({
    client_id: one.owner === 'nobody' ? null : one.owner,
    requested_by: by(one.owner === 'nobody' ? 'gate-1' : one.owner, one.principals.owner),
    status: one.status,
    expires_at: one.isDue ? time(NOW) : null,
    resolution: one.status === 'resolved' ? 'approve' : null,
    decided_by: isFinal && one.status !== 'expired' ? sessions[one.decider] : null,
    resolve_requested:
      isFinal || one.requester === 'nobody'
        ? null
        : { resolution: 'approve', comment: null, ...sessions[one.requester], at: time(NOW) },
  });
  const command = resolve(ID, sessions.caller, one.isOffered ? 'approve' : 'perhaps');
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
