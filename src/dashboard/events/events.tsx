import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Event } from '../../model/event.ts';
import { useIsScrolled } from '../parts/is-scrolled.ts';
import { useKeys } from '../parts/keys.ts';
import { Loading } from '../parts/loading.tsx';
import { moveBy, stepOf } from '../parts/moving.ts';
import { paced } from '../parts/paced.ts';
import { type ListHandle, VirtualList } from '../parts/virtual-list.tsx';
import { replaceQuery } from '../router.ts';
import { events, isReady } from '../store.ts';
import { T } from '../texts.ts';
import { EventRow, opened, toggle } from './event-row.tsx';
import { Filters } from './filters.tsx';
import { Older } from './older.tsx';
import { Reader } from './reader.ts';
import { wantedFilter } from './wanted-filter.ts';

const ROW_PX = 45;
/** Where hundreds come in a second, nobody reads more lists of them than this. */
const PACE_MS = 250;

/** What happens, newest first. */
export function Events() {
  // A reader begins with what is there: before that there is nothing to begin with.
  return isReady.value ? <Log /> : <Loading heading={T.views.events} />;
}

function Log() {
  const { reader, filter } = useReader();
  const [isPaused, setPaused] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const list = useRef<ListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const filters = useMemo(() => <Filters field={field} filter={filter} />, [filter]);
  const isScrolled = useIsScrolled();
  // Whoever reads, or has opened an event, is not to lose their place.
  const isHeld = isPaused || isScrolled || active !== null || opened.value.size > 0;
  // Not by drawing: all rows would be drawn once more each time.
  useLayoutEffect(
    () =>
      isHeld
        ? undefined
        : paced(
            PACE_MS,
            () => events.value,
            () => reader.take(events.peek()),
          ),
    [reader, isHeld],
  );
  const begun = useRef(reader);
  useLayoutEffect(() => {
    if (begun.current !== reader) {
      begun.current = reader;
      setActive(null);
      scrollTo(0, 0);
    }
    return () => {
      opened.value = new Set();
    };
  }, [reader]);
  const { rows } = reader.log.value;
  const toNewest = () => {
    setActive(null);
    opened.value = new Set();
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
    return onKey(event, { rows, active, list });
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
      {filters}
      <Fresh reader={reader} isHeld={isHeld} onClick={toNewest} />
      {rows.length === 0 ? (
        <Empty reader={reader} isFiltered={filter.kinds.length > 0 || filter.agentId !== null} />
      ) : (
        <div class="log">
          <VirtualList
            handle={list}
            items={rows}
            keyOf={keyOf}
            labelIdOf={({ seq }) => `kind-${seq} message-${seq}`}
            rowClass={() => 'event'}
            estimatePx={ROW_PX}
            label={T.events.list}
            activeKey={active}
            onActive={setActive}
          >
            {draw}
          </VirtualList>
        </div>
      )}
      <Older reader={reader} count={rows.length} />
    </>
  );
}

const keyOf = ({ seq }: Event) => String(seq);

function draw(event: Event) {
  return <EventRow event={event} />;
}

/** Another one for another filter. */
function useReader() {
  const filter = wantedFilter.value;
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
}

function onKey(event: KeyboardEvent, { rows, active, list }: Shown): boolean {
  const step = stepOf(event);
  if (step !== 0) {
    moveBy(step, rows.map(keyOf), active, list);
    return true;
  }
  const { key, target } = event;
  const row = (target as HTMLElement).dataset.key;
  if (row !== undefined && (key === 'Enter' || key === ' ')) {
    toggle(Number(row));
    return true;
  }
  return false;
}
