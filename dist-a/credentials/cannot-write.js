/** The system does not let this process write the file; the message is a sentence. */
export class CannotWrite extends Error {
    constructor(path, { message }) {
        super(`cannot write '${path}': ${message}`);
    }
}
