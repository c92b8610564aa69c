import type { StoredEvent } from '../host/journal.ts';

/** The events until their texts are so long. */
export function takeUntil(maxLength = Number.POSITIVE_INFINITY, events: Iterable<StoredEvent>) {
  const taken: StoredEvent[] = [];
  let length = 0;
  for (const event of events) {
    taken.push(event);
    length += event.head.length + event.payload.length;
    if (length >= maxLength) return { events: taken, isCut: true };
  }
  return { events: taken, isCut: false };
}
