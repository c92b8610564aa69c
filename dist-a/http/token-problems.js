import { TokenRefused } from '../credentials/token-refused.js';
import { ProblemError } from './problems.js';
/** What a change to the token of this name that was not made is over HTTP. */
export function tokenProblem(error, name) {
    return error instanceof TokenRefused
        ? refusals[error.reason](name)
        : new ProblemError('storage-unavailable', `the tokens could not be changed: ${error.message}`);
}
export function unknownToken(name) {
    return new ProblemError('token-not-found', `unknown token '${name}'`);
}
const refusals = {
    unknown: unknownToken,
    'name-taken': (name) => new ProblemError('token-name-taken', `there is or was a token '${name}', and a name is given only once; take another`),
    revoked: (name) => new ProblemError('token-ended', `token '${name}' is revoked, which is for good; make one of another name`),
    expired: (name) => new ProblemError('token-ended', `token '${name}' has expired; say when the new one shall, with 'expires_in_days'`),
    'from-setting': (name) => new ProblemError('token-read-only', `token '${name}' comes from SALLYPORT_TOKENS; change it there, and restart the service`),
    'no-file': () => new ProblemError('token-read-only', 'this service has no file to keep tokens in; name one with SALLYPORT_TOKENS_FILE, and restart it'),
    'too-many': () => new ProblemError('too-many-tokens', 'there are as many tokens as the file may have, revoked ones included; rotate one that is there'),
};
