import { signal } from '@preact/signals';
import type { Approval } from '../../model/approval.ts';
import { announce } from '../parts/announcer.tsx';
import { sessionId } from '../session.ts';
import { me, onChanges, onSignedOut } from '../store.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';

/** How long what was decided stays, and how much of it. */
const STAY_MS = 5000;
const SHOWN_MAX = 20;

export interface Farewell {
  readonly approval: Approval;
  readonly sentence: string;
}

/** What has just become final, by id: it stays for a moment where it was, and says who decided. */
export const farewells = signal<ReadonlyMap<string, Farewell>>(new Map());

onChanges(({ left }) => {
  if (left.length > 0) {
    bid(left);
  }
});

onSignedOut(() => {
  farewells.value = new Map();
});

/** `approval` was final already when somebody here tried to decide it. */
export function sayAlready(approval: Approval): void {
  show([{ approval, sentence: T.already(sentenceOf(approval)) }]);
  announce(T.already(sentenceOf(approval)));
}

export function sentenceOf(approval: Approval): string {
  const { decided_by } = approval;
  const isMine =
    decided_by?.session_id === sessionId() && decided_by.principal === (me.value?.principal ?? null);
  return T.gone(approval, decided_by === null ? null : isMine ? T.youName : T.who(decided_by));
}

function bid(left: readonly Approval[]): void {
  show(left.slice(-SHOWN_MAX).map((approval) => ({ approval, sentence: sentenceOf(approval) })));
  for (const approval of left.slice(-3)) {
    announce(`${sentenceOf(approval)}: ${inWords(approval.action)}`);
  }
}

function show(leaving: readonly Farewell[]): void {
  const next = new Map(farewells.value);
  for (const farewell of leaving) {
    const { id } = farewell.approval;
    // What somebody here was told of it says more.
    next.set(id, next.get(id) ?? farewell);
  }
  farewells.value = new Map([...next].slice(-SHOWN_MAX));
  setTimeout(() => {
    const rest = new Map(farewells.value);
    for (const { approval } of leaving) {
      rest.delete(approval.id);
    }
    farewells.value = rest;
  }, STAY_MS);
}
