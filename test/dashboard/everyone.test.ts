import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import type { Client } from '../client.ts';
import { dashboardFolder, launch, noBrowser, openDashboard, type Watched, watch } from './browser.ts';

/** For everybody: every view and every dialog, checked by axe-core. */

const skip = noBrowser;
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The views' addresses, as the navigation has them. */
const VIEWS = [
  ...readFileSync(new URL('../../src/dashboard/views.ts', import.meta.url), 'utf8').matchAll(
    /href: '([^']+)'/g,
  ),
].map(([, href]) => String(href));

const WINDOWS: [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light', viewport: { width: 1000, height: 900 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1000, height: 900 } }],
  ['light, 320 px', { colorScheme: 'light', viewport: { width: 320, height: 700 } }],
  ['dark, 320 px', { colorScheme: 'dark', viewport: { width: 320, height: 700 } }],
];

async function fill(client: Client): Promise<{ pending: string; final: string }> {
  await client.post('/agents', {
    id: 'a',
    name: 'Researcher',
    kind: 'builtin',
    project: 'sallyport',
    capabilities: ['read', 'write'],
    display: { label: 'Research Lead', icon: '🔍', accent: '#0a84ff' },
  });
  await client.put('/agents/a/status', { status: 'running', current_task: 'Reading' });
  const ask = async (body: object) => (await client.post('/approvals', body)).body.id as string;
  const pending = await ask({
    agent_id: 'a',
    action: 'Run the tests',
    system_level: true,
    expires_in_ms: 40_000_000,
    details: {
      command: 'npm test -- --grep "refund"\u202e && x',
      cwd: '/srv/p\u0430yments',
      n: { a: [1, true, null, { b: 1 }] },
      diff: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n',
    },
  });
  const final = await ask({ agent_id: 'a', action: 'Done', system_level: true });
  await client.post(`/approvals/${final}/resolve`, { resolution: 'deny', comment: 'no\nreason' });
  await ask({ action: 'Odd', system_level: true, options: ['deny', 'approve'], approve_label: 'deny' });
  await ask({ action: 'Owned' });
  await ask({ action: 'Many', system_level: true, options: ['yes', 'later', 'no'], approve_label: 'yes' });
  return { pending, final };
}

interface Found {
  readonly place: string;
  readonly rule: string;
  readonly where: string[];
}

async function violationsOf(page: Page, place: string): Promise<Found[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) {
    await page.evaluate(AXE);
  }
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })`,
  )) as AxeResults;
  return violations.map(({ id, nodes }) => ({ place, rule: id, where: nodes.map(({ html }) => html) }));
}

async function isNarrow(page: Page): Promise<boolean> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0;
}

async function isReady(page: Page): Promise<void> {
  await page.getByTestId('status').getByText('live', { exact: true }).waitFor();
  await page.locator('main h1').first().waitFor();
}

/** What is open over a view, and how it is opened and closed by key. */
async function dialogsOf({ open }: Watched, check: (page: Page, place: string) => Promise<void>) {
  const page = await open();
  await isReady(page);
  await page.getByRole('article', { name: 'Run the tests' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await check(page, 'help');
  await page.keyboard.press('Escape');
  for (let count = 0; count < 4; count++) {
    await page.keyboard.press('j');
  }
  await page.keyboard.press('d');
  await page.getByRole('dialog', { name: 'Which one?' }).waitFor();
  await check(page, 'choice');
  await page.keyboard.press('Escape');
  await page.keyboard.press('x');
  await page.keyboard.press('c');
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.getByRole('button', { name: /^Undo/ }).waitFor();
  await check(page, 'a selection, and a decision that is not sent');
  await page.close();
}

for (const [name, options] of WINDOWS) {
  test(`nothing is in anybody's way: ${name}`, { skip }, async (t) => {
    const opened = await openDashboard(t);
    const { pending, final } = await fill(opened.client);
    // axe is no script of the page's own; that the policy holds is tested elsewhere.
    const watched = await opened.context({ ...options, bypassCSP: true });
    const found: Found[] = [];
    const check = async (page: Page, place: string) => {
      found.push(...(await violationsOf(page, place)));
      t.ok(await isNarrow(page), `${place}: nothing is scrolled sideways`);
    };
    const page = await watched.open();
    for (const hash of [...VIEWS, `#/approvals/${pending}`, `#/approvals/${final}`, '#/nothing']) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await isReady(page);
      await check(page, hash);
    }
    await page.goto('/login');
    await check(page, '/login');
    await page.close();
    await dialogsOf(watched, check);
    t.strictSame(found, []);
    t.strictSame(watched.complaints, []);
  });
}

/** What has the focus: its words, and whether a person sees that it has it. */
const FOCUSED = `(() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return [at.ariaLabel || at.textContent.trim() || at.id, outlineStyle !== 'none' && parseFloat(outlineWidth) > 0];
})()`;

const CONTROLS = 'a[href]:visible, button:visible, input:visible';

/** Goes once around by Tab. What was not reached, and what had the focus without showing it. */
async function missedByTab(page: Page): Promise<string[]> {
  const missed: string[] = [];
  const count = await page.locator(CONTROLS).count();
  for (let stop = 0; stop <= count; stop++) {
    await page.keyboard.press('Tab');
    const [word, isSeen] = (await page.evaluate(FOCUSED)) as [string, boolean];
    // Between the last and the first one it is nowhere.
    if (!isSeen && !(await page.evaluate('document.activeElement === document.body'))) {
      missed.push(`not seen: ${word}`);
    }
    await page.evaluate('document.activeElement.dataset.reached = ""');
  }
  const left = page.locator(CONTROLS).and(page.locator(':not([data-reached])'));
  return [...missed, ...(await left.allInnerTexts())];
}

test('who is signed out, or signs in, meets nothing in their way', { skip }, async (t) => {
  const service = await startGuarded(t, { dashboard: await dashboardFolder() });
  const token = await service.create('ann', 'operator');
  const browser = await launch(t);
  for (const [name, options] of WINDOWS) {
    const { open, complaints } = await watch(browser, service.url, { ...options, bypassCSP: true });
    const page = await open('#/history');
    const found: Found[] = [];
    const check = async (place: string) => {
      found.push(...(await violationsOf(page, `${name}, ${place}`)));
      t.ok(await isNarrow(page), `${name}, ${place}: nothing is scrolled sideways`);
    };
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(/token/).waitFor();
    await check('the page to sign in on');
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Tab');
    t.strictSame(await page.evaluate(FOCUSED), ['Sign in', true]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'History' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await check('signed out');
    await page.locator('main').focus();
    t.strictSame(await missedByTab(page), [], `${name}: by keyboard`);
    await page.getByRole('link', { name: 'Sign in' }).press('Enter');
    await page.getByLabel('Token').waitFor();
    t.equal(new URL(page.url()).hash, '#/history', 'and back to where they were');
    t.strictSame(found, []);
    t.strictSame(
      complaints.filter((complaint) => !complaint.includes('401')),
      [],
    );
    await page.close();
  }
});
