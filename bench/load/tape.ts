import { Transcript } from './transcript.ts';

/**
 * What a stream brings, read once for all the subscribers that get the same: to compare bytes costs a small part of
 * what it costs to read them.
 */
export class Tape {
  /** Where each event ends. */
  readonly ends: number[] = [];
  readonly #transcript: Transcript;
  #bytes = Buffer.allocUnsafeSlow(1024 * 1024);
  #length = 0;

  constructor(onEvent?: (frame: string) => void) {
    this.#transcript = new Transcript((frame, end) => {
      this.ends.push(end);
      onEvent?.(frame);
    });
  }

  get wrong(): number {
    return this.#transcript.wrong;
  }

  /** True if the stream goes on with these bytes at this place; who gets there first says how it goes on. */
  goesOn(at: number, bytes: Buffer, length: number): boolean {
    const known = Math.min(length, this.#length - at);
    if (known > 0 && this.#bytes.compare(bytes, 0, known, at, at + known) !== 0) {
      return false;
    }
    if (known < length) {
      this.#append(bytes.subarray(known, length));
    }
    return true;
  }

  /** Reads again what is before this place, for a subscriber that goes on differently from there. */
  readUntil(at: number, transcript: Transcript): void {
    transcript.read(this.#bytes.subarray(0, at));
  }

  #append(bytes: Buffer): void {
    while (this.#length + bytes.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
    this.#transcript.read(bytes);
  }
}
