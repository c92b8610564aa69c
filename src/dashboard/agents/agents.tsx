import { useRef, useState } from 'preact/hooks';
import type { Agent } from '../../model/agent.ts';
import { useIsScrolled } from '../parts/is-scrolled.ts';
import { useKeys } from '../parts/keys.ts';
import { Loading } from '../parts/loading.tsx';
import { moveBy, stepOf } from '../parts/moving.ts';
import { type ListHandle, VirtualList } from '../parts/virtual-list.tsx';
import { replaceQuery } from '../router.ts';
import { agents, isReady } from '../store.ts';
import { T } from '../texts.ts';
import { AgentCard } from './agent-card.tsx';
import { foundAgents, inOrder, inPlace } from './agent-list.ts';
import { NoAgents } from './empty.tsx';
import { Filters } from './filters.tsx';
import { activeId, filter, surroundings, toggleOpened } from './known.ts';

const CARD_PX = 126;
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
            {draw}
          </VirtualList>
        </div>
      )}
    </>
  );
}

function draw(agent: Agent) {
  return <AgentCard agent={agent} />;
}

/** What is found, in its order. While somebody reads or uses the list, no card changes its place. */
function useOrder(isHeld: boolean): Agent[] {
  const wanted = filter.value;
  const before = useRef({ ids: [] as string[], at: Number.NEGATIVE_INFINITY, wanted });
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
  const step = stepOf(event);
  if (step !== 0) {
    moveBy(
      step,
      found.map(({ id }) => id),
      activeId.value,
      list,
    );
    return true;
  }
  const { key, target } = event;
  const row = (target as HTMLElement).dataset.key;
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
