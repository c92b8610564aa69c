import type { Boot, OpenEntity } from '../host/journal.ts';
import type { PackedBoot, PackedPage } from './sqlite-boot.ts';
import { type Bytes, LONG_BYTES } from './sqlite-open-pages.ts';

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

function openEntities({ pages, requesters }: PackedBoot): OpenEntity[] {
  const entities: OpenEntity[] = [];
  for (const page of pages) addEntities(entities, page, requesters);
  return entities;
}

function addEntities(entities: OpenEntity[], page: PackedPage, requesters: readonly string[]): void {
  const { ids, requestedBy } = page;
  const type = page.isApproval ? 'approval' : 'agent';
  const idLengths: number[] = JSON.parse(page.idLengths);
  const lengths: number[] = JSON.parse(page.lengths);
  const seqs: number[] = JSON.parse(page.seqs);
  const createdSeqs: number[] = JSON.parse(page.createdSeqs);
  const expiries: (number | null)[] = JSON.parse(page.expiries);
  const slab = bufferOf(page.states);
  const long = page.longStates.map(bufferOf).values();
  let idStart = 0;
  let start = 0;
  for (let index = 0; index < lengths.length; index += 1) {
    const idEnd = idStart + (idLengths[index] as number);
    const length = lengths[index] as number;
    const isLong = length > LONG_BYTES;
    const entity = new PackedEntity(
      type,
      ids.slice(idStart, idEnd),
      seqs[index] as number,
      createdSeqs[index] as number,
      expiries[index] as number | null,
      requesters[requestedBy[index] as number],
      isLong ? (long.next().value as Buffer) : slab,
      isLong ? 0 : start,
      length,
    );
    entities.push(entity);
    idStart = idEnd;
    if (!isLong) start += length;
  }
}

/** A message between threads makes plain lists of bytes of them. */
function bufferOf({ buffer, byteOffset, length }: Bytes): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** Its text stays bytes, outside of what the garbage collector copies and counts, until somebody asks for it. */
class PackedEntity implements OpenEntity {
  readonly type: OpenEntity['type'];
  readonly id: string;
  readonly seq: number;
  readonly createdSeq: number;
  readonly expiresAt: number | null;
  readonly requester: string | undefined;
  readonly bytes: number;
  readonly #slab: Buffer;
  readonly #start: number;

  constructor(
    type: OpenEntity['type'],
    id: string,
    seq: number,
    createdSeq: number,
    expiresAt: number | null,
    requester: string | undefined,
    slab: Buffer,
    start: number,
    bytes: number,
  ) {
    this.type = type;
    this.id = id;
    this.seq = seq;
    this.createdSeq = createdSeq;
    this.expiresAt = expiresAt;
    this.requester = requester;
    this.bytes = bytes;
    this.#slab = slab;
    this.#start = start;
  }

  get state(): string {
    return this.#slab.toString('utf8', this.#start, this.#start + this.bytes);
  }
}
