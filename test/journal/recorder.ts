import type { Boot, Entry, OpenEntity, TailReader } from '../../src/host/journal.ts';

/** A tail that remembers what it was told. */
export class Recorder implements TailReader {
  readonly groups: Entry[][] = [];
  readonly floors: number[] = [];
  #waiting: { floor: number; resolve: () => void }[] = [];
  #awaited: { seq: number; resolve: () => void }[] = [];

  get seqs(): number[] {
    return this.groups.flat().map(({ seq }) => seq);
  }

  entries(entries: readonly Entry[]): void {
    this.groups.push([...entries]);
    const seq = entries.at(-1)?.seq ?? 0;
    for (const { resolve } of this.#awaited.filter((awaited) => awaited.seq <= seq)) resolve();
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

  /** Resolves when the entry `seq` has come. */
  async seqAt(seq: number): Promise<void> {
    if ((this.groups.at(-1)?.at(-1)?.seq ?? 0) >= seq) return;
    await new Promise<void>((resolve) => {
      this.#awaited.push({ seq, resolve });
    });
  }
}

/** Everything that was open at a boot. */
export async function allOpen({ open }: Boot): Promise<OpenEntity[]> {
  const entities: OpenEntity[] = [];
  for await (const part of open) entities.push(...part);
  return entities;
}
