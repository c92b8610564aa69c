import { createHash } from 'node:crypto';
import { DEFAULT_APPROVE_LABEL, DEFAULT_OPTIONS } from '../model/approval.js';
import { idempotencyKeyOf } from './headers.js';
/** Fills in the defaults, so that what is compared and what is stored is what would result. */
export function asked(request, systemLevel) {
    const { options = [] } = request;
    return {
        agent_id: request.agent_id ?? null,
        action: request.action,
        details: request.details ?? null,
        options: options.length === 0 ? DEFAULT_OPTIONS : options,
        approve_label: request.approve_label ?? DEFAULT_APPROVE_LABEL,
        system_level: systemLevel,
        expires_in_ms: request.expires_in_ms ?? null,
    };
}
/** Null: the request has none. */
export function idempotencyKey(request, by, approval) {
    const key = idempotencyKeyOf(request);
    return key === undefined
        ? null
        : {
            id: digest(JSON.stringify([by.principal, by.session_id, key])),
            request: digest(JSON.stringify(approval, inKeyOrder)),
        };
}
function digest(text) {
    return createHash('sha256').update(text).digest('base64url');
}
/** A `JSON.stringify` replacer: objects that differ only in the order of their keys become the same text. */
function inKeyOrder(_key, value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
