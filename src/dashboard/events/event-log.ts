import type { Event } from '../../model/event.ts';

/** More rows than this are cut to half while only new ones come: the rest can be read again. */
export const ROWS_MAX = 4000;

type Test = (event: Event) => boolean;

/** What is shown of the service's log: without a hole, and nothing twice. */
export interface EventLog {
  /** All that match from `oldest` to `newest` are in `rows`. Both are a `seq`. */
  readonly oldest: number;
  readonly newest: number;
  /** Of the event with that `seq`: the same one in another log is another. */
  readonly newestId: string;
  /** Newest first. */
  readonly rows: readonly Event[];
  /** There is nothing older. */
  readonly isEnd: boolean;
}

/** From the newest events, oldest first and without a gap. */
export function begin(live: readonly Event[], isWanted: Test): EventLog {
  const last = live.at(-1);
  return {
    oldest: live[0]?.seq ?? 1,
    newest: last?.seq ?? 0,
    newestId: last?.id ?? '',
    rows: live.filter(isWanted).reverse(),
    isEnd: false,
  };
}

/** Takes in what is new. Null: between the log and what is live there is a gap. */
export function takeLive(log: EventLog, live: readonly Event[], isWanted: Test): EventLog | null {
  const first = live[0];
  const last = live.at(-1);
  if (first === undefined || last === undefined || last.seq < log.newest) {
    return begin(live, isWanted);
  }
  const known = live[log.newest - first.seq];
  if (known !== undefined && log.newestId !== '' && known.id !== log.newestId) {
    return begin(live, isWanted);
  }
  if (last.seq === log.newest) {
    return log;
  }
  if (first.seq > log.newest + 1) {
    return null;
  }
  const fresh = live.slice(log.newest + 1 - first.seq).filter(isWanted);
  return cut({ ...log, newest: last.seq, newestId: last.id, rows: [...fresh.reverse(), ...log.rows] });
}

/** How many that match are newer than the log, as far as is known; `isMore`: and others that are not known. */
export function countFresh(log: EventLog, live: readonly Event[], isWanted: Test) {
  const first = live[0]?.seq ?? 1;
  const from = Math.max(0, log.newest + 1 - first);
  let count = 0;
  for (let index = from; index < live.length; index++) {
    count += isWanted(live[index] as Event) ? 1 : 0;
  }
  return { count, isMore: first > log.newest + 1 };
}

/**
 * Fills the gap after the log with a page that is oldest first, and was asked for when nothing after `until` was missing.
 * What it has beyond that is taken too, up to `end`: the newest event that is known.
 */
export function fill(log: EventLog, page: readonly Event[], until: number, end: number): EventLog {
  const inside = page.filter(({ seq }) => seq > log.newest && seq <= end);
  const last = page.at(-1)?.seq ?? until;
  const newest = last < until ? last : Math.max(until, Math.min(last, end));
  return { ...log, newest, newestId: '', rows: [...inside.reverse(), ...log.rows] };
}

/** An older page, newest first, which was asked for before `before`. An empty one is the end. */
export function takeOlder(log: EventLog, page: readonly Event[], before: number): EventLog {
  if (before !== log.oldest) {
    return log;
  }
  const older = page.filter(({ seq }) => seq < before);
  const last = older.at(-1);
  return last === undefined
    ? { ...log, isEnd: true }
    : { ...log, oldest: last.seq, rows: [...log.rows, ...older], isEnd: last.seq === 1 };
}

/** The newest of one agent's events: of a page and of those that came since. */
export function newestOf(
  page: readonly Event[],
  live: readonly Event[],
  isWanted: Test,
  count: number,
): Event[] {
  const bySeq = new Map([...page, ...live.filter(isWanted)].map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, count);
}

function cut(log: EventLog): EventLog {
  if (log.rows.length <= ROWS_MAX) {
    return log;
  }
  const rows = log.rows.slice(0, ROWS_MAX / 2);
  return { ...log, rows, oldest: (rows.at(-1) as Event).seq, isEnd: false };
}
