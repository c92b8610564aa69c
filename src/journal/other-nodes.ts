/** A session of another node as the database has it, or a node that has none or has not changed. */
export interface OtherNodeRow {
  readonly node: string;
  readonly version: number;
  /** The sessions of the node are in rows with the same `node`; false: they are as they were. */
  readonly hasChanged: boolean;
  /** See `presenceKey`; null: the node has no session. */
  readonly key: string | null;
}

interface OtherNode {
  readonly version: number;
  readonly keys: Set<string>;
  /** When it was known to live. */
  heardAt: number;
}

/** A node that has not said for this long that it lives is taken for dead. */
export const LEASE_MS = 10_000;
/** After the table was emptied all nodes have written their sessions again within this. */
const REWRITTEN_MS = 5000;

/** The sessions of other nodes, as they were read last. Times are of a clock that never goes back, in milliseconds. */
export class OtherNodes {
  readonly #nodes = new Map<string, OtherNode>();
  #emptiedAt = Number.NEGATIVE_INFINITY;

  /** Which version of which node is here. */
  get known(): { readonly nodes: string[]; readonly versions: number[] } {
    return {
      nodes: [...this.#nodes.keys()],
      versions: [...this.#nodes.values()].map(({ version }) => version),
    };
  }

  isConnected(key: string, now: number): boolean {
    for (const { keys, heardAt } of this.#nodes.values()) {
      if (keys.has(key) && now - heardAt < LEASE_MS) return true;
    }
    return false;
  }

  /** The table has lost what was in it: who is missing there may only not have written again. */
  onEmptied(now: number): void {
    this.#emptiedAt = now;
  }

  /** `rows`: of all nodes that live. `now`: when they were asked for. */
  update(rows: readonly OtherNodeRow[], now: number): void {
    const changed = new Map<string, OtherNode>();
    for (const { node, version, hasChanged, key } of rows) {
      const before = this.#nodes.get(node);
      if (!hasChanged && before !== undefined) {
        before.heardAt = now;
        continue;
      }
      const found = changed.get(node) ?? { version, keys: new Set(), heardAt: now };
      changed.set(node, found);
      if (key !== null) found.keys.add(key);
    }
    for (const [node, { heardAt }] of this.#nodes) {
      const mayComeBack = now - this.#emptiedAt < REWRITTEN_MS && now - heardAt < LEASE_MS;
      if (heardAt !== now && !mayComeBack) this.#nodes.delete(node);
    }
    for (const [node, found] of changed) this.#nodes.set(node, found);
  }
}
