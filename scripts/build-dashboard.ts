import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboard, SOURCE } from './dashboard-bundle.ts';

/**
 * Makes `dist/dashboard/`. `npm run build` calls this, and `npm start` before it starts the source: with `--if-changed`,
 * and without a word, as what it starts may be a command whose output is used.
 */

const folder = fileURLToPath(new URL('../dist/dashboard', import.meta.url));
/** All that a browser fetches for a first visit, compressed the worse way. Bytes. */
const SIZE_MAX = 80_000;
const onlyIfChanged = process.argv.includes('--if-changed');

if (!onlyIfChanged || !isUpToDate()) {
  const { brotli, gzip } = await buildDashboard(folder);
  if (!onlyIfChanged) {
    console.log(`dist/dashboard/: ${brotli} bytes with brotli, ${gzip} with gzip; at most ${SIZE_MAX}`);
  }
  if (gzip > SIZE_MAX) {
    console.error(`the dashboard is too large: ${gzip} bytes with gzip, and ${SIZE_MAX} is the most`);
    process.exitCode = 1;
  }
}

function isUpToDate(): boolean {
  const page = join(folder, 'index.html');
  if (!existsSync(page)) {
    return false;
  }
  const scripts = ['build-dashboard.ts', 'dashboard-bundle.ts'].map((name) =>
    join(import.meta.dirname, name),
  );
  const sources = globSync('**/*.*', { cwd: SOURCE }).map((name) => join(SOURCE, name));
  const madeAt = statSync(page).mtimeMs;
  return [...scripts, ...sources].every((file) => statSync(file).mtimeMs < madeAt);
}
