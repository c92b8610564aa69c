import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { type Config, withoutPassword } from './config.ts';
import type { Boot, Journal } from './host/journal.ts';
import { openJournal } from './journal/open.ts';

/** A log that is being opened and read: both go on beside this thread, which can load the rest of the program. */
export interface Opening {
  /** This node's name: several may run on one machine. */
  readonly node: string;
  readonly journal: Promise<Journal>;
  /** What is open in it. Rejects with what `journal` rejects with. */
  readonly boot: Promise<Boot>;
  /** Who is told of each transaction. Nothing is committed before there is a service, which sets it. */
  onCommit?: (changes: number, seconds: number) => void;
}

/** Begins at once. Whoever gets the journal closes it. */
export function beginOpening(config: Config, log: Logger, onFatal: (error: Error) => void): Opening {
  const node = `${hostname()}-${randomBytes(2).toString('hex')}`;
  const journal = openJournal(config.store, {
    retainEvents: config.retainEvents,
    retainApprovalsDays: config.retainApprovalsDays,
    pollMs: config.pollMs,
    node,
    report: log.info.bind(log),
    onCommit: (changes, seconds) => (opening as Required<Opening>).onCommit(changes, seconds),
    onFatal,
  }).catch((error: Error) => {
    throw new Error(`cannot open SALLYPORT_STORE '${withoutPassword(config.store)}': ${error.message}`);
  });
  const boot = journal.then((opened) => opened.boot());
  // Whoever asks is told; nobody may until the rest of the program is there.
  void Promise.allSettled([boot]);
  const opening: Opening = { node, journal, boot };
  return opening;
}
