/**
 * Something that runs once at a time. All who ask for it while it runs share the next run, which begins after they have
 * asked: however many they are, it never runs more often than it can, and nobody waits for more than two runs.
 */
export class SharedRun<T> {
  readonly #run: () => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(run: () => Promise<T>) {
    this.#run = run;
  }

  /** What a run that begins now, or later, comes to. */
  next(): Promise<T> {
    if (this.#running === undefined && this.#next === undefined) return this.#begin();
    this.#next ??= (this.#running as Promise<T>).then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  #begin(): Promise<T> {
    this.#next = undefined;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
