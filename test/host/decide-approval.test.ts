import { test } from 'tap';
import { decide } from '../../src/host/decide.ts';
import { type Decision, type Facts, time } from '../../src/host/decision.ts';
import type { Approval } from '../../src/model/approval.ts';
import { ask, by, cancel, NOW, resolve, someApproval, someFacts } from './samples.ts';

const ID = 'approval-000000000001';

function decideOn(
  command: Parameters<typeof decide>[0],
  approval: Approval | null,
  facts: Partial<Facts> = {},
) {
  return decide(command, { agent: null, approval }, someFacts(facts));
}

/** The approval that the decision makes; throws if it makes none. */
function becomes(decision: Decision): Approval {
  if (decision.type !== 'record' || !('approval' in decision.becomes)) {
    throw new Error(`it records no approval: ${JSON.stringify(decision)}`);
  }
  return decision.becomes.approval;
}

function refused(code: string, more: object = {}) {
  return { type: 'refuse', refusal: { code, ...more } };
}

const resolved = someApproval({
  status: 'resolved',
  outcome: 'denied',
  resolution: 'deny',
  comment: 'too risky',
  resolved_at: time(NOW - 500),
  decided_by: by('client-A'),
});
const expired = someApproval({
  status: 'expired',
  outcome: 'expired',
  expires_at: time(NOW - 500),
  resolved_at: time(NOW - 500),
});
const cancelled = someApproval({
  status: 'cancelled',
  outcome: 'cancelled',
  resolved_at: time(NOW - 500),
  decided_by: by('client-A'),
});
const overdue = someApproval({ expires_at: time(NOW) });
const systemLevel = someApproval({ client_id: null });

test('an approval that is asked for is pending, with nothing decided', (t) => {
  const command = ask('client-A', {
    agent_id: 'worker',
    details: { command: 'npm test' },
    options: ['yes', 'no', 'later'],
    approve_label: 'yes',
    expires_in_ms: 5000,
  });
  t.strictSame(decideOn(command, null), {
    type: 'record',
    outcome: 'created',
    kind: 'approval.requested',
    agentId: 'worker',
    message: 'Approval requested: Run tests',
    becomes: {
      approval: {
        id: command.id,
        agent_id: 'worker',
        client_id: 'client-A',
        action: 'Run tests',
        details: { command: 'npm test' },
        options: ['yes', 'no', 'later'],
        approve_label: 'yes',
        status: 'pending',
        outcome: null,
        resolution: null,
        comment: null,
        created_at: '2026-11-23T10:15:30.123Z',
        resolved_at: null,
        expires_at: '2026-11-23T10:15:35.123Z',
        requested_by: { session_id: 'client-A', principal: null },
        decided_by: null,
        resolve_requested: null,
      },
    },
  });
  t.end();
});

test('a system-level approval has no owner, and remembers who asked', (t) => {
  const approval = becomes(decideOn(ask(by('gate-1', 'ann'), { system_level: true }), null));
  t.equal(approval.client_id, null);
  t.strictSame(approval.requested_by, { session_id: 'gate-1', principal: 'ann' });
  t.end();
});

test('an approval expires as asked, else as configured, else never', (t) => {
  for (const [expires_in_ms, defaultExpiresMs, expires_at] of [
    [5000, null, time(NOW + 5000)],
    [5000, 60_000, time(NOW + 5000)],
    [null, 60_000, time(NOW + 60_000)],
    [null, null, null],
    [1, null, time(NOW + 1)],
    [31_536_000_000, null, time(NOW + 31_536_000_000)],
  ] as const) {
    const decision = decideOn(ask('client-A', { expires_in_ms }), null, { defaultExpiresMs });
    t.equal(becomes(decision).expires_at, expires_at);
  }
  t.end();
});

test('the option that means yes is one of the options', (t) => {
  const options = ['yes', 'no'];
  t.strictSame(
    decideOn(ask('client-A', { options, approve_label: 'approve' }), null),
    refused('approve-label-not-offered', { approveLabel: 'approve', options }),
  );
  t.equal(becomes(decideOn(ask('client-A', { options, approve_label: 'no' }), null)).approve_label, 'no');
  t.end();
});

