import { signal } from '@preact/signals';
import { parseRoute, type Route } from './text/hash-route.ts';

export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});
