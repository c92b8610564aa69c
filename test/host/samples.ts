import type { CreateApprovalCommand } from '../../src/host/commands.ts';
import { type Facts, time } from '../../src/host/decision.ts';
import { newId } from '../../src/host/ids.ts';
import type { IdempotencyKey } from '../../src/host/journal.ts';
import type { HostLimits } from '../../src/host/room.ts';
import type { Agent, RegisterAgent, SetAgentStatus } from '../../src/model/agent.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { Actor } from '../../src/model/session.ts';

/** When the tests happen: milliseconds since 1970. */
export const NOW = Date.parse('2026-11-23T10:15:30.123Z');

/** So much that no test comes near it. */
export const NO_LIMITS: HostLimits = {
  maxAgents: 1_000_000,
  maxPending: 1_000_000,
  maxPendingBytes: 1_000_000_000,
  maxPendingPerSession: 1_000_000,
};

export function by(sessionId: string, principal: string | null = null): Actor {
  return { session_id: sessionId, principal };
}

/** A name alone is a session without a principal. */
function actorOf(session: Actor | string): Actor {
  return typeof session === 'string' ? by(session) : session;
}

export function someFacts(facts: Partial<Facts> = {}): Facts {
  return { now: NOW, ownerConnected: false, defaultExpiresMs: null, ...facts };
}

/** A pending approval that `client-A` owns. */
export function someApproval(approval: Partial<Approval> = {}): Approval {
  return {
    id: 'approval-000000000001',
    agent_id: 'worker',
    client_id: 'client-A',
    action: 'Run tests',
    details: { command: 'npm test' },
    options: ['approve', 'deny'],
    approve_label: 'approve',
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    created_at: time(NOW - 1000),
    resolved_at: null,
    expires_at: null,
    requested_by: by('client-A'),
    decided_by: null,
    resolve_requested: null,
    ...approval,
  };
}

/** An agent that `client-A` owns. */
export function someAgent(agent: Partial<Agent> = {}): Agent {
  return {
    id: 'worker',
    name: 'Worker',
    kind: 'builtin',
    capabilities: ['search'],
    project: '/srv/app',
    session_id: 'client-A',
    principal: null,
    connected: false,
    status: 'running',
    current_task: 'Collect facts',
    pid: 4711,
    display: { label: 'Lead', icon: 'lens', accent: '#0a84ff' },
    updated_at: time(NOW - 1000),
    metadata: { room: 7 },
    ...agent,
  };
}

/** Asks for an approval, owned unless `system_level` says otherwise. */
export function ask(
  session: Actor | string,
  asked: Partial<CreateApprovalCommand['asked']> = {},
  key: IdempotencyKey | null = null,
): CreateApprovalCommand {
  return {
    type: 'create-approval',
    by: actorOf(session),
    id: newId('approval-', NOW),
    asked: {
      agent_id: null,
      action: 'Run tests',
      details: null,
      options: ['approve', 'deny'],
      approve_label: 'approve',
      system_level: false,
      expires_in_ms: null,
      ...asked,
    },
    key,
  };
}

export function resolve(
  id: string,
  session: Actor | string,
  resolution: string,
  comment: string | null = null,
) {
  return { type: 'resolve-approval', by: actorOf(session), id, resolution, comment } as const;
}

export function cancel(
  id: string,
  session: Actor | string,
  comment: string | null = null,
  asAdministrator = false,
) {
  return { type: 'cancel-approval', by: actorOf(session), id, comment, asAdministrator } as const;
}

export function register(id: string, session: Actor | string, request: Partial<RegisterAgent> = {}) {
  return {
    type: 'register-agent',
    by: actorOf(session),
    id,
    request: { name: id, kind: 'test', ...request },
  } as const;
}

export function setStatus(id: string, session: Actor | string, request: SetAgentStatus) {
  return { type: 'set-agent-status', by: actorOf(session), id, request } as const;
}

export function unregister(id: string, session: Actor | string, asAdministrator = false) {
  return { type: 'unregister-agent', by: actorOf(session), id, asAdministrator } as const;
}

export function notify(message = 'Backup finished', kind = 'host.notification', payload: unknown = null) {
  return { type: 'notify', kind, agentId: null, message, payload } as const;
}