test('a decision on an unknown approval is refused before anything else', (t) => {
  const unknown = refused('approval-not-found', { approvalId: ID });
  t.strictSame(decideOn(resolve(ID, 'client-B', 'perhaps'), null), unknown);
  t.strictSame(decideOn(cancel(ID, 'client-B'), null), unknown);
  t.strictSame(decideOn({ type: 'expire-approval', id: ID }, null), unknown);
  t.end();
});

test('a resolution that is not offered is refused, whatever else is wrong', (t) => {
  for (const approval of [someApproval(), overdue, resolved, expired, cancelled, systemLevel]) {
    for (const resolution of ['perhaps', 'Approve', 'approve ', '']) {
      t.strictSame(
        decideOn(resolve(ID, 'client-B', resolution), approval),
        refused('resolution-not-offered', { resolution, approval }),
      );
    }
  }
  t.end();
});

test('a decision that comes too late records that the approval has expired, and is then decided again', (t) => {
  const requested = { resolution: 'deny', comment: null, ...by('client-C'), at: time(NOW - 1) };
  for (const approval of [
    overdue,
    { ...overdue, resolve_requested: requested },
    { ...overdue, client_id: null },
  ]) {
    for (const command of [
      resolve(ID, 'client-A', 'approve'),
      resolve(ID, 'client-B', 'approve'),
      cancel(ID, 'client-A'),
    ]) {
      if (command.type === 'cancel-approval' && approval.client_id === null) {
        continue;
      }
      t.strictSame(decideOn(command, approval, { ownerConnected: true }), {
        type: 'record',
        outcome: 'changed',
        kind: 'approval.expired',
        agentId: 'worker',
        message: 'Approval expired: Run tests',
        becomes: {
          approval: {
            ...approval,
            status: 'expired',
            outcome: 'expired',
            resolved_at: time(NOW),
            decided_by: null,
            resolve_requested: null,
          },
        },
        again: true,
      });
    }
  }
  t.end();
});

test('an approval can be decided until the millisecond it expires in', (t) => {
  const command = resolve(ID, 'client-A', 'approve');
  t.equal(becomes(decideOn(command, overdue, { now: NOW - 1 })).status, 'resolved');
  t.equal(becomes(decideOn(command, overdue, { now: NOW })).status, 'expired');
  t.equal(becomes(decideOn(command, overdue, { now: NOW + 1 })).status, 'expired');
  t.end();
});

test('what is final stays as it is for the same resolution of the same session', (t) => {
  const unchanged = { type: 'unchanged', outcome: 'changed', subject: resolved };
  t.strictSame(decideOn(resolve(ID, 'client-A', 'deny'), resolved), unchanged);
  t.strictSame(decideOn(resolve(ID, 'client-A', 'deny', 'a new comment'), resolved), unchanged);
  t.end();
});

test('what is final is not decided again', (t) => {
  for (const [approval, command] of [
    [resolved, resolve(ID, 'client-A', 'approve')],
    [resolved, resolve(ID, 'client-B', 'deny')],
    [resolved, resolve(ID, by('client-A', 'ann'), 'deny')],
    [{ ...resolved, client_id: null }, resolve(ID, 'client-B', 'deny')],
    [expired, resolve(ID, 'client-A', 'approve')],
    [cancelled, resolve(ID, 'client-A', 'approve')],
    [resolved, cancel(ID, 'client-A')],
    [expired, cancel(ID, 'client-A')],
    [{ ...cancelled, decided_by: by('root', 'root') }, cancel(ID, 'client-A')],
  ] as const) {
    for (const ownerConnected of [false, true]) {
      t.strictSame(
        decideOn(command, approval, { ownerConnected }),
        refused('approval-already-final', { approval }),
      );
    }
  }
  t.end();
});

