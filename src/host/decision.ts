import type { Agent } from '../model/agent.ts';
import type { Approval } from '../model/approval.ts';
import type { Refusal } from './refusal.ts';

/** What the command is about, as it is now. Null: there is none. */
export interface Subject {
  readonly agent: Agent | null;
  readonly approval: Approval | null;
}

/** What a decision may rest on besides the state. */
export interface Facts {
  /** When the host took the command up: milliseconds since 1970, UTC. */
  readonly now: number;
  /** The session that owns the subject holds a stream. For an agent that is registered: its session does. */
  readonly ownerConnected: boolean;
  /** For approvals that are asked for without an `expires_in_ms`; null: never. */
  readonly defaultExpiresMs: number | null;
}

export type Decision =
  | Recording
  | { readonly type: 'unchanged'; readonly outcome: Outcome; readonly subject: Agent | Approval }
  | { readonly type: 'refuse'; readonly refusal: Refusal };

/** An event to be recorded. */
export interface Recording {
  readonly type: 'record';
  readonly outcome: Outcome;
  readonly kind: string;
  readonly agentId: string | null;
  readonly message: string;
  /** Given when the payload is not what the subject becomes. */
  readonly payload?: unknown;
  readonly becomes: Becomes;
  /** The command is decided again after this is recorded. */
  readonly again?: true;
}

export type Becomes =
  | { readonly agent: Agent }
  | { readonly unregistered: string }
  | { readonly approval: Approval }
  | { readonly nothing: true };

/** What a command came to, for whoever has to answer it. */
export type Outcome = 'created' | 'changed' | 'passed-on';

/** True if what nothing is recorded for may be decided otherwise on a newer state. What is final, or asked wrong, stays so. */
export function mayBeOutdated(decision: Exclude<Decision, Recording>): boolean {
  return decision.type === 'unchanged'
    ? decision.outcome === 'passed-on'
    : OUTDATED.includes(decision.refusal.code);
}

const OUTDATED: readonly Refusal['code'][] = [
  'agent-not-found',
  'agent-owned-by-another-session',
  'approval-owner-disconnected',
];

export function refuse(refusal: Refusal): Decision {
  return { type: 'refuse', refusal };
}

let lastMs = Number.NaN;
let lastText = '';

/** ISO 8601 in UTC with milliseconds. Written once a millisecond: many things happen in one. */
export function time(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}
