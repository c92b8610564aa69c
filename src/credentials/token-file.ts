import { readFile } from 'node:fs/promises';
import type { Role } from '../model/role.ts';
import { TOKEN_NAME_FORM } from '../model/token.ts';
import { CannotWrite } from './cannot-write.ts';
import { withLock } from './file-lock.ts';
import { replaceFile } from './private-file.ts';
import { hashSecret, newToken } from './token.ts';
import {
  isTokenName,
  readTokens,
  TOKENS_MAX,
  type TokenEntry,
  WHEN_DAMAGED,
  writeTokens,
} from './token-entry.ts';
import { TokenRefused } from './token-refused.ts';

/** A token that was just made: the only moment at which anybody has it. */
export interface IssuedToken {
  readonly entry: TokenEntry;
  readonly token: string;
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** In milliseconds since 1970, UTC; null: never. */
  readonly expiresAt: number | null;
}

/**
 * The tokens in a file: their hashes, never the tokens. Each change is made on what is there at that moment, under a
 * lock, and is in the file whole and for good when its promise resolves. A file that is not as it has to be is an error
 * and is left as it is. All methods throw sentences.
 */
export class TokenFile {
  readonly path: string;
  readonly #clock: () => number;

  /** `clock` in milliseconds since 1970, UTC. */
  constructor(path: string, clock: () => number = Date.now) {
    this.path = path;
    this.#clock = clock;
  }

  /** In the order in which they were made; none if there is no file. */
  async list(): Promise<TokenEntry[]> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      throw new Error(`the tokens cannot be read: ${message}`);
    }
    try {
      return readTokens(text, `the token file '${this.path}'`);
    } catch (error) {
      throw new Error((error as Error).message + WHEN_DAMAGED);
    }
  }

  /** A name is given once, ever: whoever finds it in an old decision knows who that was. */
  async create({ name, role, expiresAt }: NewToken): Promise<IssuedToken> {
    if (!isTokenName(name)) {
      throw new Error(`the name of a token must be ${TOKEN_NAME_FORM}`);
    }
    return this.#change((tokens) => {
      const same = tokens.find((entry) => entry.name === name);
      if (same !== undefined) {
        throw new TokenRefused(
          'name-taken',
          same.revoked_at === undefined
            ? `there is a token '${name}' already; take another name, or give it a new secret with 'token rotate ${name}'`
            : `'${name}' was the name of a token that is revoked, and a name is given only once; take another`,
        );
      }
      if (tokens.length >= TOKENS_MAX) {
        throw new TokenRefused(
          'too-many',
          `there are ${TOKENS_MAX} tokens, and that is the most a file may have`,
        );
      }
      const issued = this.#issue({ name, role, expires_at: expiresAt === null ? null : iso(expiresAt) });
      return { tokens: [...tokens, issued.entry], result: issued };
    });
  }

  /**
   * A new secret for the same principal; the old one ends. It expires when the old one would have, unless `expiresAt`
   * says when (null: never).
   */
  rotate(name: string, expiresAt?: number | null): Promise<IssuedToken> {
    return this.#change((tokens) => {
      const old = this.#find(tokens, name);
      if (old.revoked_at !== undefined) {
        throw new TokenRefused(
          'revoked',
          `token '${name}' is revoked, which is for good; create one of another name`,
        );
      }
      const expires = expiresAt === undefined ? old.expires_at : expiresAt === null ? null : iso(expiresAt);
      if (expires !== null && Date.parse(expires) <= this.#clock()) {
        throw new TokenRefused(
          'expired',
          `token '${name}' has expired; say when the new one shall, with --expires DAYS`,
        );
      }
      const issued = this.#issue({ name, role: old.role, expires_at: expires });
      return { tokens: tokens.map((entry) => (entry === old ? issued.entry : entry)), result: issued };
    });
  }

  /** Ends it for good. Its name stays taken. Revoking it again changes nothing. */
  revoke(name: string): Promise<TokenEntry> {
    return this.#change((tokens) => {
      const old = this.#find(tokens, name);
      const revoked = { ...old, revoked_at: old.revoked_at ?? iso(this.#clock()) };
      return { tokens: tokens.map((entry) => (entry === old ? revoked : entry)), result: revoked };
    });
  }

  /** Makes the token if there is none at all yet, not even a revoked one; `keep` gets it before it is in the file. */
  createFirst(token: NewToken, keep: (token: string) => Promise<void>): Promise<IssuedToken | null> {
    return this.#change(async (tokens) => {
      if (tokens.length > 0) {
        return { tokens, result: null };
      }
      const issued = this.#issue({ name: token.name, role: token.role, expires_at: null });
      await keep(issued.token);
      return { tokens: [issued.entry], result: issued };
    });
  }

  #issue(entry: Pick<TokenEntry, 'name' | 'role' | 'expires_at'>): IssuedToken {
    const token = newToken();
    const { name, role, expires_at } = entry;
    return {
      token,
      entry: { name, role, sha256: hashSecret(token), created_at: iso(this.#clock()), expires_at },
    };
  }

  #find(tokens: readonly TokenEntry[], name: string): TokenEntry {
    const found = tokens.find((entry) => entry.name === name);
    if (found === undefined) {
      throw new TokenRefused(
        'unknown',
        `there is no token '${name}' in '${this.path}'; 'token list' shows those there are`,
      );
    }
    return found;
  }

  async #change<T>(change: (tokens: TokenEntry[]) => Changed<T> | Promise<Changed<T>>): Promise<T> {
    try {
      return await withLock(this.path, async () => {
        const before = await this.list();
        const { tokens, result } = await change(before);
        if (tokens !== before) {
          await replaceFile(this.path, writeTokens(tokens));
        }
        return result;
      });
    } catch (error) {
      // The errors of Node have a code, ours are sentences.
      throw 'code' in (error as Error) ? new CannotWrite(this.path, error as Error) : error;
    }
  }
}

interface Changed<T> {
  /** The same list if nothing changed. */
  readonly tokens: TokenEntry[];
  readonly result: T;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