test('its owner decides an approval, and anybody one of nobody', (t) => {
  const requested = { resolution: 'deny', comment: null, ...by('client-B'), at: time(NOW - 1) };
  for (const [approval, decider] of [
    [someApproval(), by('client-A')],
    [someApproval({ resolve_requested: requested }), by('client-A')],
    [someApproval({ expires_at: time(NOW + 1) }), by('client-A')],
    [systemLevel, by('client-A')],
    [systemLevel, by('client-B', 'ann')],
    [someApproval({ requested_by: by('client-A', 'ann') }), by('client-A', 'ann')],
    [someApproval({ resolve_requested: requested }), by('client-A', 'ann')],
    [someApproval({ resolve_requested: requested }), by('client-B', 'ann')],
  ] as const) {
    for (const [resolution, outcome] of [
      ['approve', 'approved'],
      ['deny', 'denied'],
    ] as const) {
      t.strictSame(decideOn(resolve(ID, decider, resolution, 'looks right'), approval), {
        type: 'record',
        outcome: 'changed',
        kind: 'approval.resolved',
        agentId: 'worker',
        message: 'Approval resolved: Run tests',
        becomes: {
          approval: {
            ...approval,
            status: 'resolved',
            outcome,
            resolution,
            comment: 'looks right',
            resolved_at: time(NOW),
            decided_by: decider,
            resolve_requested: null,
          },
        },
      });
    }
  }
  t.end();
});

test('only the label that was asked for means yes', (t) => {
  const approval = someApproval({ options: ['approve', 'ship it', 'no'], approve_label: 'ship it' });
  for (const [resolution, outcome] of [
    ['ship it', 'approved'],
    ['approve', 'denied'],
    ['no', 'denied'],
  ] as const) {
    t.equal(becomes(decideOn(resolve(ID, 'client-A', resolution), approval)).outcome, outcome);
  }
  t.end();
});

test('a decision is not passed on to an owner that is not connected', (t) => {
  const requested = { resolution: 'deny', comment: null, ...by('client-B'), at: time(NOW - 1) };
  for (const approval of [someApproval(), someApproval({ resolve_requested: requested })]) {
    t.strictSame(
      decideOn(resolve(ID, 'client-B', 'deny'), approval),
      refused('approval-owner-disconnected', { approval }),
    );
  }
  t.end();
});

test('a decision is passed on to an owner that is connected, and replaces the one before', (t) => {
  const before = { resolution: 'deny', comment: 'no', ...by('client-B'), at: time(NOW - 1) };
  for (const [resolution, comment, decider, resolve_requested] of [
    ['deny', null, by('client-B'), null],
    ['approve', 'no', by('client-B'), before],
    ['deny', 'yes', by('client-B'), before],
    ['deny', null, by('client-B'), before],
    ['deny', 'no', by('client-C'), before],
    ['deny', 'no', by('client-B', 'ann'), before],
    ['deny', 'no', by('client-A', 'ann'), before],
    ['deny', 'no', by('client-B', 'bob'), before],
  ] as const) {
    const ownerPrincipals = decider.principal === null ? [null, 'bob'] : ['bob'];
    for (const principal of ownerPrincipals) {
      const approval = someApproval({ requested_by: by('client-A', principal), resolve_requested });
      t.strictSame(decideOn(resolve(ID, decider, resolution, comment), approval, { ownerConnected: true }), {
        type: 'record',
        outcome: 'passed-on',
        kind: 'approval.resolve_requested',
        agentId: 'worker',
        message: `Resolution requested for Run tests: ${resolution}`,
        payload: {
          approval_id: ID,
          resolution,
          comment,
          requesting_client_id: decider.session_id,
          owner_client_id: 'client-A',
        },
        becomes: {
          approval: { ...approval, resolve_requested: { resolution, comment, ...decider, at: time(NOW) } },
        },
      });
    }
  }
  t.end();
});

test('the same decision passed on again changes nothing', (t) => {
  const before = { resolution: 'deny', comment: 'no', ...by('client-B'), at: time(NOW - 1) };
  const approval = someApproval({ resolve_requested: before });
  t.strictSame(decideOn(resolve(ID, 'client-B', 'deny', 'no'), approval, { ownerConnected: true }), {
    type: 'unchanged',
    outcome: 'passed-on',
    subject: approval,
  });
  t.end();
});

test('who asked for an approval takes it back', (t) => {
  const requested = { resolution: 'deny', comment: null, ...by('client-B'), at: time(NOW - 1) };
  for (const approval of [
    someApproval(),
    systemLevel,
    someApproval({ resolve_requested: requested, expires_at: time(NOW + 1) }),
  ]) {
    t.strictSame(decideOn(cancel(ID, 'client-A', 'no longer needed'), approval), {
      type: 'record',
      outcome: 'changed',
      kind: 'approval.cancelled',
      agentId: 'worker',
      message: 'Approval cancelled: Run tests',
      becomes: {
        approval: {
          ...approval,
          status: 'cancelled',
          outcome: 'cancelled',
          comment: 'no longer needed',
          resolved_at: time(NOW),
          decided_by: by('client-A'),
          resolve_requested: null,
        },
      },
    });
  }
  t.end();
});

