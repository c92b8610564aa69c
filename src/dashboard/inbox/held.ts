import { computed, signal } from '@preact/signals';
import type { Approval } from '../../model/approval.ts';
import { readMe } from '../api.ts';
import { announce } from '../parts/announcer.tsx';
import { beginAnew, me, onChanges, onSignedOut, signedOut } from '../store.ts';
import { T } from '../texts.ts';
import { decideAll, note } from './decide.ts';

/** How long a decision by key or in bulk can be taken back. */
export const HOLD_MS = 3000;
/** A machine that slept sends nothing hours later. */
const LATE_MS = 5000;

export interface Held {
  readonly key: number;
  readonly approvals: readonly Approval[];
  readonly option: string;
  /** Who has decided. */
  readonly principal: string | null;
  readonly dueAt: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Decisions that are not sent yet, oldest first. */
export const held = signal<readonly Held[]>([]);
/** The option that waits for each approval. */
export const heldOptions = computed(
  () =>
    new Map(held.value.flatMap(({ approvals, option }) => approvals.map(({ id }) => [id, option] as const))),
);
let made = 0;

/** Sends the decision in a moment, unless it is taken back or the page is left. */
export function hold(approvals: readonly Approval[], option: string): void {
  const free = approvals.filter(({ id }) => !heldOptions.value.has(id));
  const [first] = free;
  if (first === undefined) {
    return;
  }
  made += 1;
  const key = made;
  const timer = setTimeout(() => void send(key), HOLD_MS);
  const principal = me.value?.principal ?? null;
  const dueAt = Date.now() + HOLD_MS;
  held.value = [...held.value, { key, approvals: free, option, principal, dueAt, timer }];
  const what = free.length === 1 ? T.undo.one(option, first.action) : T.undo.many(option, free.length);
  announce(`${what}, ${T.undo.sentIn(HOLD_MS / 1000)}. ${T.undo.undo}: u`);
}

/** The newest one, unless another is named. */
export function takeBack(key = held.value.at(-1)?.key): void {
  const found = held.value.find((one) => one.key === key);
  if (found !== undefined) {
    remove(found);
    announce(T.undo.taken);
  } else {
    announce(T.undo.nothing);
  }
}

/** It stays here, to be taken back or dropped, until it is known who would send it. */
async function send(key: number): Promise<void> {
  const due = heldBy(key);
  const isLateAlready = due !== undefined && isLate(due);
  // Another tab may have signed in as somebody else, for the whole browser, and this one does not know yet.
  const answer = due === undefined || isLateAlready ? undefined : await readMe();
  const found = heldBy(key);
  if (found === undefined) {
    return;
  }
  remove(found);
  if (answer === undefined || isLate(found)) {
    noteAll(found, T.undo.late);
  } else if (answer.status === 401) {
    signedOut();
  } else if (answer.status !== 200) {
    noteAll(found, answer.status === 0 ? T.unreachable : T.refused(answer.problem));
  } else if (answer.body.principal !== found.principal) {
    noteAll(found, T.undo.another);
    beginAnew();
  } else {
    await decideAll(found.approvals, found.option);
  }
}

function heldBy(key: number): Held | undefined {
  return held.value.find((one) => one.key === key);
}

function isLate({ dueAt }: Held): boolean {
  return Date.now() - dueAt >= LATE_MS;
}

function noteAll({ approvals }: Held, text: string): void {
  for (const { id } of approvals) {
    note(id, text);
  }
}

function remove(found: Held): void {
  clearTimeout(found.timer);
  held.value = held.value.filter((one) => one !== found);
}

// Who has left the page cannot take anything back.
addEventListener('pagehide', () => [...held.value].forEach(remove));
onSignedOut(() => [...held.value].forEach(remove));

// What somebody else has decided meanwhile is not sent.
onChanges(({ left }) => {
  if (left.length === 0 || held.value.length === 0) {
    return;
  }
  const gone = new Set(left.map(({ id }) => id));
  for (const one of held.value) {
    const approvals = one.approvals.filter(({ id }) => !gone.has(id));
    if (approvals.length === 0) {
      remove(one);
    } else if (approvals.length < one.approvals.length) {
      held.value = held.value.map((other) => (other === one ? { ...one, approvals } : other));
    }
  }
});
