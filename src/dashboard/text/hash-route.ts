export type Route =
  | { readonly view: 'inbox' | 'agents' | 'events' | 'history'; readonly query: URLSearchParams }
  | { readonly view: 'approval'; readonly id: string }
  | { readonly view: 'agent'; readonly id: string }
  | { readonly view: 'unknown' };

const VIEWS = { '': 'inbox', agents: 'agents', events: 'events', history: 'history' } as const;

/** What `location.hash` asks for: `#/`, `#/agents`, `#/agents/researcher-1`, `#/events?kind=…`, `#/approvals/approval-1f…`. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#?\/?/, '');
  const end = text.includes('?') ? text.indexOf('?') : text.length;
  const path = text.slice(0, end);
  const [, id] = /^approvals\/(approval-[0-9a-f]+)$/.exec(path) ?? [];
  if (id !== undefined) {
    return { view: 'approval', id };
  }
  const [, agentId] = /^agents\/([A-Za-z0-9._:-]{1,128})$/.exec(path) ?? [];
  if (agentId !== undefined) {
    return { view: 'agent', id: agentId };
  }
  const name = path.replace(/\/$/, '');
  return Object.hasOwn(VIEWS, name)
    ? { view: VIEWS[name as keyof typeof VIEWS], query: new URLSearchParams(text.slice(end)) }
    : { view: 'unknown' };
}
