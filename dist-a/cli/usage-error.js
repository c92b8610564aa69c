/** The command is not one that there is; the message is a sentence that says what is wrong. */
export class UsageError extends Error {
    name = 'UsageError';
}
