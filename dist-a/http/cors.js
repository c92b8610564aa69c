import cors, {} from '@fastify/cors';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
const EXPOSED = ['Location', 'Retry-After', 'Sallyport-Seq', 'WWW-Authenticate', 'X-Request-Id'];
/** For how long a browser need not ask again whether a page of another origin may send requests. */
const PREFLIGHT_S = 600;
/**
 * Lets pages of these origins talk to the service, with `Authorization` and never with a cookie. It answers their
 * preflights, which carry no credential. Before the guard of the routes.
 */
export async function allowOrigins(app, origins) {
    if (origins.length > 0) {
        await app.register(cors, {
            delegator: (request, done) => done(null, optionsFor(request, origins)),
        });
    }
}
function optionsFor({ headers }, origins) {
    const { origin = '', 'access-control-request-method': wanted } = headers;
    return {
        origin: origins.includes(origin) ? origin : false,
        // Another OPTIONS is a method like any other.
        preflight: wanted !== undefined,
        methods: METHODS,
        exposedHeaders: EXPOSED,
        maxAge: PREFLIGHT_S,
    };
}
