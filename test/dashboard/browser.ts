import { existsSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { type Test, t as testFile } from 'tap';
import { buildDashboard } from '../../scripts/dashboard-bundle.ts';
import { type Clocks, type Overrides, type Started, start } from '../service.ts';
import { hashOfSources } from '../source-hash.ts';

/** A real browser on the dashboard, as it is built. */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A name of this machine that a browser does not trust without TLS, as it does 127.0.0.1. */
export const INSECURE_HOST = 'sallyport.test';

export const executable = findBrowser();

/** False, or why tests that need a browser are skipped. */
export const noBrowser: string | false =
  executable === undefined
    ? 'neither Chromium nor Chrome is installed (Debian: apt-get install chromium)'
    : false;

function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const inPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...inPath, ...PLACES].find((file) => existsSync(file));
}

export interface Opened extends Started {
  readonly browser: Browser;
  /** A window of a browser that nobody has used. */
  context(options?: BrowserContextOptions): Promise<Watched>;
}

/** A browser's window, and all that went wrong in it. */
export interface Watched {
  readonly context: BrowserContext;
  /** Errors of the console and of scripts, violations of the policy, and requests to other hosts. */
  readonly complaints: string[];
  /** A new tab on the dashboard. */
  open(hash?: string): Promise<Page>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What the dashboard is made from. */
const SOURCES = ['src/**/*.*', 'scripts/dashboard-bundle.ts', 'package-lock.json'];
let built: Promise<string> | undefined;

/** The built dashboard. It is made once for all test files: its folder is named after all that it is made from. */
export function dashboardFolder(): Promise<string> {
  built ??= builtOnce(join(root, '.tap', `dashboard-${hashOfSources(SOURCES)}`));
  return built;
}

async function builtOnce(folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  const ours = `${folder}-${process.pid}`;
  await buildDashboard(ours);
  try {
    renameSync(ours, folder);
  } catch (error) {
    // Another file's process was quicker.
    if (!existsSync(folder)) throw error;
    rmSync(ours, { recursive: true });
  }
  return folder;
}

/** A service with its dashboard, and a browser. Both end with the test. */
export async function openDashboard(t: Test, overrides: Overrides = {}, clocks?: Clocks): Promise<Opened> {
  const dashboard = await dashboardFolder();
  const service = await start(t, { store: 'memory:', dashboard, ...overrides }, clocks);
  const browser = await launch(t);
  return { ...service, browser, context: (options) => watch(browser, service.url, options) };
}

/**
 * What a whole browser has beside a page, for people: a box of suggestions that is a page of its own, made with each
 * window, and a process in reserve. It was 40 % of what these tests computed.
 */
const FOR_PEOPLE = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'];
/** What Playwright switches off itself: of two lists the last one counts. */
const OF_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

let launched: Promise<Browser> | undefined;

/** A browser, one for all tests of a file; what a test opens in it is closed with the test. */
export async function launch(t: Test): Promise<Browser> {
  if (launched === undefined) {
    // No graphics processor is looked for where there is none, which is quicker.
    const args = [
      '--disable-gpu',
      `--disable-features=${[...OF_PLAYWRIGHT, ...FOR_PEOPLE].join(',')}`,
      `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
    ];
    const options = { executablePath: String(executable), chromiumSandbox: false, args };
    launched = chromium.launch(options);
    testFile.teardown(async () => (await launched)?.close());
  }
  const browser = await launched;
  t.teardown(() => Promise.all(browser.contexts().map((context) => context.close())));
  return browser;
}

export async function watch(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce', ...options });
  const complaints: string[] = [];
  await context.exposeFunction('complainOfPolicy', (what: string) => void complaints.push(what));
  await context.addInitScript(() => {
    const page = globalThis as unknown as {
      complainOfPolicy(what: string): void;
      addEventListener(type: string, listen: (event: Record<string, string>) => void): void;
    };
    page.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      page.complainOfPolicy(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`console: ${message.text()} ${message.location().url}`);
    }
  });
  context.on('weberror', (error) => complaints.push(`script: ${error.error().stack}`));
  context.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) {
      complaints.push(`another host: ${request.url()}`);
    }
  });
  const open = async (hash = '') => {
    const page = await context.newPage();
    await page.goto(`/${hash}`);
    return page;
  };
  return { context, complaints, open };
}

/**
 * Until the expression is true in the page. Playwright's `waitForFunction` takes an expression too, but evaluates it in
 * the page, whose policy forbids that.
 */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await page.evaluate(`Boolean(${expression})`)) {
      return;
    }
    await setTimeout(50);
  }
  throw new Error(`it was never true: ${expression}`);
}
