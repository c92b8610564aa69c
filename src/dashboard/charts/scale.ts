import { clock, dayOfMonth, span } from '../text/time.ts';

/** Spans of time that people think in, in milliseconds. */
const TICKS_MS = [
  ...[10, 100, 1000, 10_000, 60_000, 600_000],
  ...[3_600_000, 21_600_000, 86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000],
] as const;

/** Decisions take seconds or days: only on a logarithm both can be seen. `null` where there is nothing. */
export function heightOf(ms: number | null): number | null {
  return ms === null ? null : Math.log10(Math.max(ms, TICKS_MS[0]));
}

/** From one tick to another, so that all values and at least two ticks are in between. */
export function rangeOf(values: readonly (number | null)[]): [number, number] {
  const there = values.filter((value) => value !== null);
  const heights = TICKS_MS.map((ms) => Math.log10(ms));
  const low = heights.findLastIndex((height) => height <= Math.min(...there));
  const high = heights.findIndex((height) => height >= Math.max(...there));
  const last = heights.length - 1;
  const from = Math.min(Math.max(0, low), last - 1);
  const to = high < 0 ? last : Math.max(high, from + 1);
  return [heights[from] as number, heights[to] as number];
}

export function ticksIn(from: number, to: number): number[] {
  return TICKS_MS.map((ms) => Math.log10(ms)).filter((height) => height >= from && height <= to);
}

export function tickName(height: number): string {
  return spanName(Math.round(10 ** height));
}

/** As `span`, but exact enough for a figure: in milliseconds below a second, with seconds below ten minutes. */
export function spanName(ms: number): string {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = Math.floor(ms / 1000) % 60;
  return ms > 60_000 && ms < 600_000 && seconds > 0 ? `${span(ms)} ${seconds} s` : span(ms);
}

/** Names of moments under an axis, `stepMs` apart: hours, and the day where one begins. */
export function timeNames(times: readonly number[], stepMs: number): string[] {
  return times.map((at) => {
    const minute = clock(new Date(at).toISOString(), at).slice(0, 5);
    return stepMs >= 86_400_000 || minute === '00:00' ? dayOfMonth(new Date(at)) : minute;
  });
}
