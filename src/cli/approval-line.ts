import type { Approval } from '../client/index.ts';
import { shownDuration } from './duration.ts';
import type { Colour } from './screen.ts';
import { visible } from './visible.ts';

type Actor = Approval['requested_by'];

/** What came of it, in a line: `denied by ann (token:ann): not on a Friday`. */
export function outcomeLine({
  outcome,
  decided_by,
  comment,
  resolution,
  approve_label,
  options,
}: Approval): string {
  const isUsual = resolution === null || options.length <= 2 || resolution === approve_label;
  const words = [
    outcome ?? 'pending',
    isUsual ? '' : ` ('${resolution}')`,
    decided_by === null ? '' : ` by ${actorName(decided_by)}`,
    comment === null || comment === '' ? '' : `: ${comment}`,
  ];
  return visible(words.join(''));
}

/** The session, and in brackets whose credential it used. */
export function actorName(actor: Actor): string {
  if (actor === null) {
    return '';
  }
  return actor.principal === null ? actor.session_id : `${actor.session_id} (${actor.principal})`;
}

export const APPROVAL_HEAD = ['ID', 'STATUS', 'AGE', 'ASKED BY', 'ACTION'];

/** `now` in milliseconds since 1970. */
export function approvalRow(approval: Approval, now: number): string[] {
  const { id, status, outcome, created_at, requested_by, action } = approval;
  const age = shownDuration(Math.max(now - Date.parse(created_at), 0)).replace(/ .*/, '');
  return [id, outcome ?? status, age, actorName(requested_by), action];
}

export function colourOf(outcome: string | null | undefined): Colour {
  return outcome === 'approved' ? 'green' : outcome === 'denied' ? 'red' : 'yellow';
}
