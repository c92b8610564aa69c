import { type Authenticated, type Refused, refuse } from './identity.ts';
import type { LiveToken, LiveTokens } from './live-tokens.ts';
import type { Logins } from './logins.ts';

/** The credentials of which something is kept here: tokens, and the sign-ins that were made with them. */
export class KeptCredentials {
  readonly #tokens: LiveTokens;
  readonly #logins: Logins;
  readonly #clock: () => number;

  /** `clock` in milliseconds since 1970, UTC. */
  constructor(tokens: LiveTokens, logins: Logins, clock: () => number) {
    this.#tokens = tokens;
    this.#logins = logins;
    this.#clock = clock;
  }

  byToken(text: string): Authenticated | Refused {
    const token = this.#tokens.find(text);
    if (typeof token === 'string') {
      return refuse(token);
    }
    const { name, role, sha256, expiresAt } = token;
    const wrong = this.#wrongWith(token);
    return wrong === undefined
      ? { principal: `token:${name}`, role, expiresAt, source: 'token', credential: sha256 }
      : refuse(wrong);
  }

  byCookie(id: string): Authenticated | Refused {
    const login = this.#logins.find(id);
    const token = login && this.#tokens.get(login.token_sha256);
    if (login === undefined || token === undefined) {
      return refuse('unknown');
    }
    const { name, role } = token;
    const { sha256, expires_at: expiresAt } = login;
    const wrong = expiresAt <= this.#clock() ? 'expired' : this.#wrongWith(token);
    return wrong === undefined
      ? { principal: `token:${name}`, role, expiresAt, source: 'cookie', credential: sha256 }
      : refuse(wrong);
  }

  /** Whether it would be let in again, with the same role. A JWT ends by itself and in no other way. */
  isGood({ source, credential, role, expiresAt }: Authenticated): boolean {
    if (expiresAt !== null && expiresAt <= this.#clock()) {
      return false;
    }
    if (source === 'jwt') {
      return true;
    }
    const sha256 = source === 'token' ? credential : this.#logins.get(credential)?.token_sha256;
    return sha256 !== undefined && this.goodToken(sha256)?.role === role;
  }

  /** The token with this hash, if it would be let in. */
  goodToken(sha256: string): LiveToken | undefined {
    const token = this.#tokens.get(sha256);
    return token !== undefined && this.#wrongWith(token) === undefined ? token : undefined;
  }

  /** Signs a browser in by a token that was let in, instead of how it was `before`; null if there are too many. */
  login(
    { credential, expiresAt }: Authenticated,
    before?: string,
  ): Promise<{ id: string; expiresAt: number } | null> {
    const isGood = (sha256: string) => this.goodToken(sha256) !== undefined;
    return this.#logins.create({ sha256: credential, expiresAt }, isGood, before);
  }

  logout(id: string): Promise<void> {
    return this.#logins.end(id);
  }

  #wrongWith({ isRevoked, expiresAt }: LiveToken): 'revoked' | 'expired' | undefined {
    if (isRevoked) {
      return 'revoked';
    }
    return expiresAt !== null && expiresAt <= this.#clock() ? 'expired' : undefined;
  }
}
