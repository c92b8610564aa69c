import { Type } from '@sinclair/typebox';
import { AboutAgent } from './agent.js';
import { Json, Nullable, Time, Words } from './schema.js';
import { Actor, SessionId } from './session.js';
export const DEFAULT_OPTIONS = ['approve', 'deny'];
export const DEFAULT_APPROVE_LABEL = 'approve';
/** A year, in milliseconds. */
export const EXPIRES_MS_MAX = 31_536_000_000;
export const APPROVAL_STATUSES = ['pending', 'resolved', 'expired', 'cancelled'];
export const ApprovalStatus = Words(APPROVAL_STATUSES, {
    description: 'A status other than `pending` is final and never changes again.',
});
export const FINAL_OUTCOMES = ['approved', 'denied', 'expired', 'cancelled'];
const Outcome = Nullable(Words(FINAL_OUTCOMES, {
    description: 'Null while pending; `approved` only if `resolution` equals `approve_label`.',
}));
export const ApprovalId = Type.String({
    pattern: '^approval-[0-9a-f]{12,}$',
    description: 'Made by the host.',
    examples: ['approval-019ab0c5d1f27a3b9c4d5e6f'],
});
const Action = Type.String({
    minLength: 1,
    maxLength: 500,
    description: 'What the agent wants to do.',
    examples: ['automation.run_applescript'],
});
const Details = Json('What the person needs to decide; null when not given.');
const Option = Type.String({ minLength: 1, maxLength: 100 });
const Options = Type.Array(Option, {
    maxItems: 20,
    uniqueItems: true,
    description: 'The answers offered; `["approve","deny"]` when not given or empty.',
    examples: [['approve', 'deny']],
});
const ApproveLabel = Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'The option that means yes; `approve` when not given; one of `options`.',
    examples: ['approve'],
});
const Comment = Nullable(Type.String({ maxLength: 2000, description: "Why, in the decider's words." }));
const APPROVAL_EXAMPLE = {
    id: 'approval-019ab0c5d1f27a3b9c4d5e6f',
    agent_id: 'researcher-1',
    client_id: null,
    action: 'automation.run_applescript',
    details: { command: 'osascript cleanup.scpt' },
    options: ['approve', 'deny'],
    approve_label: 'approve',
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    created_at: '2026-11-23T10:15:30.123Z',
    resolved_at: null,
    expires_at: null,
    requested_by: { session_id: 'gate-1', principal: null },
    decided_by: null,
    resolve_requested: null,
};
export const ResolveRequested = Type.Object({
    resolution: Option,
    comment: Comment,
    session_id: SessionId,
    principal: Nullable(Type.String()),
    at: Time('When it was passed on.'),
}, {
    title: 'ResolveRequested',
    additionalProperties: false,
    description: 'The last decision that was passed on to the owner and is still open.',
});
export const Approval = Type.Object({
    id: ApprovalId,
    agent_id: Nullable(AboutAgent),
    client_id: Nullable(SessionId),
    action: Action,
    details: Details,
    options: Options,
    approve_label: ApproveLabel,
    status: ApprovalStatus,
    outcome: Outcome,
    resolution: Nullable(Option),
    comment: Comment,
    created_at: Time('When it was created.'),
    resolved_at: Nullable(Time('Set on every final status; that of an expired one is never before `expires_at`.')),
    expires_at: Nullable(Time('When it stops being answerable; null: never.')),
    requested_by: Nullable(Actor),
    decided_by: Nullable(Actor),
    resolve_requested: Nullable(ResolveRequested),
}, {
    title: 'Approval',
    additionalProperties: false,
    description: 'A question that a person answers with one of its `options`. `client_id` is the owning session; null: system-level, any session may resolve it.',
    examples: [APPROVAL_EXAMPLE],
});
const ExpiresInMs = Nullable(Type.Integer({
    minimum: 1,
    maximum: EXPIRES_MS_MAX,
    description: 'How long it can be answered, in milliseconds; null or not given: as the service is configured.',
}));
const REQUEST = {
    agent_id: Type.Optional(Nullable(AboutAgent)),
    action: Action,
    details: Type.Optional(Details),
    options: Type.Optional(Options),
    approve_label: Type.Optional(ApproveLabel),
};
export const CreateApproval = Type.Object({
    ...REQUEST,
    system_level: Type.Optional(Type.Boolean({ description: 'True: owned by nobody, any session may resolve it.' })),
    expires_in_ms: Type.Optional(ExpiresInMs),
}, {
    title: 'CreateApproval',
    additionalProperties: false,
    examples: [{ agent_id: 'researcher-1', action: 'Run tests', details: { command: 'npm test' } }],
});
export const WAIT_TIMEOUT_DEFAULT_MS = 55_000;
export const WAIT_TIMEOUT_MAX_MS = 600_000;
export const TimeoutMs = Type.Integer({
    minimum: 0,
    maximum: WAIT_TIMEOUT_MAX_MS,
    default: WAIT_TIMEOUT_DEFAULT_MS,
    description: 'How long this connection waits, in milliseconds.',
});
export const WaitForNewApproval = Type.Object({ ...REQUEST, expires_in_ms: Type.Optional(ExpiresInMs), timeout_ms: Type.Optional(TimeoutMs) }, {
    title: 'WaitForNewApproval',
    additionalProperties: false,
    examples: [{ action: 'Deploy to production?', details: { version: '1.4.2' }, timeout_ms: 55_000 }],
});
export const ResolveApproval = Type.Object({ resolution: Option, comment: Type.Optional(Comment) }, {
    title: 'ResolveApproval',
    additionalProperties: false,
    examples: [{ resolution: 'approve', comment: 'looks right' }],
});
export const CancelApproval = Type.Object({ comment: Type.Optional(Comment) }, { title: 'CancelApproval', additionalProperties: false, examples: [{}, { comment: 'no longer needed' }] });
export const WaitAnswer = Type.Object({
    outcome: Words([...FINAL_OUTCOMES, 'timed_out'], {
        description: '`timed_out` means only that this connection waited long enough. An outcome a client does not know is not an approval.',
    }),
    approval: Approval,
}, {
    title: 'WaitAnswer',
    additionalProperties: false,
    examples: [{ outcome: 'timed_out', approval: APPROVAL_EXAMPLE }],
});
