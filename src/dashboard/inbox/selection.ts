import { computed, effect, signal } from '@preact/signals';
import type { Approval } from '../../model/approval.ts';
import { route } from '../router.ts';
import { agents, onChanges, onSignedOut, pending } from '../store.ts';
import { isFound, wordsOf } from '../text/search.ts';
import { farewells } from './farewells.ts';

/** What the person at this tab looks for, looks at and has picked. */

export const query = signal('');
export const activeId = signal<string | null>(null);
export const selected = signal<ReadonlySet<string>>(new Set());
/** Comments that are being written, by approval. */
export const comments = signal<ReadonlyMap<string, string>>(new Map());

/** What the address said to look for: `#/?q=agent:researcher-1`. */
let asked: string | null = null;
effect(() => {
  const where = route.value;
  if (where.view === 'inbox') {
    const wanted = where.query.get('q');
    if (wanted !== null) {
      query.value = wanted;
    } else if (query.peek() === asked) {
      // Whoever comes back to the inbox another way is to see everything that waits.
      query.value = '';
    }
    asked = wanted;
  }
});

// What is final is neither picked nor commented any more.
onChanges(({ left }) => {
  const gone = left.filter(({ id }) => selected.value.has(id) || comments.value.has(id));
  if (gone.length > 0) {
    const ids = new Set(gone.map(({ id }) => id));
    selected.value = new Set([...selected.value].filter((id) => !ids.has(id)));
    comments.value = new Map([...comments.value].filter(([id]) => !ids.has(id)));
  }
});

onSignedOut(() => {
  query.value = '';
  activeId.value = null;
  selected.value = new Set();
  comments.value = new Map();
});

/** What is in the list: what is pending, and for a moment what was just decided, where it was. */
export const items = computed<readonly Approval[]>(() => {
  const leaving = [...farewells.value.values()].map(({ approval }) => approval);
  const all = leaving.length === 0 ? pending.value : inOrder([...pending.value, ...leaving]);
  const words = wordsOf(query.value);
  return words.length === 0
    ? all
    : all.filter((approval) => isFound(approval, agents.value.get(approval.agent_id ?? ''), words));
});

export const selectedApprovals = computed(() => pending.value.filter(({ id }) => selected.value.has(id)));

export function toggleSelected(id: string): void {
  const next = new Set(selected.value);
  if (!next.delete(id)) {
    next.add(id);
  }
  selected.value = next;
}

export function select(ids: Iterable<string>): void {
  selected.value = new Set(ids);
}

export function writeComment(id: string, text: string | null): void {
  const next = new Map(comments.value);
  if (text === null) {
    next.delete(id);
  } else {
    next.set(id, text);
  }
  comments.value = next;
}

export function commentOn(id: string): string | null {
  return comments.value.get(id)?.trim() || null;
}

function inOrder(approvals: Approval[]): Approval[] {
  return approvals.sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
}
