import { useRef } from 'preact/hooks';
import type { Approval } from '../../model/approval.ts';
import { FilterBox } from '../parts/filter-box.tsx';
import { useKeys } from '../parts/keys.ts';
import { Loading } from '../parts/loading.tsx';
import { type ListHandle, VirtualList } from '../parts/virtual-list.tsx';
import { isReady, pending } from '../store.ts';
import { T } from '../texts.ts';
import { Bulk } from './bulk.tsx';
import { Card } from './card.tsx';
import { onKey } from './keys.ts';
import { activeId, items, query } from './selection.ts';
import { noteActiveGone, noteDrawn } from './steady.ts';

/** A card with a few lines of details. */
const CARD_PX = 240;

/** Everything that waits for a person, oldest first. */
export function Inbox() {
  const list = useRef<ListHandle>(null);
  const filter = useRef<HTMLInputElement>(null);
  useKeys((event) => {
    if (event.key === '/') {
      filter.current?.focus();
      return true;
    }
    return onKey(event, list);
  });
  const shown = items.value;
  if (!isReady.value) {
    return <Loading heading={T.inbox.heading} />;
  }
  const count = pending.value.length;
  return (
    <>
      <div class="view-head">
        <h1>
          {T.inbox.heading} {count === 0 ? null : <small class="quiet">{T.inbox.waiting(count)}</small>}
        </h1>
        <FilterBox
          field={filter}
          hint={T.inbox.filterHint}
          value={query.value}
          onInput={(text) => (query.value = text)}
        />
        {query.value === '' ? null : (
          <p class="quiet" role="status">
            {T.inbox.shown(shown.filter(({ status }) => status === 'pending').length, count)}
          </p>
        )}
      </div>
      <Bulk />
      {shown.length === 0 ? (
        <Empty isFiltered={query.value !== ''} />
      ) : (
        <VirtualList
          handle={list}
          items={shown}
          keyOf={(approval) => approval.id}
          labelIdOf={(approval) => `action-${approval.id}`}
          estimatePx={CARD_PX}
          label={T.inbox.list}
          activeKey={activeId.value}
          onActive={(id) => (activeId.value = id)}
          onActiveGone={noteActiveGone}
          onDrawn={noteDrawn}
        >
          {draw}
        </VirtualList>
      )}
    </>
  );
}

function draw(approval: Approval) {
  return <Card approval={approval} />;
}

function Empty({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
        <path
          d="M8 40V16a16 12 0 0 1 32 0v24M8 40h32M18 40V24a6 6 0 0 1 12 0v16"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
        />
      </svg>
      <p>
        <strong>{isFiltered ? T.inbox.noMatch : T.inbox.empty}</strong>
      </p>
      {isFiltered ? (
        <button type="button" onClick={() => (query.value = '')}>
          {T.inbox.clearFilter}
        </button>
      ) : (
        <p class="quiet">{T.inbox.emptyText}</p>
      )}
    </div>
  );
}
