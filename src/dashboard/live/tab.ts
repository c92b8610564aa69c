import type { Approval } from '../../model/approval.ts';
import type { Frame, ToTab } from './messages.ts';

/** Messages that a tab may leave unread, beside the state: a browser stops tabs that nobody looks at, and keeps them all. */
const UNREAD_MAX = 500;
/** What a tab is told is copied: a large state takes a while, and others have their turn in between. */
const TASK_MS = 12;

/** One tab, for whoever holds the stream: what it is told, and how much of that it has read. */
export class Tab {
  isVisible: boolean;
  readonly #post: (message: ToTab) => void;
  /** What it is sent in the next turns. */
  #untold: ToTab[] = [];
  #unread = 0;
  /** Since when there is something unread. */
  #unreadAt = 0;
  #unreadMax = UNREAD_MAX;
  /** It is told nothing until it has read what there is; then all anew. */
  #isBehind = false;

  constructor(isVisible: boolean, post: (message: ToTab) => void) {
    this.isVisible = isVisible;
    this.#post = post;
  }

  /** At once, before what is on its way. */
  sayStatus(message: ToTab & { type: 'status' }): void {
    this.#post(message);
  }

  notify(approval: Approval): void {
    this.#post({ type: 'notify', approval });
  }

  tell(message: ToTab & { type: 'frames' | 'sessions' }): void {
    this.#isBehind ||= this.#unread >= this.#unreadMax;
    if (!this.#isBehind) {
      this.#unreadAt = this.#unread === 0 ? performance.now() : this.#unreadAt;
      this.#unread += 1;
      this.#untold.push(message);
      if (this.#untold.length === 1) {
        this.#sendOn();
      }
    }
  }

  /** All that is known, in pieces. */
  tellAll(frames: readonly Frame[]): void {
    this.#unreadMax = UNREAD_MAX + frames.length;
    for (const frame of frames) {
      this.tell({ type: 'frames', frames: [frame] });
    }
  }

  /** It has read a message. True: it was behind, has read all, and has to be told all anew. */
  took(): boolean {
    // A tab that has come again may still answer what it was told before.
    this.#unread = Math.max(0, this.#unread - 1);
    this.#unreadAt = performance.now();
    const isAnew = this.#unread === 0 && this.#isBehind;
    this.#isBehind &&= !isAnew;
    return isAnew;
  }

  /** What it was not told yet, it is not told. */
  forget(): void {
    this.#unread -= this.#untold.length;
    this.#untold = [];
    this.#isBehind = false;
  }

  hasUnreadFor(ms: number): boolean {
    return this.#unread > 0 && performance.now() - this.#unreadAt > ms;
  }

  #sendOn(): void {
    const endsAt = performance.now() + TASK_MS;
    for (let [next] = this.#untold; next !== undefined; [next] = this.#untold) {
      if (performance.now() > endsAt) {
        setTimeout(() => this.#sendOn());
        return;
      }
      this.#post(next);
      // Not before: what comes while it is being sent waits behind it.
      this.#untold.shift();
    }
  }
}
