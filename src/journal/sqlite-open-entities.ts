import type { Boot, OpenEntity } from '../host/journal.ts';
import {
  BYTES,
  CREATED_SEQ,
  EXPIRES_AT,
  ID_BYTES,
  NUMBERS,
  type PackedBoot,
  REQUESTER,
  SEQ,
  SLAB,
  START,
} from './sqlite-boot.ts';

/** What is open, from what the log's thread hands over: there is a first part, when it has begun. */
export async function unpackedBoot(packed: AsyncIterable<PackedBoot>): Promise<Boot> {
  const parts = packed[Symbol.asyncIterator]();
  const first = (await parts.next()).value as PackedBoot;
  return {
    head: first.head,
    floor: first.floor,
    open: opened(first, { [Symbol.asyncIterator]: () => parts }),
  };
}

async function* opened(
  first: PackedBoot,
  others: AsyncIterable<PackedBoot>,
): AsyncGenerator<Iterable<OpenEntity>> {
  yield openEntities(first);
  for await (const part of others) yield openEntities(part);
}

function* openEntities({ slabs, numbers, requesters }: PackedBoot): Generator<OpenEntity> {
  // A message between threads makes plain lists of bytes of them.
  const buffers = slabs.map(({ buffer }) => Buffer.from(buffer));
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    yield new PackedEntity(
      numbers,
      at,
      buffers[numbers[at + SLAB] as number] as Buffer,
      requesters[numbers[at + REQUESTER] as number],
    );
  }
}

/** Its text stays bytes, outside of what the garbage collector copies and counts, until somebody asks for it. */
class PackedEntity implements OpenEntity {
  readonly type: OpenEntity['type'];
  readonly id: string;
  readonly seq: number;
  readonly createdSeq: number;
  readonly expiresAt: number | null;
  readonly bytes: number;
  readonly requester: string | undefined;
  readonly #slab: Buffer;
  readonly #start: number;

  constructor(numbers: Float64Array, at: number, slab: Buffer, requester: string | undefined) {
    const start = numbers[at + START] as number;
    const stateStart = start + (numbers[at + ID_BYTES] as number);
    const expiresAt = numbers[at + EXPIRES_AT] as number;
    this.type = requester === undefined ? 'agent' : 'approval';
    this.id = slab.toString('latin1', start, stateStart);
    this.seq = numbers[at + SEQ] as number;
    this.createdSeq = numbers[at + CREATED_SEQ] as number;
    this.expiresAt = Number.isNaN(expiresAt) ? null : expiresAt;
    this.bytes = numbers[at + BYTES] as number;
    this.requester = requester;
    this.#slab = slab;
    this.#start = stateStart;
  }

  get state(): string {
    return this.#slab.toString('utf8', this.#start, this.#start + this.bytes);
  }
}
