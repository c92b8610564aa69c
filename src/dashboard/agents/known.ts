import { computed, signal } from '@preact/signals';
import { route } from '../router.ts';
import { agents, now, onSignedOut, pending, sessions } from '../store.ts';
import { agentFilterOf, choicesOf, connectionTest, type Surroundings, waitingByAgent } from './agent-list.ts';

/** What the cards need besides their agents, worked out once for all of them. */

export const isOwnerConnected = computed(() => connectionTest(sessions.value));
export const waiting = computed(() => waitingByAgent(pending.value));

/** Each is read when it is asked for: what does not ask is not drawn again when it changes. */
export const surroundings: Surroundings = {
  get isConnected() {
    return isOwnerConnected.value;
  },
  get waiting() {
    return waiting.value;
  },
  get now() {
    return now.value;
  },
};
export const choices = computed(() => choicesOf(agents.value.values()));
/** It is in the address. */
export const filter = computed(() =>
  agentFilterOf(route.value.view === 'agents' ? route.value.query : new URLSearchParams()),
);

export const activeId = signal<string | null>(null);
/** Agents whose last events are shown. */
export const opened = signal<ReadonlySet<string>>(new Set());

onSignedOut(() => {
  activeId.value = null;
  opened.value = new Set();
});

export function toggleOpened(id: string): void {
  const next = new Set(opened.value);
  if (!next.delete(id)) {
    next.add(id);
  }
  opened.value = next;
}
