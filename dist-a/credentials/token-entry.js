import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ROLES } from '../model/role.js';
import { TOKEN_NAME_PATTERN } from '../model/token.js';
/** Revoked ones included: their names stay taken. */
export const TOKENS_MAX = 10_000;
/** What to do about a file of tokens that is damaged: the end of a sentence. */
export const WHEN_DAMAGED = '; put back a copy of it (deleting it opens the service)';
const DAY_MS = 86_400_000;
/** As `Date.prototype.toISOString` writes it; that it is a time of the calendar is checked apart. */
const Time = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** A token as it is kept: everything but the token. */
export const TokenEntry = Type.Object({
    name: Type.String({ pattern: TOKEN_NAME_PATTERN }),
    role: Type.Unsafe(Type.String({ pattern: `^(${ROLES.join('|')})$` })),
    sha256: Sha256,
    created_at: Time,
    expires_at: Type.Union([Time, Type.Null()]),
    revoked_at: Type.Optional(Time),
}, { additionalProperties: false });
const TokenList = Type.Object({ version: Type.Literal(1), tokens: Type.Array(TokenEntry, { maxItems: TOKENS_MAX }) }, { additionalProperties: false });
export function isTokenName(text) {
    return Value.Check(TokenEntry.properties.name, text);
}
/**
 * Reads what `writeTokens` writes: `{"version":1,"tokens":[…]}`. Throws a sentence that begins with `what`, the name of
 * the file or the variable, and repeats no value: somebody may have put a secret there.
 */
export function readTokens(text, what) {
    const { tokens } = readStrictly(TokenList, text, what);
    const times = tokens.flatMap((token) => [token.created_at, token.expires_at, token.revoked_at]);
    if (times.some((time) => time != null && !isTime(time))) {
        throw new Error(`${what} is damaged: it has a time that no calendar has`);
    }
    for (const field of ['name', 'sha256']) {
        if (new Set(tokens.map((token) => token[field])).size < tokens.length) {
            throw new Error(`${what} is damaged: two of its tokens have the same ${field}`);
        }
    }
    return tokens;
}
export function writeTokens(tokens) {
    return `${JSON.stringify({ version: 1, tokens }, null, 2)}\n`;
}
/** JSON that fits the schema; else throws a sentence that says where it does not, without the value that is there. */
export function readStrictly(schema, text, what) {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        // What the parser says quotes the text.
        throw new Error(`${what} is damaged: it is not JSON`);
    }
    const wrong = Value.Errors(schema, value).First();
    if (wrong !== undefined) {
        throw new Error(`${what} is damaged at '${wrong.path || '/'}': ${wrong.message}`);
    }
    return value;
}
/** `now` in milliseconds since 1970, UTC. */
export function stateOf({ expires_at, revoked_at }, now) {
    if (revoked_at !== undefined) {
        return 'revoked';
    }
    return expires_at !== null && Date.parse(expires_at) <= now ? 'expired' : 'active';
}
/** When a token ends that lives for so many days; both times in milliseconds since 1970, UTC. */
export function expiryAfter(days, now) {
    return now + days * DAY_MS;
}
function isTime(text) {
    const time = new Date(text);
    return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}
