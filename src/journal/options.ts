import type { RetentionOptions } from './retention.ts';

/** What every engine takes. */
export interface JournalOptions extends RetentionOptions {
  /** Called once, when nobody knows any more what is on disk: the process must end and start again. */
  onFatal(error: Error): void;
  /** Called after every transaction, for the metrics. */
  onCommit?(changes: number, seconds: number): void;
  /** The clock that retention goes by: milliseconds since 1970. */
  now?(): number;
  /** How often a journal that cannot write tries again by itself. */
  probeEveryMs?: number;
}
