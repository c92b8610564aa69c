import { invalid } from './problems.js';
/**
 * A hook: refuses what Node's parser takes, and what this service and a proxy in front of it could read in two ways
 * (RFC 9112, sections 2.3, 3.2, 6.1).
 */
export function checkFraming({ raw }, reply, done) {
    const problem = problemIn(raw);
    if (problem !== undefined) {
        // Where this request ends, and another one begins, is not certain.
        reply.header('Connection', 'close');
    }
    done(problem);
}
function problemIn(request) {
    const { httpVersion, headers, rawHeaders, url = '' } = request;
    if (httpVersion !== '1.1' && httpVersion !== '1.0') {
        return invalid('request', 'must be HTTP/1.1 or HTTP/1.0');
    }
    // Node would refuse a request without one by itself, with an answer that does not say why.
    if (headers.host === undefined && httpVersion === '1.1') {
        return invalid('Host', 'is required in HTTP/1.1');
    }
    // Of two, Node drops the second.
    if (countOf('host', rawHeaders) > 1) {
        return invalid('Host', 'must be there once');
    }
    if (!url.startsWith('/') && !isOf(url, headers.host)) {
        return invalid('path', 'must begin with a slash, or be a URL of the same host as the header Host');
    }
    const { 'transfer-encoding': encoding } = headers;
    if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') {
        return invalid('Transfer-Encoding', 'must be chunked, and nothing else');
    }
    return undefined;
}
function countOf(name, rawHeaders) {
    let count = 0;
    for (let index = 0; index < rawHeaders.length; index += 2) {
        const header = rawHeaders[index];
        if (header.length === name.length && header.toLowerCase() === name) {
            count += 1;
        }
    }
    return count;
}
/** A whole URL as target, as a client sends it to a proxy. */
function isOf(target, host) {
    return URL.canParse(target) && new URL(target).host === host?.toLowerCase();
}
