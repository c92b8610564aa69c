import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { WatchedFile } from './watched-file.ts';

/** The public keys of an issuer, as they are now. */
export interface Keys {
  /** The key for a JWT's header. Throws what jose throws, or `KeysUnavailable`. */
  readonly get: JWTVerifyGetKey;
  /** Fetches those of a URL, before one is needed. Throws `KeysUnavailable`. */
  fetch(): Promise<void>;
  /** Reads a file again if it has changed. */
  check(): Promise<void>;
}

/** The keys cannot be had at the moment, which says nothing of the JWT. */
export class KeysUnavailable extends Error {
  override name = 'KeysUnavailable';
}

export interface KeysOptions {
  readonly reportError: (sentence: string) => void;
  /** For so long after keys were fetched an unknown key id does not make them be fetched again. */
  readonly cooldownMs?: number;
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
export async function openKeys(jwks: string, options: KeysOptions): Promise<Keys> {
  return /^https?:\/\//i.test(jwks) ? remoteKeys(new URL(jwks), options) : await keysOfFile(jwks, options);
}

function remoteKeys(url: URL, { cooldownMs = COOLDOWN_MS }: KeysOptions): Keys {
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
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isAboutTheJwt(error)) throw error;
      // Not when it was left alone: it would never be asked again.
      if (!isPaused()) failedAt = performance.now();
      const { message, cause } = error as Error;
      const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
      throw new KeysUnavailable(`the keys at ${url.origin}${url.pathname} cannot be had: ${why}`);
    }
  };
  return {
    get: (header, token) => ask(() => keys(header, token)),
    fetch: () => ask(() => keys.reload()),
    check: async () => {},
  };
}

async function keysOfFile(path: string, { reportError }: KeysOptions): Promise<Keys> {
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
  const get: JWTVerifyGetKey = async (header, token) => {
    if (file.value === null) {
      throw new KeysUnavailable(missing);
    }
    try {
      return await file.value(header, token);
    } catch (error) {
      if (isAboutTheJwt(error)) throw error;
      throw new KeysUnavailable(`a key in '${path}' cannot be used: ${(error as Error).message}`);
    }
  };
  return { get, fetch: async () => {}, check: () => file.check() };
}

function parseKeys(text: string, path: string): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(JSON.parse(text));
  } catch {
    throw new Error(`the key file '${path}' is damaged: it is no JSON Web Key Set, {"keys":[…]}`);
  }
}

function isAboutTheJwt(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}
