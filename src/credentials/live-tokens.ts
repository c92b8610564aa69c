import type { Role } from '../model/role.ts';
import { hashSecret, readToken, sameHash } from './token.ts';
import { readTokens, type TokenEntry, WHEN_DAMAGED } from './token-entry.ts';
import { WatchedFile } from './watched-file.ts';

export interface LiveTokensOptions {
  /** Where the token file is or may appear; null: nowhere. */
  readonly path: string | null;
  /** The value of SALLYPORT_TOKENS, which has the form of the file; null: not set. */
  readonly text: string | null;
  readonly reportError: (sentence: string) => void;
}

export interface LiveToken {
  readonly name: string;
  readonly role: Role;
  /** In hexadecimal. */
  readonly sha256: string;
  /** In milliseconds since 1970, UTC; null: never. */
  readonly expiresAt: number | null;
  readonly isRevoked: boolean;
}

/**
 * The tokens that count at the moment: those of the file, as it is now, and those of the setting. Where both know a
 * name the file is right, so that rotating and revoking there is never undone by a setting.
 */
export class LiveTokens {
  /** Whether there has been any token, valid or not. It never becomes false again: that would open the doors. */
  isConfigured = false;
  readonly #fromSetting: readonly TokenEntry[];
  readonly #file: WatchedFile<TokenEntry[]> | null;
  #fileEntries: readonly TokenEntry[] | null = null;
  /** Those of the setting first. */
  entries: readonly TokenEntry[] = [];
  #byHash = new Map<string, LiveToken>();

  private constructor(fromSetting: readonly TokenEntry[], file: WatchedFile<TokenEntry[]> | null) {
    this.#fromSetting = fromSetting;
    this.#file = file;
    this.#fileEntries = file?.value ?? null;
    this.#index(this.#fileEntries ?? []);
  }

  /** Throws a sentence if one of the two is not as it has to be: a damaged list is not an empty one. */
  static async open({ path, text, reportError }: LiveTokensOptions): Promise<LiveTokens> {
    const fromSetting = text === null ? [] : readTokens(text, 'SALLYPORT_TOKENS');
    const what = 'token file';
    const parse = (content: string) => readTokens(content, `the ${what} '${path}'`);
    const whenGone = 'its tokens are refused until it is back';
    const options = { what, parse, whenGone, whenDamaged: WHEN_DAMAGED, reportError };
    const file = path === null ? null : await WatchedFile.open(path, options);
    return new LiveTokens(fromSetting, file);
  }

  /** Reads the file if it has changed. A file that is gone takes its tokens with it; a damaged one changes nothing. */
  async check(): Promise<void> {
    await this.#file?.check();
    const entries = this.#file?.value ?? null;
    if (entries === this.#fileEntries) {
      return;
    }
    // Of a file that is gone the names are remembered: what the setting has under them stays overruled.
    this.#index(entries ?? [], entries ?? (this.#fileEntries as readonly TokenEntry[]));
    this.#fileEntries = entries;
  }

  /** The token that this text is, revoked or expired as it may be. */
  find(text: string): LiveToken | 'malformed' | 'bad-checksum' | 'unknown' {
    const read = readToken(text);
    return typeof read === 'string' ? read : (this.get(hashSecret(read.token)) ?? 'unknown');
  }

  /** The table is asked with a hash, so how long it takes says nothing of a secret; the comparison says nothing either. */
  get(sha256: string): LiveToken | undefined {
    const found = this.#byHash.get(sha256);
    return found !== undefined && sameHash(found.sha256, sha256) ? found : undefined;
  }

  /** Whether the setting has a token of this name, be it overruled. */
  isSet(name: string): boolean {
    return this.#fromSetting.some((entry) => entry.name === name);
  }

  #index(fromFile: readonly TokenEntry[], overruling = fromFile): void {
    const names = new Set(overruling.map(({ name }) => name));
    const all = [...this.#fromSetting.filter(({ name }) => !names.has(name)), ...fromFile];
    this.entries = all;
    this.#byHash = new Map(all.map((entry) => [entry.sha256, live(entry)]));
    this.isConfigured ||= all.length > 0;
  }
}

function live({ name, role, sha256, expires_at, revoked_at }: TokenEntry): LiveToken {
  const expiresAt = expires_at === null ? null : Date.parse(expires_at);
  return { name, role, sha256, expiresAt, isRevoked: revoked_at !== undefined };
}
