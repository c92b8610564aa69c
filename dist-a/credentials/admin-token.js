import { readFile, rm } from 'node:fs/promises';
import { replaceFile } from './private-file.js';
import { hashSecret, readToken } from './token.js';
import { TokenFile } from './token-file.js';
/**
 * The way in at the first start: an administrator's token in a file that only whoever runs the service can read, and
 * that is deleted when the token is used for the first time.
 */
export class AdminToken {
    path;
    #sha256 = null;
    constructor(path) {
        this.path = path;
    }
    /** `path`: where its file is, or may be made. */
    static async open(path) {
        const adminToken = new AdminToken(path);
        const text = await readFile(path, 'utf8').catch(() => '');
        const read = readToken(text.trim());
        adminToken.#sha256 = typeof read === 'string' ? null : hashSecret(read.token);
        return adminToken;
    }
    /** The hash of the token that is in the file, in hexadecimal; null: it was used, or there was none. */
    get sha256() {
        return this.#sha256;
    }
    /**
     * Makes the token `admin` if there is no token at all. The file with the secret is written first: a crash in between
     * leaves one that is good for nothing, not a token that nobody has.
     */
    async make(tokensPath) {
        const asked = { name: 'admin', role: 'admin', expiresAt: null };
        const issued = await new TokenFile(tokensPath).createFirst(asked, (token) => replaceFile(this.path, `${token}\n`));
        this.#sha256 = issued?.entry.sha256 ?? this.#sha256;
    }
    /** To be called when the token was used. */
    async onUse() {
        this.#sha256 = null;
        await rm(this.path, { force: true });
    }
}
