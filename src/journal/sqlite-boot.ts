import { DatabaseSync } from 'node:sqlite';
import { fromRequester, requesterIn } from '../host/held-approval.ts';
import { type Bytes, LONG_BYTES, type OpenPage, readOpenPages } from './sqlite-open-pages.ts';
import { readHead, readMeta } from './sqlite-schema.ts';

/**
 * A part of what is open, as the thread that opened the log hands it over: as SQLite put it together, the texts as bytes
 * whose memory changes hands, so that neither thread copies them. While the reading runs the main thread loads the rest of
 * the program, and takes in the parts that are there.
 */
export interface PackedBoot {
  readonly head: number;
  readonly floor: number;
  readonly pages: readonly PackedPage[];
  /** Of its approvals, each once. */
  readonly requesters: readonly string[];
}

export interface PackedPage extends OpenPage {
  /** Of each approval, a place in `requesters`. */
  readonly requestedBy: readonly number[];
}

/** A part is handed over when it has so many bytes: some thousand approvals. */
const PART_BYTES = 4 * 1024 * 1024;

/** Reads what is open, as of one moment, with a connection whose pages go with it. There is at least one part. */
export function* readBoot(path: string): Generator<PackedBoot> {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    db.exec('BEGIN');
    const log = { head: readHead(db), floor: readMeta(db, 'floor') as number };
    let packer = new Packer();
    for (const page of readOpenPages(db)) {
      if (packer.bytes >= PART_BYTES) {
        yield { ...log, ...packer.packed() };
        packer = new Packer();
      }
      packer.add(page);
    }
    yield { ...log, ...packer.packed() };
  } finally {
    db.close();
  }
}

/** The memory that changes hands with it. */
export function memoryOf({ pages }: PackedBoot): ArrayBuffer[] {
  return pages.flatMap(bytesOf).map(({ buffer }) => buffer);
}

function bytesOf({ states, longStates }: OpenPage): Bytes[] {
  return [states, ...longStates];
}

class Packer {
  bytes = 0;
  readonly #pages: PackedPage[] = [];
  readonly #places = new Map<string, number>();
  /** Of an approval, from who asked to its end, and the place of who asked: the next one often ends like it. */
  #end: string | undefined;
  #place = 0;

  add(page: OpenPage): void {
    for (const { length } of bytesOf(page)) this.bytes += length;
    this.#pages.push({ ...page, requestedBy: page.isApproval ? this.#requestedBy(page) : [] });
  }

  packed(): Pick<PackedBoot, 'pages' | 'requesters'> {
    return { pages: this.#pages, requesters: Array.from(this.#places.keys(), fromLatin1) };
  }

  #requestedBy({ lengths, states, longStates }: OpenPage): number[] {
    const text = latin1(states);
    const long = longStates.map(latin1);
    const all: readonly number[] = JSON.parse(lengths);
    let next = 0;
    let end = 0;
    return all.map((length) => {
      if (length > LONG_BYTES) return this.#placeOf(long[next++] as string);
      end += length;
      return this.#endsLikeTheLast(text, length, end)
        ? this.#place
        : this.#placeOf(text.slice(end - length, end));
    });
  }

  #endsLikeTheLast(text: string, length: number, end: number): boolean {
    const last = this.#end;
    return last !== undefined && length >= last.length && text.startsWith(last, end - last.length);
  }

  #placeOf(state: string): number {
    this.#end = fromRequester(state);
    const requester = requesterIn(this.#end);
    const known = this.#places.get(requester);
    this.#place = known ?? this.#places.size;
    if (known === undefined) this.#places.set(requester, this.#place);
    return this.#place;
  }
}

/** UTF-8 as it is, a character for a byte: what is looked for is ASCII, and to decode all of it would cost more. */
function latin1({ buffer, byteOffset, length }: Bytes): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

function fromLatin1(text: string): string {
  return Buffer.from(text, 'latin1').toString();
}
