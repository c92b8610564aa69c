import { shown } from './shown-token.js';
import { expiryAfter } from './token-entry.js';
import { TokenFile } from './token-file.js';
import { TokenRefused } from './token-refused.js';
/**
 * The tokens, for the administrators of a running service: seen as they count at the moment, and changed in the file by
 * the rules of the command. A change counts when its promise resolves. Changes throw a TokenRefused, or what the file
 * system says.
 */
export class ManagedTokens {
    #live;
    #file;
    #clock;
    #check;
    constructor({ live, path, clock, check }) {
        this.#live = live;
        this.#file = path === null ? null : new TokenFile(path, clock);
        this.#clock = clock;
        this.#check = check;
    }
    /** Those of the setting, then those of the file, each in the order in which they were made. */
    async list() {
        await this.#check();
        return this.#live.entries.map((entry) => shown(entry, this.#clock()));
    }
    /** `expiresInDays` undefined: it never expires. */
    async create(name, role, expiresInDays) {
        if (this.#live.isSet(name)) {
            throw new TokenRefused('name-taken', `SALLYPORT_TOKENS has a token '${name}' already`);
        }
        const expiresAt = this.#expiry(expiresInDays) ?? null;
        return this.#withSecret(await this.#change((file) => file.create({ name, role, expiresAt })));
    }
    /** `expiresInDays` undefined: it expires when the old one would have. */
    async rotate(name, expiresInDays) {
        const expiresAt = this.#expiry(expiresInDays);
        return this.#withSecret(await this.#changeOne(name, (file) => file.rotate(name, expiresAt)));
    }
    /** Revoking again changes nothing. */
    async revoke(name) {
        await this.#changeOne(name, (file) => file.revoke(name));
    }
    /** One that is in the setting alone is known, and cannot be changed here. */
    async #changeOne(name, change) {
        try {
            return await this.#change(change);
        }
        catch (error) {
            const isMissing = error instanceof TokenRefused && ['unknown', 'no-file'].includes(error.reason);
            throw isMissing
                ? new TokenRefused(this.#live.isSet(name) ? 'from-setting' : 'unknown', error.message)
                : error;
        }
    }
    async #change(change) {
        if (this.#file === null) {
            throw new TokenRefused('no-file', 'there is no file to keep tokens in');
        }
        const result = await change(this.#file);
        await this.#check();
        return result;
    }
    #withSecret({ entry, token }) {
        return { ...shown(entry, this.#clock()), token };
    }
    #expiry(days) {
        return days === undefined ? undefined : expiryAfter(days, this.#clock());
    }
}
