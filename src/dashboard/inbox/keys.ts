import type { RefObject } from 'preact';
import type { Approval } from '../../model/approval.ts';
import { announce } from '../parts/announcer.tsx';
import { moveBy } from '../parts/moving.ts';
import type { ListHandle } from '../parts/virtual-list.tsx';
import { mayDecide, me } from '../store.ts';
import { odditiesOf, othersOf } from '../text/options.ts';
import { T } from '../texts.ts';
import { choosing } from './choice.tsx';
import { hold, takeBack } from './held.ts';
import { activeId, comments, items, select, toggleSelected, writeComment } from './selection.ts';
import { hasActiveJustChanged } from './steady.ts';

/** What a key does in the inbox. False: nothing. */
export function onKey(event: KeyboardEvent, list: RefObject<ListHandle | null>): boolean {
  const { key } = event;
  if (key === 'j' || key === 'k') {
    move(key === 'j' ? 1 : -1, list);
    return true;
  }
  if (key === 'u') {
    takeBack();
    return true;
  }
  if (key === 'Escape') {
    select([]);
    return true;
  }
  const active = items.value.find(({ id }) => id === activeId.value);
  if (active === undefined || active.status !== 'pending') {
    return false;
  }
  if (key === 'Enter' && (event.target as HTMLElement).dataset.key === active.id) {
    location.hash = `#/approvals/${active.id}`;
    return true;
  }
  if (!'adcx'.includes(key)) {
    return false;
  }
  if (hasActiveJustChanged()) {
    announce(T.card.moved);
    return true;
  }
  if (!isInSight(active.id)) {
    list.current?.focus(active.id);
    announce(T.card.outOfSight);
    return true;
  }
  return actOn(key, active, () => move(1, list));
}

/** Nobody decides what they do not see. */
function isInSight(id: string): boolean {
  const { top, bottom } = document.querySelector(`[data-key="${id}"]`)?.getBoundingClientRect() ?? {};
  return top !== undefined && bottom !== undefined && top < innerHeight && bottom > 0;
}

/** What a key does to one approval. `onDecided`: it was decided, and can be taken back. */
export function actOn(key: string, active: Approval, onDecided: () => void): boolean {
  if (!mayDecide.value) {
    announce(T.viewer(me.value?.role ?? ''));
    return true;
  }
  switch (key) {
    case 'x':
      toggleSelected(active.id);
      break;
    case 'c':
      if (comments.value.has(active.id)) {
        document.querySelector<HTMLElement>(`[data-key="${active.id}"] textarea`)?.focus();
      } else {
        writeComment(active.id, '');
      }
      break;
    default:
      decideByKey(key, active, onDecided);
  }
  return true;
}

function decideByKey(key: string, active: Approval, onDecided: () => void): void {
  const others = othersOf(active);
  if (odditiesOf(active).length > 0) {
    announce(T.odd.keys);
  } else if (key === 'a') {
    hold([active], active.approve_label);
    onDecided();
  } else if (others.length === 1) {
    hold([active], others[0] as string);
    onDecided();
  } else if (others.length > 1) {
    choosing.value = active;
  }
}

function move(step: number, list: RefObject<ListHandle | null>): void {
  moveBy(
    step,
    items.value.map(({ id }) => id),
    activeId.value,
    list,
  );
}
