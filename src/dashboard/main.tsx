import { render } from 'preact';
import { App } from './app.tsx';
import { startNotices } from './notices.tsx';
import { start } from './store.ts';

const root = document.getElementById('app');
if (root !== null) {
  // Each in a task of its own: to read the script is work enough for one.
  for (const begin of [start, () => render(<App />, root), startNotices]) {
    setTimeout(begin);
  }
}
