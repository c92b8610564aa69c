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

/** A line for each thing that is known of it, and at last what the person needs to decide. */
export function approvalText(approval: Approval): string {
  const { details, status, created_at, requested_by, options, approve_label, ...others } = approval;
  const facts: [string, string | null][] = [
    ['action', others.action],
    ['status', status === 'pending' ? status : outcomeLine(approval)],
    ['asked by', actorName(requested_by)],
    ['agent', others.agent_id],
    ['created', created_at],
    ['expires', others.expires_at],
    ['options', options.map((option) => (option === approve_label ? `${option} (yes)` : option)).join(', ')],
  ];
  const lines = facts.filter(([, text]) => text !== null && text !== '');
  const shown = lines.map(([name, text]) => `${name.padEnd(8)}  ${visible(String(text))}`);
  // JSON escapes line breaks within its texts, so those that are left are its own.
  const json = JSON.stringify(details, null, 2).split('\n').map(visible);
  return [...shown, 'details', ...json].join('\n');
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
