import { time } from './decision.js';
import { newId } from './ids.js';
/** Turns a decision into what is written: the texts that every reader will get are made here, once. */
export function encode(recording, now, versions) {
    const { kind, agentId, message, becomes } = recording;
    const id = newId('event-', now);
    const state = 'agent' in becomes ? json(becomes.agent) : 'approval' in becomes ? json(becomes.approval) : 'null';
    const payload = recording.payload === undefined ? state : JSON.stringify(recording.payload);
    const head = `"id":"${id}","timestamp":"${time(now)}","kind":"${kind}",` +
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
function entityChange(becomes, state, now, versions) {
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
function approvalChange(approval, state, now, { expected, createdSeq, key }) {
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
function json(subject) {
    return JSON.stringify(subject);
}
