import { type Figure, figureOf } from './figures.ts';

/** One row of the report. */
export interface Row {
  readonly work: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  /** Undefined: there is no goal, the row is there for comparison. */
  readonly goal: string | undefined;
  /** If the goal is for the figure itself. */
  readonly goalValue: number | undefined;
  readonly isMet: boolean;
  readonly ours: Figure;
  readonly baselines: readonly Baseline[];
  readonly others: Others;
  /** CPU of the load program, in cores: below 1 it was not what limited the figure. Undefined: there was no load. */
  readonly loadCpu: number | undefined;
}

/** Published figures of others, in the row's unit; two numbers are a range. */
export type Others = Readonly<Record<string, number | readonly [number, number]>>;

/** Something else that was measured in the same run. */
export interface Baseline {
  readonly name: string;
  readonly figure: Figure;
  /** Of ours to this. */
  readonly ratio: Figure;
}

/** What a run of Sallyport, or of a baseline, gave. */
export interface Measurement {
  readonly value: number;
  readonly loadCpu?: number;
}

type Goal =
  /** Compared with the median. */
  | { readonly value: number }
  /** Compared with the median ratio to the first baseline. */
  | { readonly ratio: number; readonly text: string };

export interface RowOptions {
  readonly work: string;
  readonly unit: string;
  readonly better?: 'less' | 'more';
  readonly goal?: Goal;
  readonly others?: Others;
}

/** `baselines`: each has one measurement for each of ours, made in turn. */
export function rowOf(
  options: RowOptions,
  ours: readonly Measurement[],
  baselines: Readonly<Record<string, readonly Measurement[]>> = {},
): Row {
  const { better = 'less', goal, others = {} } = options;
  const figure = figureOf(ours.map(({ value }) => value));
  const compared = Object.entries(baselines).map(([name, theirs]) => ({
    name,
    figure: figureOf(theirs.map(({ value }) => value)),
    ratio: figureOf(theirs.map(({ value }, index) => (ours[index] as Measurement).value / value)),
  }));
  const loads = ours.flatMap(({ loadCpu }) => (loadCpu === undefined ? [] : [loadCpu]));
  return {
    work: options.work,
    unit: options.unit,
    better,
    goal: goalText(goal, better),
    goalValue: goal !== undefined && 'value' in goal ? goal.value : undefined,
    isMet: isGoalMet(goal, better, figure, compared[0]?.ratio),
    ours: figure,
    baselines: compared,
    others,
    loadCpu: loads.length === 0 ? undefined : Math.max(...loads),
  };
}

function goalText(goal: Goal | undefined, better: 'less' | 'more'): string | undefined {
  if (goal === undefined) {
    return undefined;
  }
  return 'text' in goal ? goal.text : `${goal.value.toLocaleString('en')} or ${better}`;
}

function isGoalMet(goal: Goal | undefined, better: 'less' | 'more', ours: Figure, ratio: Figure | undefined) {
  if (goal === undefined) {
    return true;
  }
  const [actual, wanted] =
    'ratio' in goal ? [ratio?.median ?? Number.NaN, goal.ratio] : [ours.median, goal.value];
  return better === 'less' ? actual <= wanted : actual >= wanted;
}
