import type { Agent } from '../model/agent.ts';
import type { Approval } from '../model/approval.ts';
import type { Actor } from '../model/session.ts';

/** Every way in which the host says no. Nothing has changed when it does. */
export type Refusal =
  | { readonly code: 'agent-not-found'; readonly agentId: string }
  | {
      readonly code: 'agent-owned-by-another-session';
      readonly agent: Agent;
      readonly registering: boolean;
      readonly by: Actor;
    }
  | { readonly code: 'approval-not-found'; readonly approvalId: string }
  | {
      readonly code: 'approve-label-not-offered';
      readonly approveLabel: string;
      readonly options: readonly string[];
    }
  | { readonly code: 'resolution-not-offered'; readonly resolution: string; readonly approval: Approval }
  | { readonly code: 'approval-already-final'; readonly approval: Approval }
  | { readonly code: 'approval-owner-disconnected'; readonly approval: Approval }
  | {
      readonly code: 'approval-requested-by-another-session';
      readonly approval: Approval;
      readonly by: Actor;
    }
  | { readonly code: 'idempotency-key-reused' }
  | {
      readonly code: 'too-many-pending-approvals';
      /** The limit that is reached: of the requesting session, of all approvals, or of all their texts. */
      readonly limit: 'of-session' | 'in-all' | 'in-bytes';
      readonly max: number;
    }
  | { readonly code: 'too-many-agents'; readonly max: number }
  | { readonly code: 'storage-unavailable'; readonly reason: string }
  | { readonly code: 'shutting-down' };
