import { allows } from '../credentials/roles.js';
import { ANYONE } from './caller.js';
import { cookieOf, requireOwnPage } from './cookie.js';
import { OpenMode } from './open-mode.js';
import { invalid, ProblemError } from './problems.js';
import { RequestRates } from './request-rates.js';
import { needOf } from './route-permissions.js';
/** Credentials do not belong into URLs, which end up in logs, histories and the headers of other requests. */
const CREDENTIAL_IN_QUERY = /\?.*(\bspt(_|%5f)|\beyJ[\w-]+\.|\b(access_)?token=)/i;
/** `WWW-Authenticate` (RFC 6750, section 3): without a token there is no error code. */
const NO_TOKEN = 'Bearer realm="sallyport"';
export const INVALID_TOKEN = `${NO_TOKEN}, error="invalid_token"`;
export const INSUFFICIENT = `${NO_TOKEN}, error="insufficient_scope"`;
const NO_LONGER_GOOD = 'the credential of this request is no longer good';
const NEEDED_NOW = 'this service needs credentials from now on';
const NOTHING_DONE = 'nothing was done, because this request was not complete in time';
const STAYS = 'what this request asked for stays: ask again';
/** Whoever made the first token over HTTP would shut out everybody else. */
const NO_ADMINISTRATOR = "the request is refused: while this service needs no credentials nobody is its administrator; make the first token with 'sallyport token create --name NAME --role admin'";
/** Who sends a request, and whether they may do what it asks: before anything else of the request is looked at. */
export class Access {
    #options;
    #openMode;
    #rates;
    #callers = new WeakMap();
    /** Guards every route that is added to `app` from now on; one that is not in the table cannot be added. */
    constructor(app, options) {
        this.#options = options;
        this.#openMode = new OpenMode(options);
        this.#rates = new RequestRates(app, options.limits, (request) => `${this.callerOf(request).principal}`);
        app.addHook('onRoute', requireNeed);
        app.addHook('onRequest', this.#guard);
        app.addHook('preHandler', this.#guardAgain);
    }
    get authenticator() {
        return this.#options.authenticator;
    }
    /** Who sends this request. Throws for one that the guard has not let in: nobody is no operator. */
    callerOf(request) {
        const caller = this.#callers.get(request);
        if (caller === undefined) {
            throw new Error(`no guard has let in this ${request.method} ${request.routeOptions.url}: it has no caller`);
        }
        return caller;
    }
    /** Counts a wrong credential that came in a body. Throws a 429 when there were too many from this address. */
    countRefused(request) {
        return this.#rates.ofRefused(request);
    }
    /** Calls `end` once when the credential of a request that goes on is no longer good. Call the answer at its end. */
    onInvalid(request, end) {
        const { authenticated } = this.callerOf(request);
        return this.authenticator.onInvalid(authenticated, () => end(ended(authenticated, STAYS)));
    }
    /** A hook: the first one that says anything of a request, whatever is there, so that a refusal tells nothing of it. */
    #guard = (request, _reply, done) => {
        // Where there is nothing, or not with this method, whoever may read may know that.
        const need = needOf(request.method, request.routeOptions.url ?? '') ?? 'read';
        if (need === 'open') {
            done();
        }
        else if (this.authenticator.isConfigured) {
            this.#admit(request, need).then(() => done(), (error) => {
                this.#callers.delete(request);
                done(error);
            });
        }
        else {
            const refusal = this.#refusalOfAnyone(request, need);
            if (refusal === undefined) {
                this.#callers.set(request, ANYONE);
            }
            done(refusal);
        }
    };
    /** A hook: a body may take its time, and its credential may be revoked meanwhile. */
    #guardAgain = (request, _reply, done) => {
        const caller = this.#callers.get(request);
        const isStillGood = caller === undefined || this.authenticator.isGood(caller.authenticated);
        done(isStillGood ? undefined : ended(caller.authenticated, NOTHING_DONE));
    };
    /** Why the request is not taken, in open mode; undefined: it is. */
    #refusalOfAnyone(request, need) {
        const refusal = this.#options.isInsecure ? undefined : this.#openMode.refusal(request);
        const isAllowed = need === 'sign-in' || allows(ANYONE.role, need);
        return refusal ?? (isAllowed ? undefined : new ProblemError('forbidden', NO_ADMINISTRATOR));
    }
    /** Throws unless the request may do it. */
    async #admit(request, need) {
        await this.#rates.ofAddress(request);
        if (CREDENTIAL_IN_QUERY.test(request.url)) {
            throw invalid('query', 'must not hold a credential: send it in the header Authorization');
        }
        if (need === 'sign-in') {
            return;
        }
        const caller = await this.#identify(request);
        this.#callers.set(request, caller);
        await this.#rates.ofPrincipal(request);
        if (!allows(caller.role, need)) {
            throw notAllowed(caller, need);
        }
    }
    async #identify(request) {
        const { authorization } = request.headers;
        const found = await this.authenticator.authenticate({ authorization, cookie: cookieOf(request) });
        if ('refused' in found) {
            throw await this.#refusal(request, found);
        }
        if (found.source === 'cookie') {
            requireOwnPage(request, this.#options.publicOrigin);
        }
        return { principal: found.principal, role: found.role, authenticated: found };
    }
    async #refusal(request, { refused, sentence }) {
        if (refused === 'unavailable') {
            return new ProblemError('storage-unavailable', sentence);
        }
        const isMissing = refused === 'missing' || refused === 'missing-or-jwt';
        if (!isMissing) {
            await this.#rates.ofRefused(request);
        }
        const isTried = !isMissing && refused !== 'unsupported-scheme';
        return new ProblemError('unauthenticated', sentence, { challenge: isTried ? INVALID_TOKEN : NO_TOKEN });
    }
}
/** The 401 of a request that was let in. */
function ended(authenticated, consequence) {
    const [why, challenge] = authenticated === null ? [NEEDED_NOW, NO_TOKEN] : [NO_LONGER_GOOD, INVALID_TOKEN];
    return new ProblemError('unauthenticated', `${why}; ${consequence}`, { challenge });
}
/** A hook: several methods are those that a path does not have. */
function requireNeed({ method, url }) {
    if (!Array.isArray(method) && needOf(method, url) === undefined) {
        throw new Error(`nobody has said who may use ${method} ${url}`);
    }
}
function notAllowed({ role }, permission) {
    return new ProblemError('forbidden', `the role '${role}' does not include '${permission}'; ask an administrator for a credential with another role`, { challenge: INSUFFICIENT });
}
