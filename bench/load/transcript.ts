const FRAME_END = '\n\n';
const CHUNK_BOUNDARY = /\r\n[0-9a-f]+\r\n/g;

/** Reads what one stream brings, and checks it: every event, in order, each once. */
export class Transcript {
  /** Events that were missing, repeated or out of order. */
  wrong = 0;
  readonly #onEvent: (frame: string, end: number) => void;
  /** A frame that is not complete yet, and where it begins. */
  #rest = '';
  #restAt = 0;
  #lastSeq = 0;
  /** By publisher, the number of its newest event. */
  readonly #lastOf: number[] = [];

  /** `onEvent` gets the frame and where in the stream it ends. */
  constructor(onEvent: (frame: string, end: number) => void) {
    this.#onEvent = onEvent;
  }

  read(bytes: Buffer): void {
    const text = this.#rest + bytes.toString('latin1');
    let start = 0;
    for (let end = text.indexOf(FRAME_END); end >= 0; end = text.indexOf(FRAME_END, start)) {
      // The framing of HTTP's chunks lies between frames or inside them; it has no blank line that ends a frame.
      const frame = text.slice(start, end).replace(CHUNK_BOUNDARY, '');
      start = end + FRAME_END.length;
      if (frame.includes('data: ')) {
        this.#check(frame);
        this.#onEvent(frame, this.#restAt + start);
      }
    }
    this.#rest = text.slice(start);
    this.#restAt += start;
  }

  #check(frame: string): void {
    const seq = Number(/^id: [0-9a-f]+-(\d+)$/m.exec(frame)?.[1] ?? 0);
    const [, publisher, n] = /"publisher":(\d+),"n":(\d+)/.exec(frame) ?? [];
    const isNext = this.#lastSeq === 0 || seq === this.#lastSeq + 1;
    const isNextOfItsPublisher = Number(n ?? 0) === (this.#lastOf[Number(publisher)] ?? 0) + 1;
    this.#lastSeq = seq;
    if (n !== undefined) {
      this.#lastOf[Number(publisher)] = Number(n);
    }
    if (!isNext || (n !== undefined && !isNextOfItsPublisher)) {
      this.wrong += 1;
    }
  }
}
