import { belongsToAnother, sameActor } from '../model/session.js';
import { refuse, time } from './decision.js';
export function createApproval(command, facts) {
    const { agent_id, action, details, options, approve_label, system_level, expires_in_ms } = command.asked;
    if (!options.includes(approve_label)) {
        return refuse({ code: 'approve-label-not-offered', approveLabel: approve_label, options });
    }
    const expiresInMs = expires_in_ms ?? facts.defaultExpiresMs;
    const approval = {
        id: command.id,
        agent_id,
        client_id: system_level ? null : command.by.session_id,
        action,
        details,
        options: [...options],
        approve_label,
        status: 'pending',
        outcome: null,
        resolution: null,
        comment: null,
        created_at: time(facts.now),
        resolved_at: null,
        expires_at: expiresInMs === null ? null : time(facts.now + expiresInMs),
        requested_by: { session_id: command.by.session_id, principal: command.by.principal },
        decided_by: null,
        resolve_requested: null,
    };
    return { ...recorded('approval.requested', `Approval requested: ${action}`, approval), outcome: 'created' };
}
export function resolveApproval(command, current, facts) {
    if (current === null) {
        return refuse({ code: 'approval-not-found', approvalId: command.id });
    }
    const { by, resolution, comment } = command;
    if (!current.options.includes(resolution)) {
        return refuse({ code: 'resolution-not-offered', resolution, approval: current });
    }
    if (isOverdue(current, facts.now)) {
        return { ...expired(current, facts), again: true };
    }
    if (current.status !== 'pending') {
        return current.resolution === resolution && sameActor(current.decided_by, by)
            ? { type: 'unchanged', outcome: 'changed', subject: current }
            : refuse({ code: 'approval-already-final', approval: current });
    }
    const owner = ownerOf(current);
    if (owner !== null && belongsToAnother(owner, by)) {
        return passOn(command, current, owner, facts);
    }
    return recorded('approval.resolved', `Approval resolved: ${current.action}`, {
        ...current,
        status: 'resolved',
        outcome: resolution === current.approve_label ? 'approved' : 'denied',
        resolution,
        comment,
        resolved_at: time(facts.now),
        decided_by: { session_id: by.session_id, principal: by.principal },
        resolve_requested: null,
    });
}
/** Another session owns it: only the owner decides, so the decision is passed on to it, if it is there to see it. */
function passOn(command, current, owner, facts) {
    if (!facts.ownerConnected) {
        return refuse({ code: 'approval-owner-disconnected', approval: current });
    }
    const { by, resolution, comment } = command;
    const before = current.resolve_requested;
    if (before?.resolution === resolution && before.comment === comment && sameActor(before, by)) {
        return { type: 'unchanged', outcome: 'passed-on', subject: current };
    }
    const approval = {
        ...current,
        resolve_requested: {
            resolution,
            comment,
            session_id: by.session_id,
            principal: by.principal,
            at: time(facts.now),
        },
    };
    return {
        ...recorded('approval.resolve_requested', `Resolution requested for ${current.action}: ${resolution}`, approval),
        outcome: 'passed-on',
        payload: {
            approval_id: current.id,
            resolution,
            comment,
            requesting_client_id: by.session_id,
            owner_client_id: owner.session_id,
        },
    };
}
export function cancelApproval(command, current, facts) {
    if (current === null) {
        return refuse({ code: 'approval-not-found', approvalId: command.id });
    }
    const { by, comment, asAdministrator } = command;
    // Not the rule of ownership: what is nobody's may be decided by anyone, but only who asked takes a question back.
    if (!asAdministrator && !sameActor(current.requested_by, by)) {
        return refuse({ code: 'approval-requested-by-another-session', approval: current, by });
    }
    if (isOverdue(current, facts.now)) {
        return { ...expired(current, facts), again: true };
    }
    if (current.status === 'cancelled' && sameActor(current.decided_by, by)) {
        return { type: 'unchanged', outcome: 'changed', subject: current };
    }
    if (current.status !== 'pending') {
        return refuse({ code: 'approval-already-final', approval: current });
    }
    return recorded('approval.cancelled', `Approval cancelled: ${current.action}`, {
        ...current,
        status: 'cancelled',
        outcome: 'cancelled',
        comment,
        resolved_at: time(facts.now),
        decided_by: { session_id: by.session_id, principal: by.principal },
        resolve_requested: null,
    });
}
export function expireApproval(command, current, facts) {
    if (current === null) {
        return refuse({ code: 'approval-not-found', approvalId: command.id });
    }
    if (!isOverdue(current, facts.now)) {
        return { type: 'unchanged', outcome: 'changed', subject: current };
    }
    return expired(current, facts);
}
function expired(current, facts) {
    return recorded('approval.expired', `Approval expired: ${current.action}`, {
        ...current,
        status: 'expired',
        outcome: 'expired',
        resolved_at: time(facts.now),
        resolve_requested: null,
    });
}
function recorded(kind, message, approval) {
    return {
        type: 'record',
        outcome: 'changed',
        kind,
        agentId: approval.agent_id,
        message,
        becomes: { approval },
    };
}
/** Still pending, although its `expires_at` has passed. */
function isOverdue(approval, now) {
    return (approval.status === 'pending' && approval.expires_at !== null && Date.parse(approval.expires_at) <= now);
}
/** Who owns it; null: system-level, any session may resolve it. */
export function ownerOf(approval) {
    return approval.client_id === null ? null : approval.requested_by;
}
