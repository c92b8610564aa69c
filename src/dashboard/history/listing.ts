import { signal } from '@preact/signals';
import type { Approval } from '../../model/approval.ts';
import { get, readApproval } from '../api.ts';
import { now, onChanges, onSignedOut, pending, signedOut } from '../store.ts';
import { T } from '../texts.ts';
import { type Bounds, boundsOf, type Filter, isMatch, pathOf } from './filter.ts';
import { addPage, NO_ROWS, note, type Rows, showFresh } from './rows.ts';

/** More than this is not noted one by one: the list is read again. */
const FRESH_MAX = 500;
/** Of those that were decided unheard so many are read one by one. */
const LOST_MAX = 50;

export interface ApprovalsPage {
  readonly approvals: readonly Approval[];
  readonly next_cursor: string | null;
}

/** `more`: there are older ones. `full`: there are, and they are too many. */
export type Progress = 'loading' | 'more' | 'end' | 'full' | 'failed';

interface Limits {
  readonly page: number;
  readonly rows: number;
}

/** Approvals that match a filter, page after page, kept up to date while there is one to look at. */
export class Listing {
  readonly rows = signal<Rows>(NO_ROWS);
  readonly progress = signal<Progress>('more');
  /** Why it did not go on. */
  problem = '';
  readonly filter: Filter;
  readonly bounds: Bounds;
  readonly #limits: Limits;
  #cursor: string | null = null;
  #reading: Promise<void> | undefined;

  constructor(filter: Filter, limits: Limits) {
    this.filter = filter;
    this.bounds = boundsOf(filter, now.peek());
    this.#limits = limits;
  }

  /** Reads the next page, unless one is on its way or there is none. */
  async readMore(): Promise<void> {
    const { value } = this.progress;
    if (value !== 'more' && value !== 'failed') {
      return;
    }
    this.progress.value = 'loading';
    this.#reading = this.#readPage();
    await this.#reading;
  }

  async #readPage(): Promise<void> {
    const page = await this.#read(this.#limits.page, this.#cursor);
    if (page === null) {
      this.progress.value = 'failed';
      return;
    }
    this.#cursor = page.next_cursor;
    this.rows.value = addPage(this.rows.value, page.approvals);
    const isFull = this.rows.value.shown.length >= this.#limits.rows;
    this.progress.value = page.next_cursor === null ? 'end' : isFull ? 'full' : 'more';
  }

  async readAll(): Promise<void> {
    do {
      await this.readMore();
    } while (this.progress.value === 'more' && listening.has(this));
  }

  /** What may have happened since its pages were read: to the newest approvals, and to those that are shown as pending. */
  async readAgain(): Promise<void> {
    // What is on its way in a page is no news.
    await this.#reading;
    const page = await this.#read(this.#limits.page, null);
    // One that is not pending any more was decided while this was on its way.
    const isOpen = new Set(pending.peek().map(({ id }) => id));
    const known = (page?.approvals ?? []).filter(({ id, status }) => status !== 'pending' || isOpen.has(id));
    this.note(known.reverse());
    const isLost = ({ id, status }: Approval) => status === 'pending' && !isOpen.has(id);
    for (const { id } of this.rows.value.shown.filter(isLost).slice(0, LOST_MAX)) {
      const { status: code, body } = await readApproval(id);
      if (code === 200) {
        this.note([body]);
      }
    }
  }

  note(approvals: readonly Approval[]): void {
    let rows = this.rows.value;
    for (const approval of approvals) {
      rows = note(rows, approval, isMatch(this.filter, this.bounds, approval));
    }
    this.rows.value = { ...rows, fresh: rows.fresh.slice(0, FRESH_MAX) };
  }

  get hasTooManyFresh(): boolean {
    return this.rows.value.fresh.length >= FRESH_MAX;
  }

  showFresh(): void {
    this.rows.value = showFresh(this.rows.value);
  }

  async #read(limit: number, cursor: string | null): Promise<ApprovalsPage | null> {
    const {
      status: code,
      body,
      problem,
    } = await get<ApprovalsPage>(pathOf(this.filter, this.bounds, limit, cursor));
    if (code === 401) {
      signedOut();
    }
    this.problem = problem || T.statusHint.reconnecting;
    return code === 200 ? body : null;
  }
}

const listening = new Set<Listing>();

/** From now on it hears of what happens. Returns what ends that. */
export function follow(listing: Listing): () => void {
  listening.add(listing);
  return () => void listening.delete(listing);
}

onChanges(({ arrived, left, isAnew }) => {
  for (const listing of listening) {
    if (arrived.length + left.length > 0) {
      listing.note([...arrived, ...left]);
    }
    // What became final between the reading of a page and a snapshot, the first or another, the stream never tells.
    if (isAnew) {
      void listing.readAgain();
    }
  }
});

onSignedOut(() => {
  for (const listing of listening) {
    listing.rows.value = NO_ROWS;
  }
  listening.clear();
});
