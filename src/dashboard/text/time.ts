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

/** Making one of these takes a thousand times longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** For people, in their own zone: a time of today, else with its day. */
export function clock(iso: string, now = Date.now(), locale?: string): string {
  const at = new Date(iso);
  const time = format('time', locale).format(at);
  const isToday = at.toDateString() === new Date(now).toDateString();
  return isToday ? time : `${format('day', locale).format(at)}, ${time}`;
}

/** A day, for people, in their own zone. */
export function day(iso: string, locale?: string): string {
  return format('weekday', locale).format(new Date(iso));
}

/** 0: today. Of times to come it is below 0. */
export function daysAgo(iso: string, now = Date.now()): number {
  const begin = (time: Date) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  return (begin(new Date(now)) - begin(new Date(iso))) / 86_400_000;
}

const PARTS = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { year: 'numeric', month: 'short', day: 'numeric' },
  weekday: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
} as const;

function format(part: keyof typeof PARTS, locale: string | undefined): Intl.DateTimeFormat {
  const name = `${part} ${locale}`;
  const made = formats.get(name) ?? new Intl.DateTimeFormat(locale, PARTS[part]);
  formats.set(name, made);
  return made;
}
