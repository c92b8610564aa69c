interface Due {
  readonly at: number;
  readonly id: string;
}

/** When which approval expires: a binary heap, the earliest on top. Ids that are no longer pending stay until then. */
export class ExpiryQueue {
  readonly #heap: Due[] = [];

  /** When the earliest is due: milliseconds since 1970. Undefined: nothing is. */
  get next(): number | undefined {
    return this.#heap[0]?.at;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Forgets the ids that `isWanted` is false for. */
  keep(isWanted: (id: string) => boolean): void {
    for (const { id, at } of this.#heap.splice(0)) {
      if (isWanted(id)) {
        this.add(id, at);
      }
    }
  }

  add(id: string, at: number): void {
    const heap = this.#heap;
    let index = heap.length;
    const due = { at, id };
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Due;
      if (above.at <= at) {
        break;
      }
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  /** Takes out the ids that are due at `now`, at most `limit`, earliest first. */
  take(now: number, limit: number): string[] {
    const ids: string[] = [];
    while (ids.length < limit && (this.next ?? Number.POSITIVE_INFINITY) <= now) {
      ids.push(this.#takeFirst());
    }
    return ids;
  }

  #takeFirst(): string {
    const heap = this.#heap;
    const first = heap[0] as Due;
    const last = heap.pop() as Due;
    if (heap.length > 0) {
      this.#sink(last);
    }
    return first.id;
  }

  #sink(due: Due): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const smaller = right < heap.length && (heap[right] as Due).at < (heap[left] as Due).at ? right : left;
      if (smaller >= heap.length || (heap[smaller] as Due).at >= due.at) {
        break;
      }
      heap[index] = heap[smaller] as Due;
      index = smaller;
    }
    heap[index] = due;
  }
}
