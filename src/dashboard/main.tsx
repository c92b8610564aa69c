import { render } from 'preact';
import { App } from './app.tsx';
import { startNotices } from './notices.tsx';
import { start } from './store.ts';
import { clock } from './text/time.ts';

const root = document.getElementById('app');
if (root !== null) {
  startNotices();
  start();
  // In tasks of their own: to read the script is work enough for one. How times are written takes long to find out.
  setTimeout(() => render(<App />, root));
  setTimeout(() => clock(new Date().toISOString()));
}
