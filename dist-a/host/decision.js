/** True if what nothing is recorded for may be decided otherwise on a newer state. What is final, or asked wrong, stays so. */
export function mayBeOutdated(decision) {
    return decision.type === 'unchanged'
        ? decision.outcome === 'passed-on'
        : OUTDATED.includes(decision.refusal.code);
}
const OUTDATED = [
    'agent-not-found',
    'agent-owned-by-another-session',
    'approval-owner-disconnected',
];
export function refuse(refusal) {
    return { type: 'refuse', refusal };
}
let lastMs = Number.NaN;
let lastText = '';
/** ISO 8601 in UTC with milliseconds. Written once a millisecond: many things happen in one. */
export function time(ms) {
    if (ms !== lastMs) {
        lastText = new Date(ms).toISOString();
        lastMs = ms;
    }
    return lastText;
}
