import { readFile, stat } from 'node:fs/promises';
/** More than any list of tokens or keys. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
/**
 * A file that others change while it is in use. It is asked, not watched: the file system's own notices miss what
 * happens on mounted folders, and when Kubernetes swaps the link that a folder is.
 */
export class WatchedFile {
    path;
    /** As it was when it was last good; null: there is no file. */
    value = null;
    #options;
    #stamp = null;
    #reported = null;
    constructor(path, options) {
        this.path = path;
        this.#options = options;
    }
    /** Throws a sentence if the file is there and cannot be read, or is not as it has to be. */
    static async open(path, options) {
        const file = new WatchedFile(path, options);
        await file.#read(options.whenDamaged);
        return file;
    }
    /** Reads the file if it is another one, or was written to. What cannot be read is reported once, and changes nothing. */
    async check() {
        try {
            await this.#read();
            this.#reported = null;
        }
        catch (error) {
            const sentence = `${error.message}; what was read from it before still counts`;
            if (sentence !== this.#reported) {
                this.#reported = sentence;
                this.#options.reportError(sentence);
            }
        }
    }
    async #read(whenDamaged = '') {
        try {
            const stats = await stat(this.path, { bigint: true });
            const { dev, ino, mtimeNs, ctimeNs, size } = stats;
            const stamp = `${dev} ${ino} ${mtimeNs} ${ctimeNs} ${size}`;
            if (stamp !== this.#stamp) {
                // To open a pipe could take for ever; no list is as long as that.
                if (!stats.isFile() || size > FILE_BYTES_MAX) {
                    throw new Error(`the ${this.#options.what} '${this.path}' is damaged: it is no file of at most ${FILE_BYTES_MAX} bytes`);
                }
                this.value = this.#options.parse(await readFile(this.path, 'utf8'));
                // Taken before the text was: what is written in between is read the next time.
                this.#stamp = stamp;
            }
        }
        catch (error) {
            const { code, message } = error;
            if (code === 'ENOENT' || code === 'ENOTDIR') {
                if (this.value !== null) {
                    this.#options.reportError(`the ${this.#options.what} '${this.path}' is gone: ${this.#options.whenGone}`);
                }
                this.value = null;
                this.#stamp = null;
            }
            else if (code !== undefined) {
                throw new Error(`the ${this.#options.what} '${this.path}' cannot be read: ${message}`);
            }
            else {
                throw new Error(message + whenDamaged);
            }
        }
    }
}
