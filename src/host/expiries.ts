import type { CreateApprovalCommand } from './commands.ts';
import { Expirer } from './expirer.ts';

/** A node that did not take an approval in expires it this much later, at most and at least. */
const LATER_MAX_MS = 800;
const LATER_MIN_MS = 200;

export interface ExpiriesOptions {
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  /** Other nodes expire the same approvals. */
  readonly isShared: boolean;
  readonly isPending: (id: string) => boolean;
  /** Records that the approval has expired. */
  readonly expire: (id: string) => Promise<unknown>;
  readonly reportError: (message: string) => void;
}

/**
 * Expires what is due. Where nodes share a log, the one that took an approval in does it; the others come a little later,
 * each at another moment, for if that one is gone.
 */
export class Expiries {
  readonly #options: ExpiriesOptions;
  readonly #expirer: Expirer;
  /** Approvals that are being created here. */
  readonly #own = new Set<string>();

  constructor(options: ExpiriesOptions) {
    const { clock, isPending, expire, reportError } = options;
    this.#options = options;
    this.#expirer = new Expirer({
      clock,
      isPending,
      expire: async (id) => {
        await expire(id).catch((error: Error) =>
          reportError(`approval '${id}' could not be expired and is tried again: ${error.message}`),
        );
        return !isPending(id);
      },
    });
  }

  /** While `creating` is under way its approval is known to be of this node. */
  async own<T>({ id }: CreateApprovalCommand, creating: Promise<T>): Promise<T> {
    this.#own.add(id);
    try {
      return await creating;
    } finally {
      this.#own.delete(id);
    }
  }

  /** The approval is pending until `expiresAt`: milliseconds since 1970, or null for ever. */
  watch(id: string, expiresAt: number | null): void {
    if (expiresAt !== null) {
      this.#expirer.add(id, expiresAt + this.#laterMs(id, expiresAt));
    }
  }

  /** Expires what is due. False: some could not be, and is tried again later. */
  expireDue(): Promise<boolean> {
    return this.#expirer.expireDue();
  }

  stop(): void {
    this.#expirer.stop();
  }

  #laterMs(id: string, expiresAt: number): number {
    const { isShared, clock } = this.#options;
    // What is overdue when a node starts is expired before it is ready.
    return !isShared || this.#own.has(id) || expiresAt <= clock()
      ? 0
      : LATER_MIN_MS + Math.random() * (LATER_MAX_MS - LATER_MIN_MS);
  }
}
