const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** A span of time in its one or two largest units: `42 s`, `3 min`, `2 h 5 min`, `3 d 4 h`. Never below 0. */
export function span(ms: number): string {
  const left = Math.max(0, ms);
  const index = UNITS.findIndex(([, size]) => left >= size);
  const [unit, size] = UNITS[index] ?? UNITS[3];
  const whole = Math.floor(left / size);
  const smaller = UNITS[index + 1];
  if (index < 0 || smaller === undefined || unit === 'min') {
    return `${whole} ${unit}`;
  }
  const rest = Math.floor((left - whole * size) / smaller[1]);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smaller[0]}`;
}

/**
 * In the zone of who reads it: a time of today, else with its day. Written here, in English as all of the page and by
 * 24 hours: to find out how a browser writes times takes longer than to draw the page.
 */
export function clock(iso: string, now = Date.now()): string {
  const at = new Date(iso);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  const isToday = at.toDateString() === new Date(now).toDateString();
  return isToday ? time : `${dayOfMonth(at)} ${at.getFullYear()}, ${time}`;
}

/** In the zone of who reads it: `Wed 25 Nov 2026`. */
export function day(iso: string): string {
  const at = new Date(iso);
  const [weekday] = at.toDateString().split(' ');
  return `${weekday} ${dayOfMonth(at)} ${at.getFullYear()}`;
}

/** `25 Nov`, from the words that every engine has (ECMA-262, Date.prototype.toDateString). */
export function dayOfMonth(at: Date): string {
  const [, month] = at.toDateString().split(' ');
  return `${at.getDate()} ${month}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** 0: today. Of times to come it is below 0. */
export function daysAgo(iso: string, now = Date.now()): number {
  const begin = (time: Date) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  return (begin(new Date(now)) - begin(new Date(iso))) / 86_400_000;
}
