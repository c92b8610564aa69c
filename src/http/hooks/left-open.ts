/** A question that nobody waits for at the moment. */
interface Left {
  readonly approvalId: string;
  /** See `Asking`. */
  readonly ticket: string;
}

/** An hour: who asks later is in another situation. */
export const KEPT_MS = 3_600_000;
const KEPT_MAX = 10_000;

/**
 * Questions that stayed open when a wait had lasted long enough. The agent was told to make the same call again, and
 * then it goes on waiting for the same decision, instead of asking a person twice. Each is good for one more call. Kept
 * by this node alone: where it is not known, the person is asked anew.
 */
export class LeftOpen {
  readonly #byCall = new Map<string, Left & { readonly at: number }>();
  readonly #now: () => number;

  /** `now`: milliseconds since some moment. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** `call`: a digest of who asked, what, and where. */
  leave(call: string, left: Left): void {
    this.#byCall.delete(call);
    this.#byCall.set(call, { ...left, at: this.#now() });
    for (const oldest of this.#byCall.keys()) {
      if (this.#byCall.size <= KEPT_MAX) {
        break;
      }
      this.#byCall.delete(oldest);
    }
  }

  /** The question that the call goes on with; it is forgotten here. Undefined: there is none. */
  take(call: string): Left | undefined {
    const left = this.#byCall.get(call);
    this.#byCall.delete(call);
    return left === undefined || this.#now() - left.at > KEPT_MS ? undefined : left;
  }
}
