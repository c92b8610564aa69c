import { render } from 'preact';
import { App } from './app.tsx';
import { startNotices } from './notices.tsx';
import { start } from './store.ts';

const root = document.getElementById('app');
if (root !== null) {
  startNotices();
  start();
  // In a task of its own: to read the script is work enough for one.
  setTimeout(() => render(<App />, root));
}
