/** What a parked request is told. */
export type WaitEnd =
  /** `{outcome, approval}` as JSON. */
  | { readonly type: 'answer'; readonly json: string }
  /** The node stops; the approval as JSON. */
  | { readonly type: 'shutting-down'; readonly approval: string };

export class Wait {
  readonly approvalId: string;
  readonly tell: (end: WaitEnd) => void;
  timer: NodeJS.Timeout | undefined;

  constructor(approvalId: string, tell: (end: WaitEnd) => void) {
    this.approvalId = approvalId;
    this.tell = tell;
  }
}

/** The parked requests by approval, so that a decision touches only its own. */
export class Waits {
  readonly #byApproval = new Map<string, Set<Wait>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The ids of the approvals that someone waits for. */
  get approvalIds(): readonly string[] {
    return [...this.#byApproval.keys()];
  }

  has(approvalId: string): boolean {
    return this.#byApproval.has(approvalId);
  }

  park(wait: Wait, timeoutMs: number, onTimeout: () => void): void {
    let waits = this.#byApproval.get(wait.approvalId);
    if (waits === undefined) {
      waits = new Set();
      this.#byApproval.set(wait.approvalId, waits);
    }
    waits.add(wait);
    this.#size += 1;
    wait.timer = setTimeout(onTimeout, timeoutMs);
  }

  /** Forgets the wait, told or not. Doing so twice is once. */
  end(wait: Wait): void {
    clearTimeout(wait.timer);
    const waits = this.#byApproval.get(wait.approvalId);
    if (waits?.delete(wait)) {
      this.#size -= 1;
      if (waits.size === 0) {
        this.#byApproval.delete(wait.approvalId);
      }
    }
  }

  /** Tells everyone who waits for the approval, and forgets them. */
  tellAll(approvalId: string, end: WaitEnd): void {
    for (const wait of this.#byApproval.get(approvalId) ?? []) {
      this.end(wait);
      wait.tell(end);
    }
  }
}
