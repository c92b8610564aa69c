/**
 * An approval in memory: `state` is its JSON as it is stored and sent. It is parsed when someone decides on it, and a
 * hundred thousand that wait cost little more than their text.
 */
export interface HeldApproval {
  readonly id: string;
  /** Its version: `seq` of its newest entry. */
  readonly seq: number;
  readonly createdSeq: number;
  readonly state: string;
}

const REQUESTED_BY = '"requested_by":';
const DECIDED_BY = ',"decided_by":';

/**
 * Who asked, as it is written in an approval: `{"session_id":…,"principal":…}`, which names the session and its
 * principal. It is cut out, as parsing all that is pending would more than double the time of a start.
 *
 * Only the member itself can be what is found: a client chooses keys in `details` alone, which come before it; of what
 * comes after it, nothing has a key of this name. And no string contains it, as there every quote has a backslash before
 * it, and the last quote of this text has none. The same is true of the next member, looked for from there on.
 */
export function requesterIn(state: string): string {
  const start = state.lastIndexOf(REQUESTED_BY) + REQUESTED_BY.length;
  return state.slice(start, state.indexOf(DECIDED_BY, start));
}

/** The approval from there on: another that ends like it was asked for by the same. */
export function fromRequester(state: string): string {
  return state.slice(Math.max(0, state.lastIndexOf(REQUESTED_BY)));
}
