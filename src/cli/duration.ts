import { EXPIRES_MS_MAX } from '../model/approval.ts';
import { CommandFailed } from './exit.ts';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `500ms`, `90s`, `10m`, `1h`, `2d`, in milliseconds. */
export function readDuration(flag: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,11})(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (!(ms >= 1 && ms <= EXPIRES_MS_MAX)) {
    throw new CommandFailed(
      `${flag} must be a number and a unit, such as 500ms, 90s, 10m, 1h or 2d, and at most ${EXPIRES_MS_MAX / 86_400_000}d`,
    );
  }
  return ms;
}

/** For people: the two greatest units. */
export function shownDuration(ms: number): string {
  const parts = Object.entries({ d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 })
    .map(([unit, length], index, all) => {
      const greater = all[index - 1]?.[1] ?? Number.POSITIVE_INFINITY;
      return { unit, number: Math.floor((ms % greater) / length) };
    })
    .filter(({ number }) => number > 0);
  return (
    parts
      .slice(0, 2)
      .map(({ unit, number }) => `${number}${unit}`)
      .join(' ') || '0s'
  );
}
