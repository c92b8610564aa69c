import type { Approval } from '../../model/approval.ts';
import { tookMs } from '../history/csv.ts';

/** What is measured of approvals in one span of time. All times in milliseconds. */
export interface Bucket {
  readonly from: number;
  /** Where the next one begins. */
  readonly to: number;
  /** What people decided in it: what expired or was cancelled took nobody's time. */
  readonly decided: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly mostPending: number;
}

export interface Measures {
  readonly decided: number;
  readonly approved: number;
  readonly expired: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly mostPending: number;
  /** How long a bucket is. */
  readonly sizeMs: number;
  readonly buckets: readonly Bucket[];
  /** Each moment at which the number of pending ones changed, and what it was from then on. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly at: number;
  readonly pending: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const SIZES = [
  ...[MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS],
  ...[HOUR_MS, 6 * HOUR_MS],
  ...[DAY_MS, 7 * DAY_MS, 28 * DAY_MS, 364 * DAY_MS],
] as const;
/** So many points can be told apart. */
const BUCKETS_MAX = 50;

/** `end`: as far as it is known. */
export function measure(approvals: readonly Approval[], end: number): Measures {
  const decisions = approvals.filter(({ status }) => status === 'resolved');
  const taken = sorted(decisions.map(durationOf));
  const steps = stepsOf(approvals);
  const first = steps[0]?.at ?? end;
  const last = Math.max(end, first);
  const sizeMs = sizeOf(last - first);
  return {
    decided: decisions.length,
    approved: decisions.filter(({ outcome }) => outcome === 'approved').length,
    expired: approvals.filter(({ status }) => status === 'expired').length,
    medianMs: percentile(taken, 50),
    p95Ms: percentile(taken, 95),
    mostPending: steps.reduce((most, { pending }) => Math.max(most, pending), 0),
    sizeMs,
    buckets: bucketsOf(decisions, steps, startsOf(first, last, sizeMs)),
    steps,
  };
}

/** The nearest rank: a value that there was. `values` in order. */
export function percentile(values: readonly number[], percent: number): number | null {
  return values[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)] ?? null;
}

function durationOf(approval: Approval): number {
  return tookMs(approval) as number;
}

function sorted(values: number[]): number[] {
  return values.sort((a, b) => a - b);
}

function sizeOf(spanMs: number): number {
  return SIZES.find((size) => spanMs / size <= BUCKETS_MAX) ?? SIZES[8];
}

/** Where buckets begin, and where the last one ends: at full hours and days of the person's own zone. */
function startsOf(first: number, last: number, sizeMs: number): number[] {
  const starts = [beginOf(first, sizeMs)];
  for (let at = starts[0] as number; at <= last; ) {
    at = sizeMs < DAY_MS ? at + sizeMs : new Date(at).setDate(new Date(at).getDate() + sizeMs / DAY_MS);
    starts.push(at);
  }
  return starts;
}

function beginOf(at: number, sizeMs: number): number {
  if (sizeMs >= DAY_MS) {
    return new Date(at).setHours(0, 0, 0, 0);
  }
  const zoneMs = new Date(at).getTimezoneOffset() * MINUTE_MS;
  return Math.floor((at - zoneMs) / sizeMs) * sizeMs + zoneMs;
}

function stepsOf(approvals: readonly Approval[]): Step[] {
  const changes = approvals.flatMap(({ created_at, resolved_at }) => {
    const begin = Date.parse(created_at);
    const asked = { at: begin, by: 1 };
    return resolved_at === null ? [asked] : [asked, { at: Math.max(begin, Date.parse(resolved_at)), by: -1 }];
  });
  const steps: Step[] = [];
  let pending = 0;
  for (const { at, by } of changes.sort((a, b) => a.at - b.at)) {
    pending += by;
    // Of one moment the last counts.
    if (steps.at(-1)?.at === at) {
      steps.pop();
    }
    steps.push({ at, pending });
  }
  return steps;
}

function bucketsOf(
  decisions: readonly Approval[],
  steps: readonly Step[],
  starts: readonly number[],
): Bucket[] {
  const inOrder = decisions
    .map((approval) => ({ at: Date.parse(String(approval.resolved_at)), tookMs: durationOf(approval) }))
    .sort((a, b) => a.at - b.at);
  let decision = 0;
  let step = 0;
  let pending = 0;
  return starts.slice(0, -1).map((from, index) => {
    const to = starts[index + 1] as number;
    const taken: number[] = [];
    for (let next = inOrder[decision]; next !== undefined && next.at < to; next = inOrder[decision]) {
      taken.push(next.tookMs);
      decision += 1;
    }
    let mostPending = pending;
    for (let next = steps[step]; next !== undefined && next.at < to; next = steps[step]) {
      pending = next.pending;
      mostPending = Math.max(mostPending, pending);
      step += 1;
    }
    sorted(taken);
    return {
      ...{ from, to, decided: taken.length, mostPending },
      ...{ medianMs: percentile(taken, 50), p95Ms: percentile(taken, 95) },
    };
  });
}
