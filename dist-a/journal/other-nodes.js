/** A node that has not said for this long that it lives is taken for dead. */
export const LEASE_MS = 10_000;
/** After the table was emptied all nodes have written their sessions again within this. */
const REWRITTEN_MS = 5000;
/** The sessions of other nodes, as they were read last. Times are of a clock that never goes back, in milliseconds. */
export class OtherNodes {
    #nodes = new Map();
    #emptiedAt = Number.NEGATIVE_INFINITY;
    /** Which version of which node is here. */
    get known() {
        return {
            nodes: [...this.#nodes.keys()],
            versions: [...this.#nodes.values()].map(({ version }) => version),
        };
    }
    isConnected(key, now) {
        for (const { keys, heardAt } of this.#nodes.values()) {
            if (keys.has(key) && now - heardAt < LEASE_MS)
                return true;
        }
        return false;
    }
    /** The table has lost what was in it: who is missing there may only not have written again. */
    onEmptied(now) {
        this.#emptiedAt = now;
    }
    /** `rows`: of all nodes that live. `now`: when they were asked for. */
    update(rows, now) {
        const changed = new Map();
        for (const { node, version, hasChanged, key } of rows) {
            const before = this.#nodes.get(node);
            if (!hasChanged && before !== undefined) {
                before.heardAt = now;
                continue;
            }
            const found = changed.get(node) ?? { version, keys: new Set(), heardAt: now };
            changed.set(node, found);
            if (key !== null)
                found.keys.add(key);
        }
        for (const [node, { heardAt }] of this.#nodes) {
            const mayComeBack = now - this.#emptiedAt < REWRITTEN_MS && now - heardAt < LEASE_MS;
            if (heardAt !== now && !mayComeBack)
                this.#nodes.delete(node);
        }
        for (const [node, found] of changed)
            this.#nodes.set(node, found);
    }
}
