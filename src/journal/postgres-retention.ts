import {
  APPROVALS_EVERY_MS,
  approvalsCutoff,
  MAX_RETENTION_ROWS,
  nextFloor,
  type RetentionOptions,
} from './retention.ts';

export interface SharedRetentionOptions extends RetentionOptions {
  /** Milliseconds since 1970. */
  now(): number;
  /** Forgets one slice, unless another node has: old floor, new floor, the cutoff for approvals or null, rows at most. */
  retain(values: readonly (number | null)[]): Promise<{ floor: number; more: boolean }>;
  moved(floor: number): void;
}

/** Forgets the past of a log that several nodes share: whoever sees first that a slice is due forgets it. */
export class SharedRetention {
  readonly #options: SharedRetentionOptions;
  #head = 0;
  #floor = 0;
  #approvalsAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  constructor(options: SharedRetentionOptions) {
    this.#options = options;
  }

  /** How far the log is. Forgets what is due, in the background. */
  look(head: number, floor: number): void {
    this.#head = Math.max(this.#head, head);
    this.#floor = Math.max(this.#floor, floor);
    if (this.#running !== undefined || !(this.#eventsAreDue || this.#approvalsAreDue)) return;
    this.#running = this.#run()
      // What is due now is due later too.
      .catch(() => {})
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** What runs has ended. */
  async idle(): Promise<void> {
    await this.#running;
  }

  get #next(): number {
    return nextFloor(this.#head, this.#floor, this.#options.retainEvents);
  }

  get #eventsAreDue(): boolean {
    return this.#next > this.#floor;
  }

  get #approvalsAreDue(): boolean {
    return Math.abs(this.#options.now() - this.#approvalsAt) >= APPROVALS_EVERY_MS;
  }

  async #run(): Promise<void> {
    while (this.#eventsAreDue || this.#approvalsAreDue) {
      const now = this.#options.now();
      const cutoff = this.#approvalsAreDue ? approvalsCutoff(now, this.#options.retainApprovalsDays) : null;
      const { floor, more } = await this.#options.retain([
        this.#floor,
        this.#next,
        cutoff,
        MAX_RETENTION_ROWS,
      ]);
      this.#floor = floor;
      if (cutoff !== null && !more) this.#approvalsAt = now;
      this.#options.moved(floor);
    }
  }
}
