/** The columns that a copy carries, in their order, with PostgreSQL's types. Every engine has all it needs in these. */
export const COPIED = {
    events: [
        ['seq', 'bigint'],
        ['at', 'bigint'],
        ['id', 'text'],
        ['kind', 'text'],
        ['agent_id', 'text'],
        ['entity', 'text'],
        ['expected', 'bigint'],
        ['approval_id', 'text'],
        ['status', 'text'],
        ['created_seq', 'bigint'],
        ['created_at', 'bigint'],
        ['expires_at', 'bigint'],
        ['decided_session', 'text'],
        ['decided_principal', 'text'],
        ['head', 'text'],
        ['payload', 'text'],
        ['state', 'text'],
    ],
    open: [
        ['entity', 'text'],
        ['seq', 'bigint'],
        ['created_seq', 'bigint'],
        ['agent_id', 'text'],
        ['created_at', 'bigint'],
        ['expires_at', 'bigint'],
    ],
    keys: [
        ['key', 'text'],
        ['request', 'text'],
        ['approval_id', 'text'],
    ],
};
export const TABLES = Object.keys(COPIED);
/** Rows that are in memory at once. */
export const BATCH_ROWS = 250;
