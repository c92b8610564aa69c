import type { Approval } from '../../model/approval.ts';
import type { Event } from '../../model/event.ts';
import type { Actor } from '../../model/session.ts';

/** What happened to an approval: from its events as far as there are any, else from what it says itself. */
export interface Happening {
  readonly at: string;
  readonly what: 'requested' | 'passed-on' | 'ended';
  /** Who did it, as far as that is known. */
  readonly who: Actor | null;
  /** The option that was passed on. */
  readonly option: string | null;
  /** Of the event; null if the event is not there any more, or was not read. */
  readonly seq: number | null;
}

interface PassedOn {
  readonly approval_id: string;
  readonly resolution: string;
  readonly requesting_client_id: string;
}

/** Oldest first. `events` may hold others, and the same one twice. */
export function timelineOf(approval: Approval, events: Iterable<Event>): Happening[] {
  const { id, created_at, requested_by, resolved_at, decided_by, resolve_requested } = approval;
  const bySeq = new Map<number, Happening>();
  for (const event of events) {
    if (isAbout(event, id)) {
      bySeq.set(event.seq, happeningOf(event, approval));
    }
  }
  const happenings = [...bySeq.entries()].sort(([a], [b]) => a - b).map(([, happening]) => happening);
  const isThere = (what: Happening['what']) => happenings.some((happening) => happening.what === what);
  if (!isThere('requested')) {
    happenings.unshift({ at: created_at, what: 'requested', who: requested_by, option: null, seq: null });
  }
  if (resolve_requested !== null && !isThere('passed-on')) {
    const { at, resolution: option, session_id, principal } = resolve_requested;
    happenings.splice(1, 0, { at, what: 'passed-on', who: { session_id, principal }, option, seq: null });
  }
  if (resolved_at !== null && !isThere('ended')) {
    happenings.push({ at: resolved_at, what: 'ended', who: decided_by, option: null, seq: null });
  }
  return happenings;
}

function isAbout({ kind, payload }: Event, id: string): boolean {
  const { id: own, approval_id } = (payload ?? {}) as { id?: unknown; approval_id?: unknown };
  return kind.startsWith('approval.') && (own === id || approval_id === id);
}

function happeningOf({ kind, seq, timestamp: at, payload }: Event, approval: Approval): Happening {
  if (kind === 'approval.requested') {
    return { at, what: 'requested', who: approval.requested_by, option: null, seq };
  }
  if (kind === 'approval.resolve_requested') {
    const { resolution: option, requesting_client_id: session_id } = payload as PassedOn;
    return { at, what: 'passed-on', who: { session_id, principal: null }, option, seq };
  }
  return { at, what: 'ended', who: (payload as Approval).decided_by, option: null, seq };
}
