/** Which limit is reached, and what to do. */
export function limitSentence(refusal) {
    const { max } = refusal;
    if (refusal.code === 'too-many-agents') {
        return `${max} agents are registered, as many as SALLYPORT_MAX_AGENTS allows; unregister some that are gone`;
    }
    switch (refusal.limit) {
        case 'of-session':
            return `this session has ${max} approvals pending, as many as SALLYPORT_MAX_PENDING_PER_SESSION allows; ${DECIDE}`;
        case 'in-all':
            return `${max} approvals are pending, as many as SALLYPORT_MAX_PENDING allows; ${DECIDE}`;
        case 'in-bytes':
            return `with this approval the pending ones would be larger than the ${max} bytes of SALLYPORT_MAX_PENDING_BYTES; send less in 'details', or ${DECIDE}`;
    }
}
const DECIDE = 'decide or cancel some, then ask again';
