import { signal } from '@preact/signals';
import { parseRoute, type Route } from './text/hash-route.ts';

export const route = signal<Route>(parseRoute(location.hash));

/** Another query at the same place, so that what is shown can be linked to. The way back does not stop at each. */
export function replaceQuery(query: URLSearchParams): void {
  const [path] = location.hash.split('?');
  const text = String(query);
  history.replaceState(history.state, '', text === '' ? `${path}` : `${path}?${text}`);
  route.value = parseRoute(location.hash);
}

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});
