import { isUtf8 } from 'node:buffer';
import sjson from 'secure-json-parse';
import { invalid } from './problems.js';
/** Deeper JSON is refused: nobody decides on it, and what walks it later could run out of stack. */
export const JSON_DEPTH_MAX = 64;
/** A long run of digits, or an exponent: only then can a number be one that JavaScript cannot hold. */
const UNUSUAL_NUMBER = /\d{16}|\d[eE]/;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
/** Reads an object. Throws a 400 for what is not JSON, and for what could not be given back as it came. */
export function parseObject(bytes) {
    if (!isUtf8(bytes)) {
        throw invalid('body', 'must be UTF-8');
    }
    const { depth, keys } = measure(bytes);
    if (depth > JSON_DEPTH_MAX) {
        throw invalid('body', `must not be nested deeper than ${JSON_DEPTH_MAX} levels`);
    }
    const text = bytes.toString();
    const value = parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw invalid('body', 'must be an object');
    }
    if (keysIn(value) !== keys) {
        throw invalid('body', 'must not have a key twice in one object: nobody could say which of them counts');
    }
    if (UNUSUAL_NUMBER.test(text)) {
        refuseInexact(text);
    }
    return value;
}
function parse(text) {
    try {
        const value = JSON.parse(text);
        sjson.scan(value, { protoAction: 'error', constructorAction: 'error' });
        return value;
    }
    catch (error) {
        const { message } = error;
        throw message.includes('forbidden prototype')
            ? invalid('body', "must not have a key '__proto__', or 'prototype' in a 'constructor'")
            : invalid('body', `must be JSON: ${message}`);
    }
}
/** A whole number that would come back as another one is refused, not rounded. */
function refuseInexact(text) {
    for (const [token] of text.matchAll(STRING_OR_NUMBER)) {
        if (!token.startsWith('"') && UNUSUAL_NUMBER.test(token) && isChanged(token)) {
            throw invalid('body', `has the number ${token.slice(0, 40)}, which cannot be kept exactly; send it as a string`);
        }
    }
}
function isChanged(token) {
    const value = Number(token);
    return !Number.isFinite(value) || (/^-?\d+$/.test(token) && BigInt(token) !== BigInt(value));
}
function keysIn(value) {
    if (typeof value !== 'object' || value === null) {
        return 0;
    }
    const members = Object.values(value);
    const own = Array.isArray(value) ? 0 : members.length;
    return members.reduce((sum, member) => sum + keysIn(member), own);
}
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** `[` and `{`, `]` and `}` differ in this bit alone. */
const SQUARE_OR_CURLY = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;
/** How deep the objects and lists of a JSON text are nested, and how many keys it has: each is followed by a colon. */
function measure(json) {
    let depth = 0;
    let deepest = 0;
    let keys = 0;
    for (let index = 0; index < json.length; index++) {
        const byte = json[index];
        if (byte === QUOTE) {
            index = endOfString(json, index);
        }
        else if ((byte | SQUARE_OR_CURLY) === OPENING) {
            depth += 1;
            deepest = Math.max(deepest, depth);
        }
        else if ((byte | SQUARE_OR_CURLY) === CLOSING) {
            depth -= 1;
        }
        else if (byte === COLON) {
            keys += 1;
        }
    }
    return { depth: deepest, keys };
}
/** The index of the quote that ends the string which begins at `start`. */
function endOfString(json, start) {
    let index = start + 1;
    while (index < json.length && json[index] !== QUOTE) {
        index += json[index] === BACKSLASH ? 2 : 1;
    }
    return index;
}
