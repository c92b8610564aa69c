import { isLoopback } from '../model/loopback.js';
import { isForForeignPage } from './fetch-metadata.js';
import { ProblemError } from './problems.js';
const FORWARDED = /^((forwarded|via|x-real-ip)$|x-forwarded-)/;
/**
 * What protects a service that needs no credentials: only who is on this machine is meant to reach it. A web page must
 * not get through by a name that it points here (DNS rebinding) nor from its own origin, and no proxy may carry in the
 * rest of the world.
 */
export class OpenMode {
    #options;
    /** The last `Host` that was taken: nearly every request has the same. */
    #knownHost = '';
    constructor(options) {
        this.#options = options;
    }
    /** The 403 that says why the request is not taken; undefined: it is. */
    refusal(request) {
        try {
            this.#check(request);
            return undefined;
        }
        catch (error) {
            return error;
        }
    }
    #check(request) {
        const { headers } = request;
        this.#checkHost(headers.host ?? '');
        for (const name in headers) {
            if (FORWARDED.test(name)) {
                throw forbidden(`it came through a proxy (it has the header '${name}'), and this service has no credentials: everybody behind the proxy could decide; make a token with 'sallyport token create --name NAME --role admin' first`);
            }
        }
        this.#checkPage(request);
    }
    #checkHost(host) {
        // A client of HTTP/1.0 may send none: it is no browser.
        if (host === this.#knownHost || host === '') {
            return;
        }
        const name = nameOf(host.toLowerCase());
        if (!isLoopback(name) && !this.#options.allowedHosts.includes(name)) {
            throw forbidden(`it is for the host '${name}', and a service without credentials answers only for this machine's own names; add it to SALLYPORT_ALLOWED_HOSTS if it is one`);
        }
        this.#knownHost = host;
    }
    /** With every method: a page that cannot read a stream makes its session connected all the same. */
    #checkPage(request) {
        const { host = '', origin } = request.headers;
        if (origin !== undefined && this.#options.corsOrigins.includes(origin.toLowerCase())) {
            return;
        }
        if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
            throw forbidden(`it was made by a page of '${origin}'; add it to SALLYPORT_CORS_ORIGINS if it is yours`);
        }
        if (isForForeignPage(request)) {
            throw forbidden("it was made for a page of another origin (it has 'Sec-Fetch-Site'); open the address itself, or add the origin to SALLYPORT_CORS_ORIGINS");
        }
    }
}
/** `Host` without its port, and without the dot that ends a name which is complete. */
function nameOf(host) {
    return host
        .replace(/:\d*$/, '')
        .replace(/\.$/, '')
        .replace(/^\[(.*)\]$/, '$1');
}
function forbidden(why) {
    return new ProblemError('forbidden', `the request is refused: ${why}`);
}
