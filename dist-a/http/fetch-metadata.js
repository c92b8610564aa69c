/**
 * Whether a browser asks for a page that is not of this origin (Fetch Metadata, W3C): by a script, an image, a frame or
 * the like. A person who follows a link does not count, except to the stream: open, it makes its session connected.
 * Another port of the same machine is `same-site`. Whoever is no browser sends none of these headers.
 */
export function isForForeignPage({ method, headers, routeOptions }) {
    const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
    if (site !== 'cross-site' && site !== 'same-site') {
        return false;
    }
    const isLink = method === 'GET' && mode === 'navigate' && (destination ?? 'document') === 'document';
    return !isLink || routeOptions.url === '/events/stream';
}
