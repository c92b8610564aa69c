/** Standard output or error, or what stands for it in a test. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const ON_TERMINAL_EVERY_MS = 100;
const IN_A_FILE_EVERY_MS = 5000;
const CLEAR_LINE = '\r\u001b[K';

/** Says how far long work is: on a terminal in one line that changes, elsewhere in a line now and then. */
export class CopyProgress {
  readonly #output: Output;
  /** Milliseconds, from any moment on. */
  readonly #now: () => number;
  readonly #startedAt: number;
  #saidAt: number;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#startedAt = now();
    this.#saidAt = this.#startedAt;
  }

  get seconds(): number {
    return (this.#now() - this.#startedAt) / 1000;
  }

  say(done: number, total: number): void {
    const now = this.#now();
    const everyMs = this.#output.isTTY ? ON_TERMINAL_EVERY_MS : IN_A_FILE_EVERY_MS;
    if (now - this.#saidAt < everyMs) {
      return;
    }
    this.#saidAt = now;
    const perSecond = done / this.seconds;
    const left = Math.ceil((total - done) / perSecond);
    const percent = Math.floor((100 * done) / total);
    const text = `${percent} %: ${count(done)} of ${count(total)} rows, ${count(Math.round(perSecond))} a second, ${count(left)} s left`;
    this.#output.write(this.#output.isTTY ? CLEAR_LINE + text : `${text}\n`);
  }

  /** The line of a terminal is free again. */
  end(): void {
    if (this.#output.isTTY) {
      this.#output.write(CLEAR_LINE);
    }
  }
}

/** With commas between thousands. */
export function count(number: number): string {
  return number.toLocaleString('en');
}
