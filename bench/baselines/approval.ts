import type { Approval } from '../../src/model/approval.ts';

let created = 0;

/** An approval as the baselines make it. `node`: several make them. */
export function create(
  request: { action: string; details?: unknown; agent_id?: string | null },
  node = '',
): Approval {
  created += 1;
  return {
    id: `approval-${node}${created.toString(16).padStart(28 - node.length, '0')}`,
    agent_id: request.agent_id ?? null,
    client_id: null,
    action: request.action,
    details: request.details ?? null,
    options: ['approve', 'deny'],
    approve_label: 'approve',
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    created_at: new Date().toISOString(),
    resolved_at: null,
    expires_at: null,
    requested_by: { session_id: 'bench', principal: null },
    decided_by: null,
    resolve_requested: null,
  };
}
