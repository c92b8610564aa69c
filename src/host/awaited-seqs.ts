interface Awaited {
  readonly seq: number;
  readonly resolve: (isReached: boolean) => void;
  timer: NodeJS.Timeout | undefined;
}

/** Those who wait until the state includes an event. */
export class AwaitedSeqs {
  readonly #awaited = new Set<Awaited>();

  /** True when `seq` is reached, false when that has taken longer than `withinMs` or never will be. */
  wait(seq: number, withinMs?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const awaited: Awaited = { seq, resolve, timer: undefined };
      this.#awaited.add(awaited);
      if (withinMs !== undefined) {
        awaited.timer = setTimeout(() => this.#end(awaited, false), withinMs);
      }
    });
  }

  /** The state is at `seq`. */
  wake(seq: number): void {
    for (const awaited of this.#awaited) {
      if (awaited.seq <= seq) {
        this.#end(awaited, true);
      }
    }
  }

  /** Nothing more is coming. */
  giveUp(): void {
    for (const awaited of this.#awaited) {
      this.#end(awaited, false);
    }
  }

  #end(awaited: Awaited, isReached: boolean): void {
    this.#awaited.delete(awaited);
    clearTimeout(awaited.timer);
    awaited.resolve(isReached);
  }
}
