/** A run of text as it is, or one character that would not be seen, or not as what it is. */
export type Piece =
  | { readonly text: string }
  | { readonly code: string; readonly kind: 'invisible' | 'lookalike' };

/**
 * What a reader cannot see: controls (tab and line feed have a shape), format characters (they turn the direction of
 * text, join and hide), blanks that are no space, fillers, and variation selectors.
 */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/** Letters of one word in Latin and in a script that looks like it. */
const MIXED_WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const LOOKALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]|[\uff01-\uff5e]/u;
const LATIN = /[A-Za-z]/;
const MARK = /\p{M}/u;
const PICTURE = /\p{Extended_Pictographic}/u;
/** More marks than this on one letter reach into other lines. */
const MARKS_MAX = 3;

/** Splits a stranger's text so that what is not seen can be shown. `isBlock`: line feeds and tabs are laid out. */
export function piecesOf(text: string, isBlock = false): Piece[] {
  // Nearly every text is plain, and it may be long.
  if (isBlock ? /^[\x20-\x7e\n\t]*$/.test(text) : /^[\x20-\x7e]*$/.test(text)) {
    return text === '' ? [] : [{ text }];
  }
  const pieces: Piece[] = [];
  const lookalikes = lookalikesIn(text);
  let run = '';
  let marks = 0;
  let index = 0;
  let before = '';
  const put = (code: string, kind: 'invisible' | 'lookalike') => {
    if (run !== '') {
      pieces.push({ text: run });
      run = '';
    }
    pieces.push({ code, kind });
  };
  for (const character of text) {
    const isLaidOut = isBlock && (character === '\n' || character === '\t');
    marks = MARK.test(character) ? marks + 1 : 0;
    const isJoint = (character === '\ufe0f' || character === '\u200d') && PICTURE.test(before);
    if (marks > MARKS_MAX || (INVISIBLE.test(character) && !isLaidOut && !isJoint)) {
      put(codeOf(character), 'invisible');
    } else if (lookalikes.has(index)) {
      put(character, 'lookalike');
    } else {
      run += character;
    }
    index += character.length;
    before = isJoint ? before : character;
  }
  if (run !== '') {
    pieces.push({ text: run });
  }
  return pieces;
}

/** True if there is anything that a reader would not see, or see as something else. */
export function isDeceptive(text: string): boolean {
  return piecesOf(text, true).some((piece) => 'code' in piece);
}

/** In one line, as a title or a name for a screen reader: the same, in words. */
export function inWords(text: string): string {
  return piecesOf(text)
    .map((piece) =>
      'text' in piece ? piece.text : piece.kind === 'invisible' ? `[${piece.code}]` : piece.code,
    )
    .join('');
}

function codeOf(character: string): string {
  const named: Record<string, string> = {
    '\n': '⏎',
    '\t': '⇥',
    '\r': 'CR',
    '\0': 'NUL',
    '\x1b': 'ESC',
    '\xa0': 'NBSP',
  };
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  return named[character] ?? `U+${code}`;
}

/** Where letters stand that look like others: only in words that mix them with Latin ones. */
function lookalikesIn(text: string): Set<number> {
  const found = new Set<number>();
  for (const match of text.matchAll(MIXED_WORD)) {
    const [word] = match;
    if (!LOOKALIKE.test(word) || !LATIN.test(word)) {
      continue;
    }
    let index = match.index;
    for (const character of word) {
      if (LOOKALIKE.test(character)) {
        found.add(index);
      }
      index += character.length;
    }
  }
  return found;
}
