import { hashSecret, readToken, sameHash } from './token.js';
import { readTokens, WHEN_DAMAGED } from './token-entry.js';
import { WatchedFile } from './watched-file.js';
/**
 * The tokens that count at the moment: those of the file, as it is now, and those of the setting. Where both know a
 * name the file is right, so that rotating and revoking there is never undone by a setting.
 */
export class LiveTokens {
    /** Whether there has been any token, valid or not. It never becomes false again: that would open the doors. */
    isConfigured = false;
    #fromSetting;
    #file;
    #fileEntries = null;
    /** Those of the setting first. */
    entries = [];
    #byHash = new Map();
    constructor(fromSetting, file) {
        this.#fromSetting = fromSetting;
        this.#file = file;
        this.#fileEntries = file?.value ?? null;
        this.#index(this.#fileEntries ?? []);
    }
    /** Throws a sentence if one of the two is not as it has to be: a damaged list is not an empty one. */
    static async open({ path, text, reportError }) {
        const fromSetting = text === null ? [] : readTokens(text, 'SALLYPORT_TOKENS');
        const what = 'token file';
        const parse = (content) => readTokens(content, `the ${what} '${path}'`);
        const whenGone = 'its tokens are refused until it is back';
        const options = { what, parse, whenGone, whenDamaged: WHEN_DAMAGED, reportError };
        const file = path === null ? null : await WatchedFile.open(path, options);
        return new LiveTokens(fromSetting, file);
    }
    /** Reads the file if it has changed. A file that is gone takes its tokens with it; a damaged one changes nothing. */
    async check() {
        await this.#file?.check();
        const entries = this.#file?.value ?? null;
        if (entries === this.#fileEntries) {
            return;
        }
        // Of a file that is gone the names are remembered: what the setting has under them stays overruled.
        this.#index(entries ?? [], entries ?? this.#fileEntries);
        this.#fileEntries = entries;
    }
    /** The token that this text is, revoked or expired as it may be. */
    find(text) {
        const read = readToken(text);
        return typeof read === 'string' ? read : (this.get(hashSecret(read.token)) ?? 'unknown');
    }
    /** The table is asked with a hash, so how long it takes says nothing of a secret; the comparison says nothing either. */
    get(sha256) {
        const found = this.#byHash.get(sha256);
        return found !== undefined && sameHash(found.sha256, sha256) ? found : undefined;
    }
    /** Whether the setting has a token of this name, be it overruled. */
    isSet(name) {
        return this.#fromSetting.some((entry) => entry.name === name);
    }
    #index(fromFile, overruling = fromFile) {
        const names = new Set(overruling.map(({ name }) => name));
        const all = [...this.#fromSetting.filter(({ name }) => !names.has(name)), ...fromFile];
        this.entries = all;
        this.#byHash = new Map(all.map((entry) => [entry.sha256, live(entry)]));
        this.isConfigured ||= all.length > 0;
    }
}
function live({ name, role, sha256, expires_at, revoked_at }) {
    const expiresAt = expires_at === null ? null : Date.parse(expires_at);
    return { name, role, sha256, expiresAt, isRevoked: revoked_at !== undefined };
}
