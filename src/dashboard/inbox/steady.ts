import type { Approval } from '../../model/approval.ts';

/** A click this soon after its row has moved was meant for what was there before. */
const SETTLE_MS = 400;

let before: readonly Approval[] = [];
let movedAt = Number.NEGATIVE_INFINITY;

/** Told of what is in the list each time it is drawn. Rows that come at its end move nothing. */
export function noteOrder(items: readonly Approval[]): void {
  if (before.some(({ id, status }, index) => items[index]?.id !== id || items[index].status !== status)) {
    movedAt = performance.now();
  }
  before = items;
}

/** A decision is final: it must not be another one than the person aimed at. */
export function hasJustMoved(): boolean {
  return performance.now() - movedAt < SETTLE_MS;
}
