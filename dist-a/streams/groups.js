import { eventTest } from '../host/event-filter.js';
/** The groups that have a member. */
export class Groups {
    #byKey = new Map();
    [Symbol.iterator]() {
        return this.#byKey.values();
    }
    join(filter) {
        const key = JSON.stringify([[...new Set(filter.kinds)].sort(), filter.agentId]);
        let group = this.#byKey.get(key);
        if (group === undefined) {
            group = { key, passes: eventTest(filter), live: new Set(), members: 0 };
            this.#byKey.set(key, group);
        }
        group.members += 1;
        return group;
    }
    leave(group) {
        group.members -= 1;
        if (group.members === 0) {
            this.#byKey.delete(group.key);
        }
    }
}
