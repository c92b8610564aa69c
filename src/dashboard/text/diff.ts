export type DiffLine = {
  readonly kind: 'added' | 'removed' | 'same' | 'place' | 'file';
  readonly text: string;
};

/** True for text in the unified format of `diff -u` and git. */
export function looksLikeDiff(text: string): boolean {
  const isHunk = /^@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m.test(text);
  return isHunk && (/^--- .*\n\+\+\+ /m.test(text) || text.startsWith('@@ '));
}

/** Each line with what it is. A line that begins with `---` inside of a hunk is a removed one. */
export function diffLines(text: string): DiffLine[] {
  let left = { removed: 0, added: 0 };
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line): DiffLine => {
      const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
      if (hunk !== null) {
        left = { removed: Number(hunk[1] ?? 1), added: Number(hunk[2] ?? 1) };
        return { kind: 'place', text: line };
      }
      if (left.removed + left.added <= 0) {
        // Outside of a hunk. What claims to be a part of one is still shown as that.
        const isHead = /^(---|\+\+\+) /.test(line) || !/^[-+ ]/.test(line);
        return { kind: isHead ? 'file' : kindOf(line), text: line };
      }
      const kind = kindOf(line);
      left.removed -= kind === 'added' ? 0 : 1;
      left.added -= kind === 'removed' ? 0 : 1;
      return { kind, text: line };
    });
}

function kindOf(line: string): 'added' | 'removed' | 'same' {
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
}
