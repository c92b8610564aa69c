import { effect } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Event } from '../../model/event.ts';
import { useIsScrolled } from '../parts/is-scrolled.ts';
import { useKeys } from '../parts/keys.ts';
import { Loading } from '../parts/loading.tsx';
import { type ListHandle, VirtualList } from '../parts/virtual-list.tsx';
import { replaceQuery, route } from '../router.ts';
import { events, isReady } from '../store.ts';
import { T } from '../texts.ts';
import { filterOf } from './event-filter.ts';
import { EventRow } from './event-row.tsx';
import { Filters } from './filters.tsx';
import { Older } from './older.tsx';
import { Reader } from './reader.ts';

const ROW_PX = 45;

/** What happens, newest first. */
export function Events() {
  // A reader begins with what is there: before that there is nothing to begin with.
  return isReady.value ? <Log /> : <Loading heading={T.views.events} />;
}

function Log() {
  const { reader, filter } = useReader();
  const [isPaused, setPaused] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const list = useRef<ListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isScrolled = useIsScrolled();
  // Whoever reads, or has opened an event, is not to lose their place.
  const isHeld = isPaused || isScrolled || active !== null || opened.size > 0;
  // Not by drawing: all rows would be drawn once more each time.
  useLayoutEffect(() => (isHeld ? undefined : effect(() => reader.take(events.value))), [reader, isHeld]);
  const begun = useRef(reader);
  useLayoutEffect(() => {
    if (begun.current !== reader) {
      begun.current = reader;
      setActive(null);
      setOpened(new Set());
      scrollTo(0, 0);
    }
  }, [reader]);
  const { rows } = reader.log.value;
  const toggle = (seq: number) => {
    const next = new Set(opened);
    if (!next.delete(seq)) {
      next.add(seq);
    }
    setOpened(next);
  };
  const toNewest = () => {
    setActive(null);
    setOpened(new Set());
    scrollTo(0, 0);
    reader.take(events.peek());
    heading.current?.focus({ preventScroll: true });
  };
  useKeys((event) => {
    if (event.key === '/') {
      field.current?.focus();
      return true;
    }
    if (event.key === 'Escape' && isHeld) {
      toNewest();
      return true;
    }
    return onKey(event, { rows, active, list, toggle });
  });
  return (
    <>
      <div class="view-head events-head">
        <h1 ref={heading} tabIndex={-1}>
          {T.views.events} <small class="quiet">{T.events.hint}</small>
        </h1>
        <button
          type="button"
          class={isPaused ? 'pause paused' : 'pause'}
          onClick={() => setPaused(!isPaused)}
        >
          {isPaused ? T.events.resume : T.events.pause}
        </button>
      </div>
      <Filters field={field} filter={filter} />
      <Fresh reader={reader} isHeld={isHeld} onClick={toNewest} />
      {rows.length === 0 ? (
        <Empty reader={reader} isFiltered={filter.kinds.length > 0 || filter.agentId !== null} />
      ) : (
        <div class="log">
          <VirtualList
            handle={list}
            items={rows}
            keyOf={({ seq }) => String(seq)}
            labelIdOf={({ seq }) => `kind-${seq} message-${seq}`}
            rowClass={() => 'event'}
            estimatePx={ROW_PX}
            label={T.events.list}
            activeKey={active}
            onActive={setActive}
          >
            {(event) => (
              <EventRow
                event={event}
                filter={filter}
                isOpen={opened.has(event.seq)}
                onToggle={() => toggle(event.seq)}
              />
            )}
          </VirtualList>
        </div>
      )}
      <Older reader={reader} count={rows.length} />
    </>
  );
}

/** Another one for another filter. */
function useReader() {
  const where = route.value;
  const query = where.view === 'events' ? String(where.query) : '';
  const filter = useMemo(() => filterOf(new URLSearchParams(query)), [query]);
  const reader = useMemo(() => new Reader(filter), [filter]);
  useLayoutEffect(() => () => reader.close(), [reader]);
  return { reader, filter };
}

interface FreshProps {
  readonly reader: Reader;
  readonly isHeld: boolean;
  readonly onClick: () => void;
}

/** What has come while somebody reads is said, and not put in between. */
function Fresh({ reader, isHeld, onClick }: FreshProps) {
  const { count, isMore } = isHeld ? reader.fresh(events.value) : { count: 0, isMore: false };
  return (
    <div class="fresh">
      {count > 0 || isMore ? (
        <button type="button" onClick={onClick}>
          <span aria-hidden="true">↑</span> {T.events.fresh(count, isMore)}
        </button>
      ) : null}
    </div>
  );
}

function Empty({ reader, isFiltered }: { readonly reader: Reader; readonly isFiltered: boolean }) {
  // Before the end was reached nobody knows.
  return reader.log.value.isEnd ? (
    <div class="empty">
      <p>
        <strong>{isFiltered ? T.events.noMatch : T.events.empty}</strong>
      </p>
      {isFiltered ? (
        <button type="button" onClick={() => replaceQuery(new URLSearchParams())}>
          {T.events.clear}
        </button>
      ) : (
        <p class="quiet">{T.events.emptyText}</p>
      )}
    </div>
  ) : null;
}

interface Shown {
  readonly rows: readonly Event[];
  readonly active: string | null;
  readonly list: { readonly current: ListHandle | null };
  readonly toggle: (seq: number) => void;
}

function onKey({ key, target }: KeyboardEvent, { rows, active, list, toggle }: Shown): boolean {
  const row = (target as HTMLElement).dataset.key;
  const isDown = key === 'j' || (row !== undefined && key === 'ArrowDown');
  const isUp = key === 'k' || (row !== undefined && key === 'ArrowUp');
  if (isDown || isUp) {
    const index = rows.findIndex(({ seq }) => String(seq) === active);
    const next = rows[index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + (isDown ? 1 : -1)))];
    if (next !== undefined) {
      list.current?.focus(String(next.seq));
    }
    return true;
  }
  if (row !== undefined && (key === 'Enter' || key === ' ')) {
    toggle(Number(row));
    return true;
  }
  return false;
}
