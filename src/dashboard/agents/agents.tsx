import { useRef, useState } from 'preact/hooks';
import type { Agent } from '../../model/agent.ts';
import { useIsScrolled } from '../parts/is-scrolled.ts';
import { useKeys } from '../parts/keys.ts';
import { Loading } from '../parts/loading.tsx';
import { type ListHandle, VirtualList } from '../parts/virtual-list.tsx';
import { replaceQuery } from '../router.ts';
import { agents, isReady, now } from '../store.ts';
import { T } from '../texts.ts';
import { AgentCard } from './agent-card.tsx';
import { foundAgents, inOrder, inPlace, isAway } from './agent-list.ts';
import { NoAgents } from './empty.tsx';
import { Filters } from './filters.tsx';
import { activeId, filter, isOwnerConnected, toggleOpened, waiting } from './known.ts';

const CARD_PX = 132;
/** Cards change places this often at most. */
const SETTLE_MS = 2000;

/** Which agents there are, and what they are doing. */
export function Agents() {
  const list = useRef<ListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const [isUsed, setUsed] = useState(false);
  const isScrolled = useIsScrolled();
  const found = useOrder(isUsed || isScrolled);
  useKeys((event) => {
    if (event.key === '/') {
      search.current?.focus();
      return true;
    }
    return onKey(event, found, list);
  });
  if (!isReady.value) {
    return <Loading heading={T.views.agents} />;
  }
  const count = agents.value.size;
  if (count === 0) {
    return <NoAgents />;
  }
  const surroundings = { isConnected: isOwnerConnected.value, waiting: waiting.value, now: now.value };
  return (
    <>
      <Filters search={search} shown={found.length} />
      {found.length === 0 ? (
        <div class="empty">
          <p>
            <strong>{T.agents.noMatch}</strong>
          </p>
          <button type="button" onClick={() => replaceQuery(new URLSearchParams())}>
            {T.agents.clearFilter}
          </button>
        </div>
      ) : (
        <div
          onPointerEnter={() => setUsed(true)}
          onPointerLeave={() => setUsed(false)}
          onFocusIn={() => setUsed(true)}
          onFocusOut={() => setUsed(false)}
        >
          <VirtualList
            handle={list}
            items={found}
            keyOf={(agent) => agent.id}
            labelIdOf={(agent) => `agent-${agent.id}`}
            estimatePx={CARD_PX}
            label={T.agents.list}
            activeKey={activeId.value}
            onActive={(id) => (activeId.value = id)}
          >
            {(agent) => <AgentCard agent={agent} isAway={isAway(agent, surroundings)} />}
          </VirtualList>
        </div>
      )}
    </>
  );
}

/** What is found, in its order. While somebody reads or uses the list, no card changes its place. */
function useOrder(isHeld: boolean): Agent[] {
  const wanted = filter.value;
  const before = useRef({ ids: [] as string[], at: Number.NEGATIVE_INFINITY, wanted });
  const surroundings = { isConnected: isOwnerConnected.value, waiting: waiting.value, now: now.value };
  const found = foundAgents(agents.value.values(), wanted, surroundings);
  const isNew = before.current.wanted !== wanted || before.current.ids.length === 0;
  const mayMove = isNew || (!isHeld && performance.now() - before.current.at > SETTLE_MS);
  const ordered = mayMove ? inOrder(found, surroundings) : inPlace(before.current.ids, found);
  before.current = {
    ids: ordered.map(({ id }) => id),
    at: mayMove ? performance.now() : before.current.at,
    wanted,
  };
  return ordered;
}

function onKey(event: KeyboardEvent, found: readonly Agent[], list: { current: ListHandle | null }): boolean {
  const { key, target } = event;
  const row = (target as HTMLElement).dataset.key;
  const isInList = row !== undefined;
  const step =
    key === 'j' || (isInList && key === 'ArrowDown')
      ? 1
      : key === 'k' || (isInList && key === 'ArrowUp')
        ? -1
        : 0;
  if (step !== 0) {
    const index = found.findIndex(({ id }) => id === activeId.value);
    const next = found[index < 0 ? 0 : Math.min(found.length - 1, Math.max(0, index + step))];
    if (next !== undefined) {
      list.current?.focus(next.id);
    }
    return true;
  }
  if (row !== undefined && key === 'Enter') {
    location.hash = `#/agents/${row}`;
    return true;
  }
  if (row !== undefined && key === ' ') {
    toggleOpened(row);
    return true;
  }
  return false;
}
