/** How many lines around a change are shown. */
const CONTEXT = 2;

/** What changes from `before` to `after`, line by line: `+` comes, `-` goes, and a little of what stays. */
export function lineDiff(before: string, after: string): string[] {
  const [old, next] = [linesOf(before), linesOf(after)];
  const lengths = commonLengths(old, next);
  const lines: string[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < next.length) {
    if (row < old.length && column < next.length && old[row] === next[column]) {
      lines.push(`  ${old[row]}`);
      row += 1;
      column += 1;
    } else if (
      column < next.length &&
      (row === old.length || at(lengths, row, column + 1) >= at(lengths, row + 1, column))
    ) {
      lines.push(`+ ${next[column]}`);
      column += 1;
    } else {
      lines.push(`- ${old[row]}`);
      row += 1;
    }
  }
  return lines.filter((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(isChange),
  );
}

function isChange(line: string): boolean {
  return !line.startsWith(' ');
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** How long the longest common subsequence is of what begins at each pair of lines. */
function commonLengths(old: readonly string[], next: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(next.length + 1).fill(0));
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = next.length - 1; column >= 0; column -= 1) {
      const length =
        old[row] === next[column]
          ? at(lengths, row + 1, column + 1) + 1
          : Math.max(at(lengths, row + 1, column), at(lengths, row, column + 1));
      (lengths[row] as number[])[column] = length;
    }
  }
  return lengths;
}

function at(lengths: readonly (readonly number[])[], row: number, column: number): number {
  return Number(lengths[row]?.[column]);
}
