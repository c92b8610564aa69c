import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { type BrowserContextOptions, chromium } from 'playwright-core';
import { type Config, readConfig } from '../src/config.ts';
import { startService } from '../src/service.ts';
import { executable, noBrowser } from '../test/dashboard/browser.ts';
import { tellDays } from './believable-days.ts';
import { buildDashboard } from './dashboard-bundle.ts';

/**
 * `npm run screenshots`: the pictures of the README and docs/architecture.md, of a service of its own that has lived through two days of believable
 * work. Names of pictures as arguments: those only. They are the same each time but for times of day.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs', 'pictures');
/** Large pictures make a page that people read slow. Bytes. */
const SIZE_MAX = 150_000;

const WIDE = { viewport: { width: 1080, height: 900 } };
const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 1.5,
  isMobile: true,
  hasTouch: true,
};

interface Shot {
  readonly hash: string;
  /** Seen when all is there. */
  readonly ready: string;
  readonly options: BrowserContextOptions;
}

const SHOTS: Record<string, Shot> = {
  'inbox-light': { hash: '#/', ready: '.card', options: WIDE },
  'inbox-dark': { hash: '#/', ready: '.card', options: { ...WIDE, colorScheme: 'dark' } },
  'inbox-phone': { hash: '#/', ready: '.card', options: PHONE },
  history: { hash: '#/history', ready: '.record', options: WIDE },
};

const wanted = process.argv.slice(2);
const names = Object.keys(SHOTS).filter((name) => wanted.length === 0 || wanted.includes(name));
if (noBrowser) {
  throw new Error(noBrowser);
}
const folder = mkdtempSync(join(tmpdir(), 'sallyport-pictures-'));
try {
  const dashboard = join(folder, 'dashboard');
  await buildDashboard(dashboard);
  await withService(dashboard, takeAll);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** On a free port; it believes that it has run for two days. */
async function withService(dashboard: string, use: (url: string) => Promise<void>): Promise<void> {
  const { run } = readConfig([], {}, 'pictures') as { run: Config };
  const config = { ...run, port: 0, store: `sqlite:${join(folder, 'log.db')}` };
  let offsetMs = 0;
  const service = await startService({
    config,
    version: 'pictures',
    dashboard,
    log: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error;
    },
    clock: () => Math.round(Date.now() + offsetMs),
  });
  const leaving = new AbortController();
  try {
    const set = (at: number) => {
      offsetMs = at - Date.now();
    };
    await tellDays(callerOf(service.url), { set }, Date.now());
    offsetMs = 0;
    for (const session of ['release-captain-1', 'db-migrator-1', 'code-reviewer-1', 'dependency-bot-1']) {
      await fetch(`${service.url}/events/stream?session_id=${session}`, { signal: leaving.signal });
    }
    await use(service.url);
  } finally {
    leaving.abort();
    await service.stop();
  }
}

function callerOf(url: string) {
  return async (method: string, path: string, session: string, body?: object) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Session-Id': session },
      body: JSON.stringify(body ?? {}),
    });
    const read = (await answer.json()) as { id: string; code?: string };
    // A decision that comes too late is one of the things that happen.
    if (!answer.ok && read.code !== 'approval-already-final') {
      throw new Error(`${method} ${path}: ${JSON.stringify(read)}`);
    }
    return read;
  };
}

async function takeAll(url: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({ executablePath: String(executable), chromiumSandbox: false });
  try {
    for (const name of names) {
      const { hash, ready, options } = SHOTS[name] as Shot;
      const context = await browser.newContext({
        baseURL: url,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        ...options,
      });
      const page = await context.newPage();
      await page.goto(`/${hash}`);
      await page.locator(ready).first().waitFor();
      await page.getByTestId('status').getByText('live').waitFor();
      const path = join(pictures, `${name}.png`);
      await page.screenshot({ path, animations: 'disabled' });
      await context.close();
      const { size } = statSync(path);
      console.log(
        `${relative(root, path)}: ${size} bytes${size > SIZE_MAX ? `, more than ${SIZE_MAX}` : ''}`,
      );
      process.exitCode = size > SIZE_MAX ? 1 : process.exitCode;
    }
  } finally {
    await browser.close();
  }
}
