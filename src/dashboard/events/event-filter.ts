import type { Event } from '../../model/event.ts';

/** Which events somebody wants to see; in the address, for the service, and as a test for live ones: all the same. */
export interface EventFilter {
  /** Kinds, and families of kinds that end in `.*`; any of them. Empty: every kind. */
  readonly kinds: readonly string[];
  readonly agentId: string | null;
}

/** As the service takes them. */
export const KIND = /^(?=.{1,102}$)[a-z0-9._-]{1,100}(\.\*)?$/;
export const AGENT_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const KINDS_MAX = 20;

/** What an address asks for. What is no kind or no id in it is left out. */
export function filterOf(query: URLSearchParams): EventFilter {
  const kinds = [...new Set(query.getAll('kind').filter((kind) => KIND.test(kind)))].slice(0, KINDS_MAX);
  const agentId = query.get('agent');
  return { kinds, agentId: agentId !== null && AGENT_ID.test(agentId) ? agentId : null };
}

export function queryOf(filter: EventFilter): URLSearchParams {
  return named(filter, 'agent');
}

/** Another page of the service's log. */
export function pageOf(filter: EventFilter, place: Record<string, number>): string {
  const query = named(filter, 'agent_id');
  for (const [name, value] of Object.entries(place)) {
    query.set(name, String(value));
  }
  return `/events?${query}`;
}

export function testOf({ kinds, agentId }: EventFilter): (event: Event) => boolean {
  const exact = new Set(kinds);
  const families = kinds.filter((kind) => kind.endsWith('.*')).map((kind) => kind.slice(0, -1));
  return ({ kind, agent_id }) =>
    (agentId === null || agent_id === agentId) &&
    (kinds.length === 0 || exact.has(kind) || families.some((family) => kind.startsWith(family)));
}

/** The same filter with a kind more, or without it if it was there. */
export function toggleKind(filter: EventFilter, kind: string): EventFilter {
  const kinds = filter.kinds.includes(kind)
    ? filter.kinds.filter((one) => one !== kind)
    : [...filter.kinds, kind].slice(-KINDS_MAX);
  return { ...filter, kinds };
}

/** To which colour a kind belongs: that of its family. */
export function familyOf(kind: string): 'agent' | 'approval' | 'own' {
  const [family] = kind.split('.');
  return family === 'agent' || family === 'approval' ? family : 'own';
}

function named({ kinds, agentId }: EventFilter, agent: string): URLSearchParams {
  const query = new URLSearchParams(kinds.map((kind): [string, string] => ['kind', kind]));
  if (agentId !== null) {
    query.set(agent, agentId);
  }
  return query;
}
