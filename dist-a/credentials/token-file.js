import { readFile } from 'node:fs/promises';
import { TOKEN_NAME_FORM } from '../model/token.js';
import { CannotWrite } from './cannot-write.js';
import { withLock } from './file-lock.js';
import { replaceFile } from './private-file.js';
import { hashSecret, newToken } from './token.js';
import { isTokenName, readTokens, TOKENS_MAX, WHEN_DAMAGED, writeTokens, } from './token-entry.js';
import { TokenRefused } from './token-refused.js';
/**
 * The tokens in a file: their hashes, never the tokens. Each change is made on what is there at that moment, under a
 * lock, and is in the file whole and for good when its promise resolves. A file that is not as it has to be is an error
 * and is left as it is. All methods throw sentences.
 */
export class TokenFile {
    path;
    #clock;
    /** `clock` in milliseconds since 1970, UTC. */
    constructor(path, clock = Date.now) {
        this.path = path;
        this.#clock = clock;
    }
    /** In the order in which they were made; none if there is no file. */
    async list() {
        let text;
        try {
            text = await readFile(this.path, 'utf8');
        }
        catch (error) {
            const { code, message } = error;
            if (code === 'ENOENT')
                return [];
            throw new Error(`the tokens cannot be read: ${message}`);
        }
        try {
            return readTokens(text, `the token file '${this.path}'`);
        }
        catch (error) {
            throw new Error(error.message + WHEN_DAMAGED);
        }
    }
    /** A name is given once, ever: whoever finds it in an old decision knows who that was. */
    async create({ name, role, expiresAt }) {
        if (!isTokenName(name)) {
            throw new Error(`the name of a token must be ${TOKEN_NAME_FORM}`);
        }
        return this.#change((tokens) => {
            const same = tokens.find((entry) => entry.name === name);
            if (same !== undefined) {
                throw new TokenRefused('name-taken', same.revoked_at === undefined
                    ? `there is a token '${name}' already; take another name, or give it a new secret with 'token rotate ${name}'`
                    : `'${name}' was the name of a token that is revoked, and a name is given only once; take another`);
            }
            if (tokens.length >= TOKENS_MAX) {
                throw new TokenRefused('too-many', `there are ${TOKENS_MAX} tokens, and that is the most a file may have`);
            }
            const issued = this.#issue({ name, role, expires_at: expiresAt === null ? null : iso(expiresAt) });
            return { tokens: [...tokens, issued.entry], result: issued };
        });
    }
    /**
     * A new secret for the same principal; the old one ends. It expires when the old one would have, unless `expiresAt`
     * says when (null: never).
     */
    rotate(name, expiresAt) {
        return this.#change((tokens) => {
            const old = this.#find(tokens, name);
            if (old.revoked_at !== undefined) {
                throw new TokenRefused('revoked', `token '${name}' is revoked, which is for good; create one of another name`);
            }
            const expires = expiresAt === undefined ? old.expires_at : expiresAt === null ? null : iso(expiresAt);
            if (expires !== null && Date.parse(expires) <= this.#clock()) {
                throw new TokenRefused('expired', `token '${name}' has expired; say when the new one shall, with --expires DAYS`);
            }
            const issued = this.#issue({ name, role: old.role, expires_at: expires });
            return { tokens: tokens.map((entry) => (entry === old ? issued.entry : entry)), result: issued };
        });
    }
    /** Ends it for good. Its name stays taken. Revoking it again changes nothing. */
    revoke(name) {
        return this.#change((tokens) => {
            const old = this.#find(tokens, name);
            const revoked = { ...old, revoked_at: old.revoked_at ?? iso(this.#clock()) };
            return { tokens: tokens.map((entry) => (entry === old ? revoked : entry)), result: revoked };
        });
    }
    /** Makes the token if there is none at all yet, not even a revoked one; `keep` gets it before it is in the file. */
    createFirst(token, keep) {
        return this.#change(async (tokens) => {
            if (tokens.length > 0) {
                return { tokens, result: null };
            }
            const issued = this.#issue({ name: token.name, role: token.role, expires_at: null });
            await keep(issued.token);
            return { tokens: [issued.entry], result: issued };
        });
    }
    #issue(entry) {
        const token = newToken();
        const { name, role, expires_at } = entry;
        return {
            token,
            entry: { name, role, sha256: hashSecret(token), created_at: iso(this.#clock()), expires_at },
        };
    }
    #find(tokens, name) {
        const found = tokens.find((entry) => entry.name === name);
        if (found === undefined) {
            throw new TokenRefused('unknown', `there is no token '${name}' in '${this.path}'; 'token list' shows those there are`);
        }
        return found;
    }
    async #change(change) {
        try {
            return await withLock(this.path, async () => {
                const before = await this.list();
                const { tokens, result } = await change(before);
                if (tokens !== before) {
                    await replaceFile(this.path, writeTokens(tokens));
                }
                return result;
            });
        }
        catch (error) {
            // The errors of Node have a code, ours are sentences.
            throw 'code' in error ? new CannotWrite(this.path, error) : error;
        }
    }
}
function iso(time) {
    return new Date(time).toISOString();
}
