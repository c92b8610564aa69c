import type { Role } from '../model/role.ts';
import type { Token } from '../model/token.ts';
import type { LiveTokens } from './live-tokens.ts';
import { shown } from './shown-token.ts';
import { expiryAfter } from './token-entry.ts';
import { type IssuedToken, TokenFile } from './token-file.ts';
import { TokenRefused } from './token-refused.ts';

export interface ManagedTokensOptions {
  readonly live: LiveTokens;
  /** Of the token file; null: there is no place for one. */
  readonly path: string | null;
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  /** Makes what is in the file count. */
  readonly check: () => Promise<void>;
}

/** With the secret, this once. */
export type TokenWithSecret = Token & { readonly token: string };

/**
 * The tokens, for the administrators of a running service: seen as they count at the moment, and changed in the file by
 * the rules of the command. A change counts when its promise resolves. Changes throw a TokenRefused, or what the file
 * system says.
 */
export class ManagedTokens {
  readonly #live: LiveTokens;
  readonly #file: TokenFile | null;
  readonly #clock: () => number;
  readonly #check: () => Promise<void>;

  constructor({ live, path, clock, check }: ManagedTokensOptions) {
    this.#live = live;
    this.#file = path === null ? null : new TokenFile(path, clock);
    this.#clock = clock;
    this.#check = check;
  }

  /** Those of the setting, then those of the file, each in the order in which they were made. */
  async list(): Promise<Token[]> {
    await this.#check();
    return this.#live.entries.map((entry) => shown(entry, this.#clock()));
  }

  /** `expiresInDays` undefined: it never expires. */
  async create(name: string, role: Role, expiresInDays: number | undefined): Promise<TokenWithSecret> {
    if (this.#live.isSet(name)) {
      throw new TokenRefused('name-taken', `SALLYPORT_TOKENS has a token '${name}' already`);
    }
    const expiresAt = this.#expiry(expiresInDays) ?? null;
    return this.#withSecret(await this.#change((file) => file.create({ name, role, expiresAt })));
  }

  /** `expiresInDays` undefined: it expires when the old one would have. */
  async rotate(name: string, expiresInDays: number | undefined): Promise<TokenWithSecret> {
    const expiresAt = this.#expiry(expiresInDays);
    return this.#withSecret(await this.#changeOne(name, (file) => file.rotate(name, expiresAt)));
  }

  /** Revoking again changes nothing. */
  async revoke(name: string): Promise<void> {
    await this.#changeOne(name, (file) => file.revoke(name));
  }

  /** One that is in the setting alone is known, and cannot be changed here. */
  async #changeOne<T>(name: string, change: (file: TokenFile) => Promise<T>): Promise<T> {
    try {
      return await this.#change(change);
    } catch (error) {
      const isMissing = error instanceof TokenRefused && ['unknown', 'no-file'].includes(error.reason);
      throw isMissing
        ? new TokenRefused(this.#live.isSet(name) ? 'from-setting' : 'unknown', error.message)
        : error;
    }
  }

  async #change<T>(change: (file: TokenFile) => Promise<T>): Promise<T> {
    if (this.#file === null) {
      throw new TokenRefused('no-file', 'there is no file to keep tokens in');
    }
    const result = await change(this.#file);
    await this.#check();
    return result;
  }

  #withSecret({ entry, token }: IssuedToken): TokenWithSecret {
    return { ...shown(entry, this.#clock()), token };
  }

  #expiry(days: number | undefined): number | undefined {
    return days === undefined ? undefined : expiryAfter(days, this.#clock());
  }
}
