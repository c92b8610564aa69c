import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from 'jose';
import { WatchedFile } from './watched-file.js';
/** The keys cannot be had at the moment, which says nothing of the JWT. */
export class KeysUnavailable extends Error {
    name = 'KeysUnavailable';
}
const FETCH_TIMEOUT_MS = 5000;
/** An issuer that has a new key is asked at most so often, whatever strangers send. */
const COOLDOWN_MS = 5000;
/** Keys that the issuer no longer publishes count for at most this long. */
const CACHE_MAX_AGE_MS = 600_000;
/** After a failure the issuer is left alone for this long. */
const FAILURE_PAUSE_MS = 1000;
/**
 * The JSON Web Key Set (RFC 7517) at an http or https URL, or in a file. A URL is fetched when the first key is needed,
 * when a key id is unknown, and every ten minutes; a file that cannot be read at the start throws a sentence.
 */
export async function openKeys(jwks, options) {
    return /^https?:\/\//i.test(jwks) ? remoteKeys(new URL(jwks), options) : await keysOfFile(jwks, options);
}
function remoteKeys(url, { cooldownMs = COOLDOWN_MS }) {
    let failedAt = Number.NEGATIVE_INFINITY;
    const isPaused = () => performance.now() - failedAt < FAILURE_PAUSE_MS;
    const keys = createRemoteJWKSet(url, {
        timeoutDuration: FETCH_TIMEOUT_MS,
        cooldownDuration: cooldownMs,
        cacheMaxAge: CACHE_MAX_AGE_MS,
        [customFetch]: async (target, init) => {
            if (isPaused()) {
                throw new Error('it failed a moment ago');
            }
            return await fetch(target, init);
        },
    });
    const ask = async (work) => {
        try {
            return await work();
        }
        catch (error) {
            if (isAboutTheJwt(error))
                throw error;
            // Not when it was left alone: it would never be asked again.
            if (!isPaused())
                failedAt = performance.now();
            const { message, cause } = error;
            const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
            throw new KeysUnavailable(`the keys at ${url.origin}${url.pathname} cannot be had: ${why}`);
        }
    };
    return {
        get: (header, token) => ask(() => keys(header, token)),
        fetch: () => ask(() => keys.reload()),
        check: async () => { },
    };
}
async function keysOfFile(path, { reportError }) {
    const file = await WatchedFile.open(path, {
        what: 'key file',
        parse: (text) => parseKeys(text, path),
        whenGone: 'no JWT can be verified until it is back',
        reportError,
    });
    const missing = `the key file '${path}' does not exist`;
    if (file.value === null) {
        throw new Error(missing);
    }
    const get = async (header, token) => {
        if (file.value === null) {
            throw new KeysUnavailable(missing);
        }
        try {
            return await file.value(header, token);
        }
        catch (error) {
            if (isAboutTheJwt(error))
                throw error;
            throw new KeysUnavailable(`a key in '${path}' cannot be used: ${error.message}`);
        }
    };
    return { get, fetch: async () => { }, check: () => file.check() };
}
function parseKeys(text, path) {
    try {
        return createLocalJWKSet(JSON.parse(text));
    }
    catch {
        throw new Error(`the key file '${path}' is damaged: it is no JSON Web Key Set, {"keys":[…]}`);
    }
}
function isAboutTheJwt(error) {
    return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}
