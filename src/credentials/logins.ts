import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Static, Type } from '@sinclair/typebox';
import { replaceFile } from './private-file.ts';
import { hashSecret, sameHash } from './token.ts';
import { readStrictly, Sha256 } from './token-entry.ts';

/** How long a sign-in lasts, unless its token ends before. */
export const LOGIN_LIFE_MS = 12 * 3_600_000;
/** With one more, the oldest one of the same token ends. */
export const LOGINS_PER_TOKEN_MAX = 100;
/** With all tokens together; then none is taken. */
export const LOGINS_MAX = 10_000;

const Login = Type.Object(
  { sha256: Sha256, token_sha256: Sha256, expires_at: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);
/** A browser that is signed in. `expires_at` in milliseconds since 1970, UTC. */
export type Login = Static<typeof Login>;

const LoginList = Type.Object(
  { version: Type.Literal(1), logins: Type.Array(Login, { maxItems: LOGINS_MAX }) },
  { additionalProperties: false },
);

export interface LoginsOptions {
  /** Where they are kept over a restart; null: nowhere. */
  readonly path: string | null;
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  readonly reportError: (sentence: string) => void;
}

/**
 * Browsers that signed in with a token. Each has a cookie with 32 random bytes, of which only the SHA-256 is kept, and
 * belongs to the token by that token's hash: a token that is rotated has another.
 */
export class Logins {
  readonly #options: LoginsOptions;
  /** By their own hash, the oldest first. */
  readonly #logins = new Map<string, Login>();
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  private constructor(options: LoginsOptions) {
    this.#options = options;
  }

  /** A file that cannot be read is reported, and counts as none: everybody signs in again. */
  static async open(options: LoginsOptions): Promise<Logins> {
    const logins = new Logins(options);
    if (options.path !== null) {
      try {
        const text = await readFile(options.path, 'utf8');
        for (const login of readStrictly(LoginList, text, `the file of sign-ins '${options.path}'`).logins) {
          logins.#logins.set(login.sha256, login);
        }
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT') options.reportError(`${message}; everybody has to sign in again`);
      }
    }
    return logins;
  }

  /**
   * Signs a browser in: `id` is what its cookie holds. Null if there are too many. It is kept when the promise resolves;
   * rejects, and nothing happened, if it cannot be. `isAlive` says whether a token, by its hash, is still good.
   * `before`: what the browser's cookie held; that sign-in is over.
   */
  async create(
    token: { readonly sha256: string; readonly expiresAt: number | null },
    isAlive: (tokenSha256: string) => boolean,
    before?: string,
  ): Promise<{ id: string; expiresAt: number } | null> {
    const now = this.#options.clock();
    this.#tidy(now, isAlive);
    if (this.#logins.size >= LOGINS_MAX) {
      return null;
    }
    const ofToken = [...this.#logins.values()].filter((login) => login.token_sha256 === token.sha256);
    for (const { sha256 } of ofToken.slice(0, Math.max(0, ofToken.length + 1 - LOGINS_PER_TOKEN_MAX))) {
      this.#logins.delete(sha256);
    }
    const replaced = before === undefined ? undefined : this.find(before);
    this.#logins.delete(replaced?.sha256 ?? '');
    const id = randomBytes(32).toString('base64url');
    const sha256 = hashSecret(id);
    const expiresAt = Math.min(now + LOGIN_LIFE_MS, token.expiresAt ?? Number.POSITIVE_INFINITY);
    this.#logins.set(sha256, { sha256, token_sha256: token.sha256, expires_at: expiresAt });
    try {
      await this.#save();
    } catch (error) {
      this.#logins.delete(sha256);
      if (replaced !== undefined) {
        this.#logins.set(replaced.sha256, replaced);
      }
      throw error;
    }
    return { id, expiresAt };
  }

  /** Expired as it may be. */
  find(id: string): Login | undefined {
    return this.get(hashSecret(id));
  }

  get(sha256: string): Login | undefined {
    const found = this.#logins.get(sha256);
    return found !== undefined && sameHash(found.sha256, sha256) ? found : undefined;
  }

  /** It is over at once. Rejects if that cannot be kept over a restart. */
  async end(id: string): Promise<void> {
    if (this.#logins.delete(hashSecret(id))) {
      await this.#save();
    }
  }

  #tidy(now: number, isAlive: (tokenSha256: string) => boolean): void {
    for (const { sha256, token_sha256, expires_at } of this.#logins.values()) {
      if (expires_at <= now || !isAlive(token_sha256)) {
        this.#logins.delete(sha256);
      }
    }
  }

  /** All that ask while one is being written share the next write. */
  #save(): Promise<void> {
    this.#queued ??= this.#writing.then(() => {
      this.#queued = undefined;
      const written = this.#write();
      this.#writing = written.catch(() => {});
      return written;
    });
    return this.#queued;
  }

  async #write(): Promise<void> {
    if (this.#options.path !== null) {
      await replaceFile(
        this.#options.path,
        `${JSON.stringify({ version: 1, logins: [...this.#logins.values()] })}\n`,
      );
    }
  }
}
