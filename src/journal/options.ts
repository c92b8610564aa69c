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
  /** Milliseconds between two looks at a log that others write too, where it cannot say that there is something new. */
  pollMs?: number | null;
  /** This node's name among those who share the log, for people. */
  node?: string;
  /** Called with sentences for whoever runs the service. */
  report?(message: string): void;
}
