export class Wait {
    approvalId;
    tell;
    /** Those that are told together with it, while it is parked. */
    together;
    timer;
    constructor(approvalId, tell) {
        this.approvalId = approvalId;
        this.tell = tell;
    }
}
/**
 * So many are told in one turn of the event loop: the others are told in the next ones, so that a decision that many
 * wait for holds nobody else up, and what each answer takes is free again before the next ones need it.
 */
export const TOLD_PER_TURN = 250;
/** The parked requests by approval, so that a decision touches only its own. */
export class Waits {
    #byApproval = new Map();
    #size = 0;
    get size() {
        return this.#size;
    }
    /** The ids of the approvals that someone waits for. */
    get approvalIds() {
        return [...this.#byApproval.keys()];
    }
    has(approvalId) {
        return this.#byApproval.has(approvalId);
    }
    park(wait, timeoutMs, onTimeout) {
        let together = this.#byApproval.get(wait.approvalId);
        if (together === undefined) {
            together = new Set();
            this.#byApproval.set(wait.approvalId, together);
        }
        together.add(wait);
        wait.together = together;
        this.#size += 1;
        wait.timer = setTimeout(onTimeout, timeoutMs);
    }
    /** Forgets the wait, told or not. Doing so twice is once. */
    end(wait) {
        clearTimeout(wait.timer);
        const { approvalId, together } = wait;
        if (together?.delete(wait)) {
            this.#size -= 1;
            if (together.size === 0 && this.#byApproval.get(approvalId) === together) {
                this.#byApproval.delete(approvalId);
            }
        }
    }
    /** Tells everyone who waits for the approval, and forgets them. */
    tellAll(approvalId, end) {
        const together = this.#byApproval.get(approvalId) ?? new Set();
        this.#byApproval.delete(approvalId);
        for (const { timer } of together) {
            clearTimeout(timer);
        }
        this.#tellSome(together, end);
    }
    #tellSome(together, end) {
        let left = TOLD_PER_TURN;
        for (const wait of together) {
            if (left === 0) {
                setImmediate(() => this.#tellSome(together, end));
                return;
            }
            left -= 1;
            this.end(wait);
            wait.tell(end);
        }
    }
}