test('nobody else takes an approval back, whatever its status', (t) => {
  for (const approval of [someApproval(), systemLevel, overdue, resolved, expired, cancelled]) {
    for (const session of [by('client-B'), by('client-A', 'ann')]) {
      t.strictSame(
        decideOn(cancel(ID, session), approval),
        refused('approval-requested-by-another-session', { approval, by: session }),
      );
    }
  }
  t.end();
});

test('taking an approval back twice is once', (t) => {
  t.strictSame(decideOn(cancel(ID, 'client-A', 'a new comment'), cancelled), {
    type: 'unchanged',
    outcome: 'changed',
    subject: cancelled,
  });
  t.end();
});

test('an administrator takes any approval back, and the answer to the second time is the first', (t) => {
  const root = by('root', 'token:root');
  for (const approval of [
    someApproval(),
    systemLevel,
    someApproval({ requested_by: by('client-A', 'token:ann') }),
  ]) {
    const cancelledByRoot = becomes(decideOn(cancel(ID, root, 'its owner is gone', true), approval));
    t.strictSame(cancelledByRoot, {
      ...approval,
      status: 'cancelled',
      outcome: 'cancelled',
      comment: 'its owner is gone',
      resolved_at: time(NOW),
      decided_by: root,
    });
    t.strictSame(decideOn(cancel(ID, root, 'a new comment', true), cancelledByRoot), {
      type: 'unchanged',
      outcome: 'changed',
      subject: cancelledByRoot,
    });
    for (const other of [by('root', 'token:other'), by('other', 'token:root')]) {
      t.strictSame(
        decideOn(cancel(ID, other, null, true), cancelledByRoot),
        refused('approval-already-final', { approval: cancelledByRoot }),
      );
    }
    t.strictSame(
      decideOn(cancel(ID, approval.requested_by ?? ''), cancelledByRoot),
      refused('approval-already-final', { approval: cancelledByRoot }),
    );
    t.strictSame(
      decideOn(cancel(ID, root), cancelledByRoot),
      refused('approval-requested-by-another-session', { approval: cancelledByRoot, by: root }),
      'who is no administrator any more',
    );
  }
  t.end();
});

test('for an administrator too an approval is final when it is final, and expires when it is due', (t) => {
  const root = by('root', 'token:root');
  for (const approval of [resolved, expired, cancelled]) {
    t.strictSame(
      decideOn(cancel(ID, root, null, true), approval),
      refused('approval-already-final', { approval }),
    );
  }
  t.hasStrict(decideOn(cancel(ID, root, null, true), overdue), { kind: 'approval.expired', again: true });
  t.strictSame(
    decideOn(cancel(ID, root, null, true), null),
    refused('approval-not-found', { approvalId: ID }),
  );
  t.end();
});

test('who asked without a principal takes it back without one, and nobody with one does', (t) => {
  for (const approval of [someApproval(), systemLevel]) {
    const ann = by('client-A', 'token:ann');
    t.strictSame(
      decideOn(cancel(ID, ann), approval),
      refused('approval-requested-by-another-session', { approval, by: ann }),
    );
    t.equal(becomes(decideOn(cancel(ID, 'client-A'), approval)).status, 'cancelled');
  }
  t.end();
});

test('an approval expires when it is due, never before and never twice', (t) => {
  const expire = { type: 'expire-approval', id: ID } as const;
  const decision = decideOn(expire, overdue, { now: NOW + 5 });
  t.hasStrict(decision, { type: 'record', kind: 'approval.expired', outcome: 'changed' });
  t.notOk('again' in decision);
  t.strictSame(becomes(decision), {
    ...overdue,
    status: 'expired',
    outcome: 'expired',
    resolved_at: time(NOW + 5),
  });
  for (const approval of [
    someApproval(),
    someApproval({ expires_at: time(NOW + 1) }),
    resolved,
    expired,
    cancelled,
  ]) {
    t.strictSame(decideOn(expire, approval), { type: 'unchanged', outcome: 'changed', subject: approval });
  }
  t.end();
});
