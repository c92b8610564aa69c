import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);

// src/credentials/identity.ts
var SENTENCES = {
  missing: "this needs a credential; send a token as `Authorization: Bearer spt_\u2026`",
  "missing-or-jwt": "this needs a credential; send a token, `spt_\u2026`, or a JWT of the issuer that is trusted here as `Authorization: Bearer \u2026`",
  "unsupported-scheme": "the Authorization header must be `Bearer` and a token",
  malformed: "this is not a token of this service; a token begins with spt_ and has 53 characters",
  "bad-checksum": "the token was not copied as it was made: its checksum is wrong",
  unknown: "the token or the sign-in is not known here; it may have been replaced or ended",
  revoked: "the token has been revoked; ask an administrator for another",
  expired: "the credential has expired; get a new one",
  "jwt-not-accepted": "this service takes no JWT; send a token that begins with spt_",
  "jwt-malformed": "the JWT cannot be read",
  "jwt-algorithm": "the JWT is not signed by an algorithm that is taken here (RS, PS, ES or EdDSA)",
  "jwt-signature": "the signature of the JWT does not fit the key of its issuer",
  "jwt-unknown-key": "the JWT is not signed by a key that its issuer publishes",
  "jwt-issuer": "the JWT is from another issuer than the one that is trusted here",
  "jwt-audience": "the JWT is for another audience than this service",
  "jwt-not-yet-valid": "the JWT is not valid yet",
  "jwt-claims": "the JWT needs a numeric exp and a sub of 1-255 characters without control characters",
  "jwt-role": "the JWT has no role that is known here (viewer, agent, operator or admin)",
  unavailable: "the keys of the issuer cannot be had at the moment; try again"
};
function refuse(reason) {
  return { refused: reason, sentence: SENTENCES[reason] };
}

// src/credentials/watched-file.ts
import { readFile, stat } from "node:fs/promises";
var FILE_BYTES_MAX = 8 * 1024 * 1024;
var WatchedFile = class _WatchedFile {
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
    const file = new _WatchedFile(path, options);
    await file.#read(options.whenDamaged);
    return file;
  }
  /** Reads the file if it is another one, or was written to. What cannot be read is reported once, and changes nothing. */
  async check() {
    try {
      await this.#read();
      this.#reported = null;
    } catch (error) {
      const sentence = `${error.message}; what was read from it before still counts`;
      if (sentence !== this.#reported) {
        this.#reported = sentence;
        this.#options.reportError(sentence);
      }
    }
  }
  async #read(whenDamaged = "") {
    try {
      const stats = await stat(this.path, { bigint: true });
      const { dev, ino, mtimeNs, ctimeNs, size } = stats;
      const stamp = `${dev} ${ino} ${mtimeNs} ${ctimeNs} ${size}`;
      if (stamp !== this.#stamp) {
        if (!stats.isFile() || size > FILE_BYTES_MAX) {
          throw new Error(
            `the ${this.#options.what} '${this.path}' is damaged: it is no file of at most ${FILE_BYTES_MAX} bytes`
          );
        }
        this.value = this.#options.parse(await readFile(this.path, "utf8"));
        this.#stamp = stamp;
      }
    } catch (error) {
      const { code, message } = error;
      if (code === "ENOENT" || code === "ENOTDIR") {
        if (this.value !== null) {
          this.#options.reportError(
            `the ${this.#options.what} '${this.path}' is gone: ${this.#options.whenGone}`
          );
        }
        this.value = null;
        this.#stamp = null;
      } else if (code !== void 0) {
        throw new Error(`the ${this.#options.what} '${this.path}' cannot be read: ${message}`);
      } else {
        throw new Error(message + whenDamaged);
      }
    }
  }
};

export {
  refuse,
  WatchedFile
};
