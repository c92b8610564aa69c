import type { RegisterAgent, SetAgentStatus } from '../model/agent.ts';
import type { Actor } from '../model/session.ts';
import type { IdempotencyKey } from './journal.ts';

/** What the host can be asked to do. Ids are made before, so that deciding is a pure function. */
export type Command =
  | {
      readonly type: 'register-agent';
      readonly by: Actor;
      readonly id: string;
      readonly request: RegisterAgent;
    }
  | {
      readonly type: 'set-agent-status';
      readonly by: Actor;
      readonly id: string;
      readonly request: SetAgentStatus;
    }
  | {
      readonly type: 'unregister-agent';
      readonly by: Actor;
      readonly id: string;
      /** Whoever owns it: nothing of a dead owner stays forever. */
      readonly asAdministrator: boolean;
    }
  | CreateApprovalCommand
  | {
      readonly type: 'resolve-approval';
      readonly by: Actor;
      readonly id: string;
      readonly resolution: string;
      readonly comment: string | null;
    }
  | {
      readonly type: 'cancel-approval';
      readonly by: Actor;
      readonly id: string;
      readonly comment: string | null;
      /** Whoever asked for it. */
      readonly asAdministrator: boolean;
    }
  | { readonly type: 'expire-approval'; readonly id: string }
  | {
      readonly type: 'notify';
      readonly kind: string;
      readonly agentId: string | null;
      readonly message: string;
      readonly payload: unknown;
    };

export interface CreateApprovalCommand {
  readonly type: 'create-approval';
  readonly by: Actor;
  readonly id: string;
  readonly asked: AskedApproval;
  readonly key: IdempotencyKey | null;
}

/** An approval as it was asked for, with the defaults filled in. */
export interface AskedApproval {
  readonly agent_id: string | null;
  readonly action: string;
  readonly details: unknown;
  readonly options: readonly string[];
  readonly approve_label: string;
  readonly system_level: boolean;
  /** As given; null: as the service is configured. */
  readonly expires_in_ms: number | null;
}

/** What no second command may touch meanwhile. An idempotency key counts as an entity. */
export function lockOf(command: Command): string | undefined {
  switch (command.type) {
    case 'notify':
      return undefined;
    case 'create-approval':
      return command.key === null ? undefined : `key:${command.key.id}`;
    case 'register-agent':
    case 'set-agent-status':
    case 'unregister-agent':
      return `agent:${command.id}`;
    case 'resolve-approval':
    case 'cancel-approval':
    case 'expire-approval':
      return `approval:${command.id}`;
  }
}
