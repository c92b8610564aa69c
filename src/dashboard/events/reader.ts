import { signal } from '@preact/signals';
import type { Event } from '../../model/event.ts';
import { type Answer, get } from '../api.ts';
import { events, signedOut } from '../store.ts';
import { T } from '../texts.ts';
import { type EventFilter, pageOf, testOf } from './event-filter.ts';
import { begin, countFresh, type EventLog, fill, takeLive, takeOlder } from './event-log.ts';

const PAGE = 100;
/** A gap that takes more pages of the largest size than this is not filled: what was shown is old news. */
const FILL_PAGES_MAX = 3;
const FILL_PAGE = 1000;

export type Paging = 'ready' | 'reading' | { readonly problem: string };

/** Holds what is shown of the log with one filter: new events above, older ones below as somebody scrolls to them. */
export class Reader {
  readonly filter: EventFilter;
  readonly log;
  readonly paging = signal<Paging>('ready');
  /** The oldest event that is kept at all, known when its end was reached. */
  readonly first = signal<Event | null>(null);
  readonly #isWanted: (event: Event) => boolean;
  #isFilling = false;
  #isClosed = false;

  constructor(filter: EventFilter) {
    this.filter = filter;
    this.#isWanted = testOf(filter);
    this.log = signal<EventLog>(begin(events.peek(), this.#isWanted));
  }

  /** Whatever is on its way comes too late. */
  close(): void {
    this.#isClosed = true;
  }

  /** Shows what has come meanwhile. */
  take(live: readonly Event[]): void {
    const next = takeLive(this.log.peek(), live, this.#isWanted);
    if (next !== null) {
      this.log.value = next;
    } else if (!this.#isFilling) {
      void this.#fill();
    }
  }

  /** How many events wait to be shown. */
  fresh(live: readonly Event[]): { readonly count: number; readonly isMore: boolean } {
    return countFresh(this.log.value, live, this.#isWanted);
  }

  /** The next older page. */
  async back(): Promise<void> {
    const { oldest, isEnd } = this.log.peek();
    if (this.paging.peek() === 'reading' || isEnd) {
      return;
    }
    this.paging.value = 'reading';
    const answer = await this.#read({ before: oldest, limit: PAGE });
    if (answer === null) {
      return;
    }
    if (answer.status !== 200) {
      this.paging.value = { problem: answer.problem || T.events.unreachable };
      return;
    }
    const next = takeOlder(this.log.peek(), answer.body.events, oldest);
    if (next.isEnd) {
      await this.#readFirst();
    }
    this.log.value = takeOlder(this.log.peek(), answer.body.events, oldest);
    this.paging.value = 'ready';
  }

  /** Of all events, whatever the filter: what is older was there and is no longer kept. */
  async #readFirst(): Promise<void> {
    const answer = await this.#call('/events?after=0&limit=1');
    this.first.value = answer?.body.events?.[0] ?? null;
  }

  async #fill(): Promise<void> {
    this.#isFilling = true;
    let log = this.log.peek();
    let isWhole = false;
    for (let pages = 0; pages < FILL_PAGES_MAX && !isWhole; pages++) {
      const until = (events.peek()[0]?.seq ?? 1) - 1;
      const answer = await this.#read({ after: log.newest, limit: FILL_PAGE });
      if (answer?.status !== 200) {
        break;
      }
      const live = events.peek();
      log = fill(log, answer.body.events, until, live.at(-1)?.seq ?? until);
      // What is live has gone on meanwhile, and may have left another gap behind it.
      isWhole = log.newest >= (live[0]?.seq ?? 1) - 1;
    }
    this.#isFilling = false;
    if (!this.#isClosed) {
      const live = events.peek();
      this.log.value = (isWhole ? takeLive(log, live, this.#isWanted) : null) ?? begin(live, this.#isWanted);
    }
  }

  #read(place: Record<string, number>): Promise<Answer<{ events: Event[] }> | null> {
    return this.#call(pageOf(this.filter, place));
  }

  /** Null: nobody waits for it any more. */
  async #call(path: string): Promise<Answer<{ events: Event[] }> | null> {
    const answer = await get<{ events: Event[] }>(path);
    if (answer.status === 401) {
      signedOut();
    }
    return this.#isClosed || answer.status === 401 ? null : answer;
  }
}
