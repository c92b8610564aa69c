export const NO_SUBJECT = {
    subject: { agent: null, approval: null },
    versions: { expected: 0, createdSeq: null, key: null },
    json: 'null',
};
export function holdAgent(held) {
    return held === undefined
        ? NO_SUBJECT
        : {
            subject: { agent: held.agent, approval: null },
            versions: { expected: held.seq, createdSeq: null, key: null },
            json: '',
        };
}
export function holdApproval(held) {
    return held === undefined
        ? NO_SUBJECT
        : {
            subject: { agent: null, approval: JSON.parse(held.json) },
            versions: { expected: held.seq, createdSeq: held.createdSeq, key: null },
            json: held.json,
        };
}
