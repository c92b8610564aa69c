const ON_TERMINAL_EVERY_MS = 100;
const IN_A_FILE_EVERY_MS = 5000;
const CLEAR_LINE = '\r\u001b[K';
/** Says how far long work is: on a terminal in one line that changes, elsewhere in a line now and then. */
export class CopyProgress {
    #output;
    /** Milliseconds, from any moment on. */
    #now;
    #startedAt;
    #saidAt;
    constructor(output, now) {
        this.#output = output;
        this.#now = now;
        this.#startedAt = now();
        this.#saidAt = this.#startedAt;
    }
    get seconds() {
        return (this.#now() - this.#startedAt) / 1000;
    }
    say(done, total) {
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
    end() {
        if (this.#output.isTTY) {
            this.#output.write(CLEAR_LINE);
        }
    }
}
/** With commas between thousands. */
export function count(number) {
    return number.toLocaleString('en');
}
