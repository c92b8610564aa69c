import { dirname, join } from 'node:path';
/**
 * Where credentials are kept: in the data folder, which is the one with the log. Without one (a store in memory, or in a
 * database server) it is the folder with the tokens, if they have one. Null: there is no place for any.
 *
 * `store` is SALLYPORT_STORE; `tokensFile` is SALLYPORT_TOKENS_FILE, null if it is not set.
 */
export function credentialPaths(store, tokensFile) {
    const log = /^sqlite:(?!:memory:)(.+)$/s.exec(store)?.[1];
    const beside = log ?? tokensFile;
    if (beside === null) {
        return null;
    }
    const folder = dirname(beside);
    return {
        tokens: tokensFile ?? join(folder, 'tokens.json'),
        logins: join(folder, 'logins.json'),
        adminToken: join(folder, 'admin-token'),
    };
}
