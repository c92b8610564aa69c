import type { HeldAgent } from './agents-by-name.ts';
import type { Subject } from './decision.ts';
import type { Versions } from './encode.ts';
import type { HeldApproval } from './held-approval.ts';

/** What a command is about, as it was found. */
export interface HeldSubject {
  readonly subject: Subject;
  readonly versions: Versions;
  /** The approval as JSON, for an answer that changes nothing. */
  readonly json: string;
}

export const NO_SUBJECT: HeldSubject = {
  subject: { agent: null, approval: null },
  versions: { expected: 0, createdSeq: null, key: null },
  json: 'null',
};

export function holdAgent(held: HeldAgent | undefined): HeldSubject {
  return held === undefined
    ? NO_SUBJECT
    : {
        subject: { agent: held.agent, approval: null },
        versions: { expected: held.seq, createdSeq: null, key: null },
        json: '',
      };
}

export function holdApproval(held: HeldApproval | undefined): HeldSubject {
  return held === undefined
    ? NO_SUBJECT
    : {
        subject: { agent: null, approval: JSON.parse(held.state) },
        versions: { expected: held.seq, createdSeq: held.createdSeq, key: null },
        json: held.state,
      };
}
