import { batch, computed, signal } from '@preact/signals';
import type { Agent } from '../model/agent.ts';
import type { Approval } from '../model/approval.ts';
import type { Event } from '../model/event.ts';
import type { Me } from '../model/me.ts';
import type { ConnectedSession } from '../model/session.ts';
import { readMe } from './api.ts';
import { type Link, openLink } from './live/link.ts';
import type { Frame, Status, ToTab } from './live/messages.ts';
import { apply, type Changes, close, emptyState, noChanges, type State } from './live/state.ts';
import { sessionId } from './session.ts';

/**
 * All that the page knows of the service. Views read the signals; nobody but this module writes them.
 * What arrives is taken in ten times a second at most, and for a few milliseconds at a time.
 */

const TASK_MS = 8;
/** Nobody reads faster than this, and each time the views are drawn again. */
const PACE_MS = 100;
const HIDDEN_MS = 250;
/** A tab that nobody looks at has few timers: from here on each message is a turn. */
const QUEUE_MAX = 2000;
const SECOND_MS = 1000;

let state: State = emptyState();
let link: Link | undefined;
const queue: Frame[] = [];
let isScheduled = false;
let isAskedAgain = false;
let flushedAt = Number.NEGATIVE_INFINITY;

export const status = signal<Status>('connecting');
/** There is something to show: a snapshot was complete. */
export const isReady = signal(false);
export const me = signal<Me | null>(null);
/** Pending approvals, oldest first. */
export const pending = signal<readonly Approval[]>([]);
export const agents = signal<ReadonlyMap<string, Agent>>(state.agents);
/** The newest events, oldest first. */
export const events = signal<readonly Event[]>([]);
export const sessions = signal<readonly ConnectedSession[]>([]);
/** How far the service's clock is ahead of this machine's. */
export const clockOffsetMs = signal(0);
const ticked = signal(Date.now());
/** By the service's clock, once a second: the one timer for all ages. */
export const now = computed(() => ticked.value + clockOffsetMs.value);

export const mayDecide = computed(() => me.value?.permissions.includes('approvals.resolve') ?? false);

type Listener = (changes: Changes) => void;
const listeners = new Set<Listener>();
const forgetters = new Set<() => void>();
const notifiers = new Set<(approval: Approval) => void>();

/** Tells of approvals that come and go. */
export function onChanges(listener: Listener): void {
  listeners.add(listener);
}

/** Calls when this tab is the one to notify. */
export function onNotify(notify: (approval: Approval) => void): void {
  notifiers.add(notify);
}

/** Tells when nothing of what was there may stay on the screen or be sent. */
export function onSignedOut(forget: () => void): void {
  forgetters.add(forget);
}

export function start(): void {
  setTimeout(() => void readWho());
  link = openLink({ sessionId: sessionId(), state: () => state, onMessage: take });
  join();
  setInterval(() => (ticked.value = Date.now()), SECOND_MS);
  document.addEventListener('visibilitychange', () => {
    link?.post({ type: 'visible', isVisible: isVisible() });
    if (isVisible()) {
      link?.post({ type: 'retry' });
      ticked.value = Date.now();
    }
  });
  addEventListener('online', () => link?.post({ type: 'retry' }));
  addEventListener('pagehide', () => link?.post({ type: 'leave' }));
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) {
      // The browser kept the page as it was: meanwhile its person may have signed out.
      status.value = 'connecting';
      forgetRows();
      join();
    }
  });
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}

function join(): void {
  link?.post({ type: 'join', sessionId: sessionId(), isVisible: isVisible(), seq: null });
}

/** Somebody else is signed in, of whom whoever holds the stream may not know yet: it asks, and tells every tab. */
export function beginAnew(): void {
  void readWho();
  join();
}

export function readSessionsAgain(): void {
  link?.post({ type: 'read-sessions' });
}

/** What an answer said of an approval that is final, before the stream says it too. */
export function takeFinal(approval: Approval): void {
  const changes = noChanges();
  close(state, approval, changes);
  publish(changes);
}

function forgetRows(): void {
  state = emptyState();
  queue.length = 0;
  publish({ ...noChanges(), agents: true, pending: true, events: true });
}

export function signedOut(): void {
  batch(() => {
    status.value = 'signed-out';
    me.value = null;
    sessions.value = [];
    forgetRows();
    for (const forget of forgetters) {
      forget();
    }
  });
}

/** Who is looking, and what they may do: it can change while the page is open. */
async function readWho(): Promise<void> {
  const { status: code, body } = await readMe();
  if (code === 200) {
    me.value = body;
  } else if (code === 401) {
    signedOut();
  }
}

function take(message: ToTab): void {
  switch (message.type) {
    case 'frames':
      link?.post({ type: 'took' });
      queue.push(...message.frames);
      schedule();
      if (queue.length > QUEUE_MAX) {
        flush();
      }
      break;
    case 'who':
      join();
      break;
    case 'status':
      takeStatus(message.status);
      break;
    case 'sessions':
      link?.post({ type: 'took' });
      batch(() => {
        sessions.value = message.sessions;
        // Of a clock that is right by about a second the header `Date` says nothing.
        clockOffsetMs.value = Math.abs(message.clockOffsetMs) > 2000 ? message.clockOffsetMs : 0;
      });
      break;
    case 'notify':
      for (const notify of notifiers) {
        notify(message.approval);
      }
  }
}

function takeStatus(next: Status): void {
  if (next === 'signed-out') {
    signedOut();
    return;
  }
  if (next === 'live' && status.value !== 'live') {
    void readWho();
  }
  status.value = next;
}

function schedule(): void {
  if (isScheduled) {
    return;
  }
  isScheduled = true;
  // A window that is covered draws nothing, and is not hidden: the timer is for both.
  setTimeout(flush, HIDDEN_MS);
  if (isVisible() && !isReady.peek()) {
    // There is nothing to be seen yet, and to lay it out is another task's work.
    setTimeout(flush);
  } else if (isVisible()) {
    setTimeout(() => requestAnimationFrame(flush), Math.max(0, flushedAt + PACE_MS - performance.now()));
  }
}

function flush(): void {
  if (!isScheduled) {
    return;
  }
  isScheduled = false;
  const changes = noChanges();
  const begunAt = performance.now();
  let taken = 0;
  while (taken < queue.length && performance.now() - begunAt < TASK_MS) {
    apply(state, queue[taken] as Frame, changes);
    taken += 1;
  }
  queue.splice(0, taken);
  flushedAt = queue.length > 0 ? Number.NEGATIVE_INFINITY : performance.now();
  publish(changes);
  // What is on its way already is broken too: one asks once.
  if (changes.isBroken && !isAskedAgain) {
    join();
  }
  isAskedAgain = changes.isBroken;
  if (queue.length > 0) {
    schedule();
  }
}

function publish(changes: Changes): void {
  batch(() => {
    if (changes.agents) {
      // Another object around the same entries: signals compare by identity.
      agents.value = new Map(state.agents);
    }
    if (changes.pending) {
      pending.value = [...state.pending.values()];
    }
    if (changes.events) {
      events.value = state.events.slice();
    }
    isReady.value = state.isComplete;
    for (const listener of listeners) {
      listener(changes);
    }
  });
}
