/**
 * Texts of others, for a terminal: what would move the cursor, change colours or turn the direction of the line is
 * shown as `\x1b` or `\u202e` instead. Line breaks and tabs too: one text is one line.
 */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (character) => escaped(character));
}

/** JSON on one line. Its strings hold the same characters as escapes, which mean the same to a parser. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSEEN, escapedForJson);
}

/** Control characters (C0, DEL, C1), line and paragraph separators, what joins or hides, and what turns directions. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  const known = KNOWN[character];
  if (known !== undefined) {
    return known;
  }
  return code < 0x100 ? `\\x${hex(code, 2)}` : code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`;
}

const KNOWN: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapedForJson(character: string): string {
  return [...Array(character.length).keys()].map((at) => `\\u${hex(character.charCodeAt(at), 4)}`).join('');
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** Without tokens and JWTs that somebody has put where they do not belong. */
export function withoutTokens(text: string): string {
  return text.replaceAll(/\bspt_[\w-]+|\beyJ[\w-]+\.[\w.-]*/g, '(a credential)');
}
