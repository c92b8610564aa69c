/** A figure that was measured several times. */
export interface Figure {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1
      ? sorted[middle]
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  return { min: sorted[0] as number, median: median as number, max: sorted.at(-1) as number };
}

/** One row of the report. */
export interface Row {
  readonly work: string;
  readonly unit: string;
  readonly goal: string;
  /** Undefined: the goal says nothing that can be compared. */
  readonly isMet: boolean | undefined;
  readonly ours: Figure;
  readonly baseline?: { readonly name: string; readonly figure: Figure; readonly ratio: Figure };
  /** CPU of the load program, in cores: below 1 it was not what limited the figure. */
  readonly loadCpu: number;
}
