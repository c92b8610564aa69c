import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Charts } from '../charts/charts.tsx';
import { useKeys } from '../parts/keys.ts';
import { moveBy, stepOf } from '../parts/moving.ts';
import { type ListHandle, VirtualList } from '../parts/virtual-list.tsx';
import { route } from '../router.ts';
import { day, daysAgo } from '../text/time.ts';
import { T } from '../texts.ts';
import { Export } from './export.tsx';
import { type Filter, filterOf, hashOf, isNarrow } from './filter.ts';
import { Filters } from './filters.tsx';
import { follow, Listing } from './listing.ts';
import { Record } from './record.tsx';
import type { Rows } from './rows.ts';

const LIMITS = { page: 50, rows: 5000 };
/** A row with a comment. */
const ROW_PX = 92;
/** The next page is asked for when its place is so near. */
const AHEAD = '800px';

const activeId = signal<string | null>(null);

/** Approvals of all times, by pages from the service. */
export function History() {
  const where = route.value;
  const filter = filterOf('query' in where ? where.query : new URLSearchParams());
  const key = hashOf(filter);
  const first = useRef<HTMLInputElement>(null);
  useKeys(({ key: pressed }) => {
    if (pressed === '/') {
      first.current?.focus();
    }
    return pressed === '/';
  });
  return (
    <>
      <div class="view-head">
        <h1>{T.views.history}</h1>
        <Shows filter={filter} />
        {filter.isCharts ? null : <Export key={key} filter={filter} />}
      </div>
      <Filters filter={filter} first={first} />
      {filter.isCharts ? <Charts key={key} filter={filter} /> : <List key={key} filter={filter} />}
    </>
  );
}

/** The list or the charts, of the same filter. */
function Shows({ filter }: { readonly filter: Filter }) {
  return (
    <nav class="shows" aria-label={T.history.shows}>
      {[false, true].map((isCharts) => (
        <a
          key={String(isCharts)}
          href={hashOf({ ...filter, isCharts })}
          aria-current={filter.isCharts === isCharts ? 'true' : undefined}
        >
          {isCharts ? T.history.charts : T.history.list}
        </a>
      ))}
    </nav>
  );
}

/** `key`: another filter is another list. */
function List({ filter }: { readonly filter: Filter }) {
  const list = useRef<ListHandle>(null);
  const place = useRef<HTMLDivElement>(null);
  const [listing, renew] = useListing(filter);
  const { shown, added } = listing.rows.value;
  const progress = listing.progress.value;
  const headings = useMemo(() => headingsOf({ shown, added }), [shown, added]);
  useKeys((event) =>
    onKey(
      event,
      shown.map(({ id }) => id),
      list,
    ),
  );
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && listing.progress.value === 'more' && void listing.readMore(),
      { rootMargin: AHEAD },
    );
    if (place.current !== null) {
      observer.observe(place.current);
    }
    return () => observer.disconnect();
    // Where it is after each page has to be looked at again.
  }, [listing, progress]);
  return (
    <>
      <Fresh listing={listing} onTooMany={renew} />
      {shown.length === 0 && progress === 'end' ? <Nothing filter={filter} /> : null}
      {shown.length === 0 ? null : (
        <VirtualList
          handle={list}
          items={shown}
          keyOf={({ id }) => id}
          labelIdOf={({ id }) => `record-${id}`}
          rowClass={() => 'record-row'}
          estimatePx={ROW_PX}
          label={T.history.label}
          activeKey={activeId.value}
          onActive={(id) => (activeId.value = id)}
        >
          {(approval) => <Record approval={approval} heading={headings.get(approval.id) ?? null} />}
        </VirtualList>
      )}
      <div ref={place} class="list-end quiet" role="status">
        {progress === 'loading' ? T.loading : null}
        {progress === 'end' && shown.length > 0 ? T.history.end(shown.length) : null}
        {progress === 'full' ? T.history.full(LIMITS.rows) : null}
        {progress === 'failed' ? (
          <>
            <span class="note">{T.history.failed(listing.problem)}</span>
            <button type="button" onClick={() => void listing.readMore()}>
              {T.history.again}
            </button>
          </>
        ) : null}
      </div>
    </>
  );
}

/** The listing, and what begins it anew. */
function useListing(filter: Filter): [Listing, () => void] {
  const [listing, setListing] = useState(() => new Listing(filter, LIMITS));
  useEffect(() => {
    void listing.readMore();
    return follow(listing);
  }, [listing]);
  return [listing, () => setListing(new Listing(filter, LIMITS))];
}

/** What became final while one looks waits here, so that nothing moves under the pointer. */
function Fresh({ listing, onTooMany }: { readonly listing: Listing; readonly onTooMany: () => void }) {
  const { length } = listing.rows.value.fresh;
  return (
    <div class="history-fresh" role="status">
      {length === 0 ? null : (
        <button
          type="button"
          class="fresh-button"
          onClick={() => {
            if (listing.hasTooManyFresh) {
              onTooMany();
            } else {
              listing.showFresh();
            }
            scrollTo(0, 0);
          }}
        >
          ↑ {T.history.fresh(length)}
        </button>
      )}
    </div>
  );
}

function Nothing({ filter }: { readonly filter: Filter }) {
  const isFiltered = isNarrow(filter);
  return (
    <div class="empty">
      <p>
        <strong>{isFiltered ? T.history.noMatch : T.history.empty}</strong>
      </p>
      <p class="quiet">{isFiltered ? T.history.noMatchText : T.history.emptyText}</p>
    </div>
  );
}

/** Before the first of those that are new, and of each day. */
function headingsOf({ shown, added }: Pick<Rows, 'shown' | 'added'>): Map<string, string> {
  const headings = new Map<string, string>();
  let last = '';
  for (const [index, { id, created_at }] of shown.entries()) {
    const heading =
      index < added ? T.history.sinceYouCame : T.history.day(daysAgo(created_at), day(created_at));
    if (heading !== last) {
      headings.set(id, heading);
    }
    last = heading;
  }
  return headings;
}

function onKey(event: KeyboardEvent, ids: readonly string[], list: { current: ListHandle | null }): boolean {
  const step = stepOf(event);
  if (step !== 0) {
    moveBy(step, ids, activeId.value, list);
    return true;
  }
  const row = (event.target as HTMLElement).dataset.key;
  if (event.key === 'Enter' && row !== undefined) {
    location.hash = `#/approvals/${row}`;
    return true;
  }
  return false;
}
