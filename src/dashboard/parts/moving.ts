import type { RefObject } from 'preact';
import type { ListHandle } from './virtual-list.tsx';

/** Which way a key leads in a list: 1, -1, or 0 for nowhere. Arrows do when a row has the focus. */
export function stepOf({ key, target }: KeyboardEvent): number {
  const isArrow = (target as HTMLElement).dataset.key !== undefined;
  return key === 'j' || (isArrow && key === 'ArrowDown')
    ? 1
    : key === 'k' || (isArrow && key === 'ArrowUp')
      ? -1
      : 0;
}

/** To the next row, or to the first if there is none yet. */
export function moveBy(
  step: number,
  keys: readonly string[],
  active: string | null,
  list: RefObject<ListHandle | null>,
): void {
  const index = keys.indexOf(active ?? '');
  const next = keys[index < 0 ? 0 : Math.min(keys.length - 1, Math.max(0, index + step))];
  if (next !== undefined) {
    list.current?.focus(next);
  }
}
