import { type EventFilter, eventTest } from '../host/event-filter.ts';
import type { StoredEvent } from '../host/journal.ts';
import type { Stream } from './stream.ts';

/** The streams with the same filter: what they get is encoded once. */
export interface Group {
  readonly key: string;
  /** Undefined: every event passes. */
  readonly passes: ((event: StoredEvent) => boolean) | undefined;
  readonly live: Set<Stream>;
  /** The live ones and those that are still catching up. */
  members: number;
}

/** The groups that have a member. */
export class Groups {
  readonly #byKey = new Map<string, Group>();

  [Symbol.iterator](): Iterator<Group> {
    return this.#byKey.values();
  }

  join(filter: EventFilter): Group {
    const key = JSON.stringify([[...new Set(filter.kinds)].sort(), filter.agentId]);
    let group = this.#byKey.get(key);
    if (group === undefined) {
      group = { key, passes: eventTest(filter), live: new Set(), members: 0 };
      this.#byKey.set(key, group);
    }
    group.members += 1;
    return group;
  }

  leave(group: Group): void {
    group.members -= 1;
    if (group.members === 0) {
      this.#byKey.delete(group.key);
    }
  }
}
