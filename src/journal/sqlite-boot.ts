import { DatabaseSync } from 'node:sqlite';
import { requesterIn } from '../host/held-approval.ts';
import { readHead, readMeta } from './sqlite-schema.ts';

/**
 * A part of what is open, as the thread that opened the log hands it over: the bytes of the texts in slabs whose memory changes
 * hands, so that nothing is copied between threads, and `numbers`, of which each entity has `NUMBERS`. While the reading
 * runs the main thread loads the rest of the program, and takes in the parts that are there.
 */
export interface PackedBoot {
  readonly head: number;
  readonly floor: number;
  readonly slabs: readonly Buffer<ArrayBuffer>[];
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Of its approvals, each once. */
  readonly requesters: readonly string[];
}

/** An entity's numbers: whose state follows its id in the slab; the requester is -1 for an agent. */
export const NUMBERS = 8;
export const [SLAB, START, ID_BYTES, BYTES, SEQ, CREATED_SEQ, EXPIRES_AT, REQUESTER] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];

/** A slab is kept for as long as one approval in it is pending. */
const SLAB_BYTES = 256 * 1024;

/** A part is handed over when it has so many slabs: 4 MiB, some thousand approvals. */
const PART_SLABS = 16;

/** Reads what is open, as of one moment, with a connection whose pages go with it. There is at least one part. */
export function* readBoot(path: string): Generator<PackedBoot> {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    db.exec('BEGIN');
    const log = { head: readHead(db), floor: readMeta(db, 'floor') as number };
    let packer = new Packer();
    const statement = db.prepare(OPEN);
    // A row as a list costs a fifth less time than one as an object.
    statement.setReturnArrays(true);
    for (const row of statement.iterate()) {
      if (packer.slabs > PART_SLABS) {
        yield { ...log, ...packer.packed() };
        packer = new Packer();
      }
      packer.add(row as unknown as Row);
    }
    yield { ...log, ...packer.packed() };
  } finally {
    db.close();
  }
}

/** The memory that changes hands with it. */
export function memoryOf({ slabs, numbers }: PackedBoot): ArrayBuffer[] {
  return [...slabs.map(({ buffer }) => buffer), numbers.buffer];
}

class Packer {
  readonly #slabs: Buffer<ArrayBuffer>[] = [];
  readonly #requesters = new Map<string, number>();
  #numbers = new Float64Array(NUMBERS * 1024);
  #count = 0;
  #slab = Buffer.alloc(0);
  #used = 0;

  get slabs(): number {
    return this.#slabs.length;
  }

  add([type, id, seq, createdSeq, expiresAt, state]: Row): void {
    this.#makeRoom(3 * (id.length + state.length));
    const start = this.#used;
    const idBytes = this.#slab.write(id, start);
    const bytes = this.#slab.write(state, start + idBytes);
    this.#used += idBytes + bytes;
    const requester = type === 'approval' ? this.#requester(requesterIn(state)) : -1;
    const slab = this.#slabs.length - 1;
    const numbers = [slab, start, idBytes, bytes, seq, createdSeq, expiresAt ?? Number.NaN, requester];
    if (this.#count === this.#numbers.length) {
      const longer = new Float64Array(2 * this.#count);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers.set(numbers, this.#count);
    this.#count += NUMBERS;
  }

  packed(): Pick<PackedBoot, 'slabs' | 'numbers' | 'requesters'> {
    return {
      slabs: this.#slabs,
      numbers: this.#numbers.slice(0, this.#count),
      requesters: [...this.#requesters.keys()],
    };
  }

  /** `bytes` is the most that a text can take. */
  #makeRoom(bytes: number): void {
    if (this.#slabs.length > 0 && this.#used + bytes <= this.#slab.length) return;
    this.#slab = Buffer.from(new ArrayBuffer(Math.max(bytes, SLAB_BYTES)));
    this.#slabs.push(this.#slab);
    this.#used = 0;
  }

  #requester(requester: string): number {
    const known = this.#requesters.get(requester);
    if (known !== undefined) return known;
    this.#requesters.set(requester, this.#requesters.size);
    return this.#requesters.size - 1;
  }
}

type Row = [
  type: 'agent' | 'approval',
  id: string,
  seq: number,
  createdSeq: number,
  expiresAt: number | null,
  state: string,
];

const COLUMNS = `open.seq, open.created_seq AS createdSeq, expires_at, coalesce(state, payload) FROM open`;
const EVENT = 'CROSS JOIN events ON events.seq = open.seq';

export const OPEN = `
  SELECT 'agent', substr(entity, 7), ${COLUMNS} INDEXED BY open_agents ${EVENT} WHERE open.created_at IS NULL
  UNION ALL
  SELECT 'approval', substr(entity, 10), ${COLUMNS} INDEXED BY open_approvals ${EVENT}
    WHERE open.created_at IS NOT NULL
  ORDER BY createdSeq`;
