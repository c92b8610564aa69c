import { parseCookie, stringifySetCookie } from 'cookie';
import { isForForeignPage } from './fetch-metadata.js';
import { ProblemError } from './problems.js';
import { isSafe } from './safe-methods.js';
/** The `__Host-` prefix (RFC 6265bis, section 4.1.3) needs TLS: without it the cookie has a name of its own. */
const NAME = 'sallyport';
const SECURE_NAME = '__Host-sallyport';
/** The value of our cookie; undefined: there is none. */
export function cookieOf({ headers, protocol }) {
    return headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[nameFor(protocol)];
}
/** `expiresAt`: milliseconds since 1970, UTC. No script reads it, and no page of another site sends it. */
export function setCookie(request, reply, id, expiresAt) {
    write(request, reply, id, new Date(expiresAt));
}
export function clearCookie(request, reply) {
    write(request, reply, '', new Date(0));
}
/** With a cookie: what changes something has to come from our own pages, and nothing from another origin's. */
export function requireOwnPage(request, publicOrigin) {
    requireOwnOrigin(request, publicOrigin);
    // SameSite lets a page of another port of this host, or of a neighbouring host, send the cookie.
    if (isForForeignPage(request)) {
        throw new ProblemError('forbidden', "a browser that is signed in was made to send this by a page of another origin (it has 'Sec-Fetch-Site'); open the address itself");
    }
}
/** A browser sends its cookies with what a page of another origin makes it do: such a change is refused. */
export function requireOwnOrigin(request, publicOrigin) {
    if (isSafe(request.method)) {
        return;
    }
    const { origin = 'none' } = request.headers;
    const own = publicOrigin ?? `${request.protocol}://${request.host}`;
    if (origin.toLowerCase() !== own.toLowerCase()) {
        throw new ProblemError('forbidden', `a browser that is signed in may change something only from a page of ${own}, and the header Origin is '${origin}'`);
    }
}
function write({ protocol }, reply, value, expires) {
    const secure = protocol === 'https';
    const name = nameFor(protocol);
    const cookie = { name, value, httpOnly: true, sameSite: 'strict', path: '/', secure, expires };
    reply.header('Set-Cookie', stringifySetCookie(cookie));
}
function nameFor(protocol) {
    return protocol === 'https' ? SECURE_NAME : NAME;
}
