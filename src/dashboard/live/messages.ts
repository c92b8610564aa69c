import type { Agent } from '../../model/agent.ts';
import type { Approval } from '../../model/approval.ts';
import type { Event } from '../../model/event.ts';
import type { ConnectedSession } from '../../model/session.ts';
import type { Hello, Snapshot } from '../../model/stream.ts';

/** What a stream says, and what its holder makes up for a tab that comes late. `id`: the position after it, '' for none. */
export type Frame =
  | { readonly type: 'hello'; readonly id: string; readonly hello: Hello }
  | { readonly type: 'snapshot'; readonly id: string; readonly snapshot: Snapshot }
  | { readonly type: 'event'; readonly id: string; readonly event: Event }
  /** An agent that was read again: the event about it did not carry it. */
  | { readonly type: 'agent'; readonly id: ''; readonly agent: Agent };

export type Status = 'connecting' | 'live' | 'reconnecting' | 'signed-out';

/** From the holder of the stream to the tabs. */
export type ToTab =
  | { readonly type: 'frames'; readonly frames: readonly Frame[] }
  | { readonly type: 'status'; readonly status: Status }
  | {
      readonly type: 'sessions';
      readonly sessions: readonly ConnectedSession[];
      readonly clockOffsetMs: number;
    }
  /** To one tab of all, when none is being looked at. */
  | { readonly type: 'notify'; readonly approval: Approval }
  /** Another holder has taken over, or has forgotten you: say that you are here. */
  | { readonly type: 'who' };

/** From a tab to the holder of the stream. */
export type FromTab =
  | {
      readonly type: 'join';
      readonly sessionId: string;
      readonly isVisible: boolean;
      /** The newest event that it has; null: it has no state yet. */
      readonly seq: number | null;
    }
  | { readonly type: 'visible'; readonly isVisible: boolean }
  /** It has what it was sent last: it is still there, and keeps up. */
  | { readonly type: 'took' }
  | { readonly type: 'leave' }
  /** The network is back, or somebody looks: do not wait any longer. */
  | { readonly type: 'retry' }
  | { readonly type: 'read-sessions' };
