import type { Agent } from '../model/agent.ts';
import type { Approval } from '../model/approval.ts';
import { type Recording, time } from './decision.ts';
import { newId } from './ids.ts';
import type { ApprovalChange, Change, EntityChange, IdempotencyKey } from './journal.ts';

/** What the journal has to know of the subject besides the decision. */
export interface Versions {
  /** `seq` of its newest entry; 0: it is new. */
  readonly expected: number;
  /** `seq` of its creation event; null: this is it. */
  readonly createdSeq: number | null;
  readonly key: IdempotencyKey | null;
}

/** Turns a decision into what is written: the texts that every reader will get are made here, once. */
export function encode(recording: Recording, now: number, versions: Versions): Change {
  const { kind, agentId, message, becomes } = recording;
  const id = newId('event-', now);
  const state =
    'agent' in becomes ? json(becomes.agent) : 'approval' in becomes ? json(becomes.approval) : 'null';
  const payload = recording.payload === undefined ? state : JSON.stringify(recording.payload);
  const head =
    `"id":"${id}","timestamp":"${time(now)}","kind":"${kind}",` +
    `"agent_id":${agentId === null ? 'null' : `"${agentId}"`},"message":${JSON.stringify(message)}`;
  return {
    id,
    kind,
    agentId,
    timestamp: now,
    head,
    payload,
    entity: entityChange(becomes, state, now, versions),
  };
}

function entityChange(
  becomes: Recording['becomes'],
  state: string,
  now: number,
  versions: Versions,
): EntityChange | null {
  if ('approval' in becomes) {
    return approvalChange(becomes.approval, state, now, versions);
  }
  if ('agent' in becomes) {
    return { type: 'agent', id: becomes.agent.id, expected: versions.expected, state };
  }
  if ('unregistered' in becomes) {
    return { type: 'agent', id: becomes.unregistered, expected: versions.expected, state: null };
  }
  return null;
}

function approvalChange(
  approval: Approval,
  state: string,
  now: number,
  { expected, createdSeq, key }: Versions,
): ApprovalChange {
  return {
    type: 'approval',
    id: approval.id,
    expected,
    createdSeq,
    key,
    state,
    status: approval.status,
    createdAt: createdSeq === null ? now : Date.parse(approval.created_at),
    expiresAt: approval.expires_at === null ? null : Date.parse(approval.expires_at),
    decidedBy: approval.decided_by,
  };
}

function json(subject: Agent | Approval): string {
  return JSON.stringify(subject);
}
