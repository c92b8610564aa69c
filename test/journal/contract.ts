import type { Test } from 'tap';
import type { Journal } from '../../src/host/journal.ts';
import { appendContract } from './contract-append.ts';
import { approvalsContract } from './contract-approvals.ts';
import { eventsContract } from './contract-events.ts';
import { reopenContract } from './contract-reopen.ts';
import { retentionContract } from './contract-retention.ts';

export interface ContractOptions {
  readonly retainEvents?: number;
  readonly retainApprovalsDays?: number;
  readonly now?: () => number;
}

export interface Opened {
  readonly journal: Journal;
  /** Opens the same log again, after it was closed. Absent where nothing outlives the journal. */
  readonly reopen?: () => Promise<Journal>;
}

/** Opens a new log, which is closed and removed when `t` ends. */
export type OpenFreshJournal = (t: Test, options?: ContractOptions) => Promise<Opened>;

export const CONTRACT_DEFAULTS = { retainEvents: 100_000, retainApprovalsDays: 365 };

/** What every journal does, by the port alone. */
export function journalContract(name: string, openFreshJournal: OpenFreshJournal): void {
  appendContract(name, openFreshJournal);
  eventsContract(name, openFreshJournal);
  approvalsContract(name, openFreshJournal);
  retentionContract(name, openFreshJournal);
  reopenContract(name, openFreshJournal);
}
