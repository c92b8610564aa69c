import { render } from 'preact';
import { App } from './app.tsx';
import { startNotices } from './notices.tsx';
import { start } from './store.ts';

const root = document.getElementById('app');
if (root !== null) {
  startNotices();
  start();
  render(<App />, root);
}
