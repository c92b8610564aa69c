import type { ComponentType } from 'preact';
import { Agents } from './agents/agents.tsx';
import { Events } from './events/events.tsx';
import { History } from './history/history.tsx';
import { Inbox } from './inbox/inbox.tsx';
import type { T } from './texts.ts';

export interface View {
  readonly name: keyof typeof T.views;
  readonly href: string;
  readonly component: ComponentType;
}

/** The views, in the order of the navigation. `text/hash-route.ts` knows their addresses. */
export const VIEWS: readonly View[] = [
  { name: 'inbox', href: '#/', component: Inbox },
  { name: 'agents', href: '#/agents', component: Agents },
  { name: 'events', href: '#/events', component: Events },
  { name: 'history', href: '#/history', component: History },
];
