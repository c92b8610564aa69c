import { newId } from '../src/host/ids.ts';
import type { Change } from '../src/host/journal.ts';
import { SqliteLog } from '../src/journal/sqlite-log.ts';
import type { Approval } from '../src/model/approval.ts';

const GROUP = 1000;

/** Fills a log with approvals that are resolved and, after them, pending ones, through the engine itself. */
export function makeHistory(path: string, resolved: number, pending: number): void {
  const log = new SqliteLog(path, { retainEvents: 100_000, retainApprovalsDays: 365 });
  for (let done = 0; done < resolved; done += GROUP) {
    const asked = Array.from({ length: Math.min(GROUP, resolved - done) }, () => approvalAt(Date.now()));
    const { first } = log.commit(
      asked.map((approval) => change(approval, null)),
      Date.now(),
    );
    log.commit(
      asked.map((approval, index) => change(decided(approval), first + index)),
      Date.now(),
    );
    while (log.retain(Date.now())) {
      // What is due goes, as it would have in the years that this stands for.
    }
  }
  for (let done = 0; done < pending; done += GROUP) {
    const asked = Array.from({ length: Math.min(GROUP, pending - done) }, () => approvalAt(Date.now()));
    log.commit(
      asked.map((approval) => change(approval, null)),
      Date.now(),
    );
  }
  log.close();
}

function approvalAt(now: number): Approval {
  return {
    id: newId('approval-', now),
    agent_id: 'worker',
    client_id: null,
    action: 'Run tests',
    details: { command: 'npm test', cwd: '/srv/app', reason: 'x'.repeat(300) },
    options: ['approve', 'deny'],
    approve_label: 'approve',
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    created_at: new Date(now).toISOString(),
    resolved_at: null,
    expires_at: null,
    requested_by: { session_id: 'gate', principal: null },
    decided_by: null,
    resolve_requested: null,
  };
}

function decided(approval: Approval): Approval {
  const by = { session_id: 'ann', principal: null };
  return { ...approval, status: 'resolved', outcome: 'approved', resolution: 'approve', decided_by: by };
}

function change(approval: Approval, createdSeq: number | null): Change {
  const now = Date.now();
  const id = newId('event-', now);
  const state = JSON.stringify(approval);
  const kind = approval.status === 'pending' ? 'approval.requested' : 'approval.resolved';
  return {
    id,
    kind,
    agentId: approval.agent_id,
    timestamp: now,
    head: `"id":"${id}","timestamp":"${new Date(now).toISOString()}","kind":"${kind}","agent_id":"worker","message":"Run tests"`,
    payload: state,
    entity: {
      type: 'approval',
      id: approval.id,
      expected: createdSeq ?? 0,
      state,
      status: approval.status,
      createdSeq,
      createdAt: Date.parse(approval.created_at),
      expiresAt: null,
      decidedBy: approval.decided_by,
      key: null,
    },
  };
}
