export interface Span {
  readonly from: number;
  /** One after the last. */
  readonly to: number;
}

/** Tops of rows of these heights, and one more: the height of all. */
export function offsetsOf(heights: readonly number[]): number[] {
  const offsets = [0];
  for (const height of heights) {
    offsets.push((offsets.at(-1) as number) + height);
  }
  return offsets;
}

/** The rows between two heights, and `more` pixels on both sides. */
export function spanAt(offsets: readonly number[], top: number, bottom: number, more: number): Span {
  const count = offsets.length - 1;
  const from = Math.max(0, after(offsets, top - more) - 1);
  const to = Math.min(count, after(offsets, bottom + more));
  return { from: Math.min(from, count), to: Math.max(to, Math.min(from, count)) };
}

/** The window, and single rows that have to stay although they are outside of it, in order. */
export function spansWith({ from, to }: Span, kept: readonly number[]): Span[] {
  const outside = [...new Set(kept)].filter((index) => index >= 0 && (index < from || index >= to));
  const single = outside.map((index) => ({ from: index, to: index + 1 }));
  return [...single, { from, to }].sort((a, b) => a.from - b.from);
}

/** The index of the first offset that is greater. */
function after(offsets: readonly number[], height: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] as number) > height) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
