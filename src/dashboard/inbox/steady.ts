/** A click this soon after its button has moved was meant for what was there before. */
const SETTLE_MS = 400;
const SLIGHT_PX = 4;

interface Place {
  readonly element: Element;
  /** From the top of the page, so that scrolling moves nothing. */
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  /** In the window. */
  readonly y: number;
  readonly movedAt: number;
  /** Where in the window it was before it moved. */
  readonly yBefore: number;
}

let places = new Map<Element, Place>();
let frame = 0;
let activeMovedAt = Number.NEGATIVE_INFINITY;

/** Told each time the list was drawn. Where its buttons are is looked at in the next frame, when they have been laid out. */
export function noteDrawn(list: ParentNode): void {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => notePlaces(list));
}

function notePlaces(list: ParentNode): void {
  const next = new Map<Element, Place>();
  for (const element of list.querySelectorAll('button.option')) {
    next.set(element, placeOf(element));
  }
  places = next;
}

function placeOf(element: Element): Place {
  const { top: y, left: x, height, width } = element.getBoundingClientRect();
  const now = performance.now();
  const before = places.get(element);
  const place = { element, top: y + scrollY, left: x + scrollX, height, width, y };
  const isStill =
    before === undefined
      ? ![...places.values()].some((other) => overlaps(other, place))
      : Math.abs(before.top - place.top) <= SLIGHT_PX && Math.abs(before.left - place.left) <= SLIGHT_PX;
  if (isStill) {
    return { ...place, movedAt: before?.movedAt ?? Number.NEGATIVE_INFINITY, yBefore: before?.yBefore ?? y };
  }
  const isMoving = before !== undefined && now - before.movedAt < SETTLE_MS;
  return { ...place, movedAt: now, yBefore: isMoving ? before.yBefore : (before?.y ?? Number.NaN) };
}

function overlaps(a: Omit<Place, 'movedAt' | 'yBefore'>, b: Omit<Place, 'movedAt' | 'yBefore'>): boolean {
  return (
    a.top < b.top + b.height &&
    b.top < a.top + a.height &&
    a.left < b.left + b.width &&
    b.left < a.left + a.width
  );
}

/** A decision is final: it must not be another one than the person aimed at. */
export function hasJustMoved(button: Element): boolean {
  // It may have moved since the last frame.
  const { movedAt, y, yBefore } = placeOf(button);
  // A browser that keeps in place what is looked at has moved the page, not the button.
  return performance.now() - movedAt < SETTLE_MS && !(Math.abs(y - yBefore) <= SLIGHT_PX);
}

/** The row that keys are for went away, and another one is it now. */
export function noteActiveGone(): void {
  activeMovedAt = performance.now();
}

export function hasActiveJustChanged(): boolean {
  return performance.now() - activeMovedAt < SETTLE_MS;
}
