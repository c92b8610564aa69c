import type { Entry, TailReader } from '../../src/host/journal.ts';

/** A tail that remembers what it was told. */
export class Recorder implements TailReader {
  readonly groups: Entry[][] = [];
  readonly floors: number[] = [];
  #waiting: { floor: number; resolve: () => void }[] = [];

  get seqs(): number[] {
    return this.groups.flat().map(({ seq }) => seq);
  }

  entries(entries: readonly Entry[]): void {
    this.groups.push([...entries]);
  }

  floor(floor: number): void {
    this.floors.push(floor);
    for (const { resolve } of this.#waiting.filter((waiting) => waiting.floor <= floor)) resolve();
  }

  /** Resolves when the floor is at `floor` or above it. */
  async floorAt(floor: number): Promise<void> {
    if (this.floors.some((reached) => reached >= floor)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ floor, resolve });
    });
  }
}
