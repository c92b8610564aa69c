import { signal } from '@preact/signals';
import type { Approval } from '../../model/approval.ts';
import { resolve } from '../api.ts';
import { announce } from '../parts/announcer.tsx';
import { onChanges, onSignedOut, readSessionsAgain, sessions, signedOut, takeFinal } from '../store.ts';
import { T } from '../texts.ts';
import { sayAlready } from './farewells.ts';
import { commentOn, writeComment } from './selection.ts';

/** Of many decisions so many are on their way at once. */
const AT_ONCE = 4;

/** Approvals whose decision is on its way. */
export const sending = signal<ReadonlySet<string>>(new Set());
/** What came of a decision that did not end the approval, by id. */
export const notes = signal<ReadonlyMap<string, string>>(new Map());

// What was said of an approval goes with it.
onChanges(({ left }) => {
  const gone = left.filter(({ id }) => notes.value.has(id));
  if (gone.length > 0) {
    const next = new Map(notes.value);
    for (const { id } of gone) {
      next.delete(id);
    }
    notes.value = next;
  }
});

onSignedOut(() => {
  notes.value = new Map();
});

/** What was refused because its owner was not connected. */
const ownerless = new Map<string, string>();
sessions.subscribe((connected) => {
  for (const [id, owner] of ownerless) {
    if (connected.some(({ session_id }) => session_id === owner)) {
      ownerless.delete(id);
      note(id, null);
    }
  }
});

/** Sends a decision now. It is final when the service takes it. */
export async function decide(approval: Approval, option: string): Promise<void> {
  const { id } = approval;
  if (sending.value.has(id)) {
    return;
  }
  mark(id, true);
  note(id, null);
  const { status, body, problem, code } = await resolve(id, option, commentOn(id));
  mark(id, false);
  if (status === 200) {
    writeComment(id, null);
    takeFinal(body);
  } else if (status === 202) {
    writeComment(id, null);
    note(id, T.owner.passedOnNow);
    readSessionsAgain();
  } else if (status === 401) {
    signedOut();
  } else if (code === 'approval-already-final' && body.approval !== undefined) {
    sayAlready(body.approval);
    takeFinal(body.approval);
  } else {
    note(id, status === 0 ? T.unreachable : T.refused(problem));
    if (code === 'approval-owner-disconnected') {
      ownerless.set(id, String(approval.client_id));
    }
    readSessionsAgain();
  }
}

/** The same decision for several. */
export async function decideAll(approvals: readonly Approval[], option: string): Promise<void> {
  const left = [...approvals];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await decide(next, option);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

function mark(id: string, isSending: boolean): void {
  const next = new Set(sending.value);
  if (isSending) {
    next.add(id);
  } else {
    next.delete(id);
  }
  sending.value = next;
}

export function note(id: string, text: string | null): void {
  const next = new Map(notes.value);
  if (text === null) {
    next.delete(id);
  } else {
    next.set(id, text);
    announce(text);
  }
  notes.value = next;
}
