import type { Test } from 'tap';
import type { Host } from '../../src/host/host.ts';
import type { Entry, TailReader } from '../../src/host/journal.ts';
import type { HostLimits } from '../../src/host/room.ts';
import { openHost, openMemory, wrap } from './open-host.ts';
import { NO_LIMITS } from './samples.ts';

export interface TwoNodes {
  readonly a: Host;
  readonly b: Host;
  /** Changes that `b` asked the log for. */
  readonly appendsOfB: { count: number };
  /** What is new reaches `b` no more, until the function that this returns is called. */
  holdBack(): () => void;
}

/** Two hosts on one log, as two nodes share it. */
export async function twoNodes(t: Test, some: Partial<HostLimits> = {}): Promise<TwoNodes> {
  const limits = { ...NO_LIMITS, ...some };
  const journal = await openMemory(t);
  const readers: TailReader[] = [];
  let late: Entry[] | undefined;
  journal.tail({
    entries: (entries) => {
      readers[0]?.entries(entries);
      if (late === undefined) {
        readers[1]?.entries(entries);
      } else {
        late.push(...entries);
      }
    },
    floor: (floor) => {
      for (const reader of readers) {
        reader.floor(floor);
      }
    },
  });
  const tail = (reader: TailReader) => void readers.push(reader);
  const { host: a } = await openHost(t, { limits, journal: wrap(journal, { tail }) });
  const appendsOfB = { count: 0 };
  const { host: b } = await openHost(t, {
    limits,
    journal: wrap(journal, {
      tail,
      append: (change) => {
        appendsOfB.count += 1;
        return journal.append(change);
      },
    }),
  });
  const holdBack = () => {
    const held: Entry[] = [];
    late = held;
    return () => {
      late = undefined;
      readers[1]?.entries(held);
    };
  };
  return { a, b, appendsOfB, holdBack };
}
