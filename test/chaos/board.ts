/** Whoever decides late has to get his no too: what is final stays until newer ones push it out. */
const SEEN_MAX = 16;

/** What streams have told of approvals that may still be open: deciders choose from it. */
export class Board {
  readonly #open = new Map<string, Seen>();

  see(seen: Seen): void {
    this.#open.set(seen.id, seen);
    const [oldest] = this.#open.keys();
    if (this.#open.size > SEEN_MAX && oldest !== undefined) this.#open.delete(oldest);
  }

  choose(random: () => number): Seen | undefined {
    const all = [...this.#open.values()];
    return all[Math.floor(random() * all.length)];
  }
}

export interface Seen {
  readonly id: string;
  /** Of the event that told of it. */
  readonly seq: number;
  readonly owner: string | null;
}
