import type { Page } from 'playwright-core';
import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { until } from '../http/parts.ts';
import { dashboardFolder, launch, noBrowser, openDashboard, untilTrue, watch } from './browser.ts';

/** Who is looking, who is not, and who may not. */

const skip = noBrowser;

/** Notifications that a page has shown; and a page that is looked at or not, as it is told. */
const RECORDING = `
  globalThis.shown = [];
  globalThis.seen = 'visible';
  Object.defineProperty(document, 'visibilityState', { get: () => globalThis.seen });
  globalThis.look = (seen) => {
    globalThis.seen = seen;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const Shown = globalThis.Notification;
  globalThis.Notification = class extends Shown {
    constructor(title, options) {
      super(title, options);
      globalThis.shown.push({ body: options.body, notice: this });
    }
  };
`;

async function isLive(page: Page): Promise<void> {
  await page.getByTestId('status').getByText('live', { exact: true }).waitFor();
}

async function bodiesIn(pages: readonly Page[]): Promise<string[]> {
  const shown = await Promise.all(
    pages.map((page) => page.evaluate('shown.map(({ body }) => body)') as Promise<string[]>),
  );
  return shown.flat();
}

test('one tab of all notifies when nobody looks, and a click leads to the approval', { skip }, async (t) => {
  const { client, context } = await openDashboard(t);
  const { context: window, open, complaints } = await context({ permissions: ['notifications'] });
  await window.addInitScript(RECORDING);
  const pages = [await open(), await open(), await open()];
  await Promise.all(pages.map(isLive));
  const ask = (action: string) => client.post('/approvals', { action, system_level: true });
  await ask('Seen');
  await Promise.all(pages.map((page) => page.getByRole('article', { name: 'Seen' }).waitFor()));
  await Promise.all(pages.map((page) => page.evaluate('look("hidden")')));
  const { body } = await ask('Unseen <b>\u202e');
  await until(async () => (await bodiesIn(pages)).length > 0);
  await Promise.all(pages.map((page) => until(async () => (await page.title()) === '(2) Sallyport')));
  t.strictSame(await bodiesIn(pages), ['Unseen <b>[U+202E]\nasked by test']);
  const shower = (await bodiesIn(pages.slice(2))).length === 1 ? 2 : 0;
  await pages[shower]?.evaluate('shown[0].notice.dispatchEvent(new Event("click"))');
  await pages[shower]?.getByRole('heading', { name: 'Unseen' }).waitFor();
  t.equal(new URL(String(pages[shower]?.url())).hash, `#/approvals/${body.id}`);
  t.strictSame(complaints, []);
});

test('a tab that has ended without a word keeps nobody from being told', { skip }, async (t) => {
  const { client, context } = await openDashboard(t);
  const { context: window, open } = await context({ permissions: ['notifications'] });
  await window.addInitScript(RECORDING);
  // In the tab that leads, so that its clock can be turned.
  await window.addInitScript('delete globalThis.SharedWorker');
  await window.clock.install();
  const leader = await open();
  await isLive(leader);
  const other = await open();
  await isLive(other);
  // It is looked at, and hears nothing any more.
  await other.evaluate('BroadcastChannel.prototype.postMessage = () => undefined');
  await leader.evaluate(`{
    look("hidden");
    globalThis.told = 0;
    const post = BroadcastChannel.prototype.postMessage;
    BroadcastChannel.prototype.postMessage = function (letter) {
      globalThis.told += letter.message?.type === 'sessions' ? 1 : 0;
      post.call(this, letter);
    };
  }`);
  // What it leaves unread: the sessions, which are read every 10 s.
  const read = leader.waitForResponse('**/sessions');
  await leader.clock.runFor(11_000);
  await (await read).finished();
  await untilTrue(leader, 'globalThis.told > 0');
  await leader.clock.runFor(45_000);
  await client.post('/approvals', { action: 'Told', system_level: true });
  await untilTrue(leader, 'shown.length === 1');
  t.match(await bodiesIn([leader]), [/^Told/]);
});

test('open mode has no sign-in, and says so', { skip }, async (t) => {
  const { context } = await openDashboard(t);
  const { open } = await context();
  const page = await open();
  await page.getByText('open mode').waitFor();
  t.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
});

test('a token that is revoked, and a sign-out, empty every tab', { skip }, async (t) => {
  const service = await startGuarded(t, { dashboard: await dashboardFolder() });
  await service.client.post('/approvals', { action: 'Secret', system_level: true });
  const browser = await launch(t);
  for (const how of ['revoked', 'signed out']) {
    const token = await service.create(`person-${how.length}`, 'operator');
    const { open } = await watch(browser, service.url);
    const page = await open();
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isLive(page);
    await page.getByRole('article', { name: 'Secret' }).waitFor();
    const other = await open('#/events');
    await isLive(other);
    await other.getByText('Secret').first().waitFor();
    if (how === 'revoked') {
      await service.file.revoke(`person-${how.length}`);
      await service.credentials.check();
    } else {
      await page.getByRole('button', { name: 'Sign out' }).click();
    }
    for (const tab of [page, other]) {
      await tab.getByRole('heading', { name: 'You are signed out' }).waitFor();
      t.notMatch(await tab.content(), /Secret|person-/, how);
      t.equal(await tab.title(), 'Sallyport');
    }
  }
});

test('who signs in as somebody else begins anew, in every tab', { skip }, async (t) => {
  const service = await startGuarded(t, { dashboard: await dashboardFolder() });
  await service.client.post('/approvals', { action: 'Waits', system_level: true });
  const { open, complaints } = await watch(await launch(t), service.url);
  const signIn = async (page: Page, name: string) => {
    await page.getByLabel('Token').fill(await service.create(name, 'operator'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isLive(page);
    await page.locator('.who-name').getByText(name).waitFor();
  };
  const streams = async () => (await service.client.get('/sessions')).body.sessions;
  const page = await open();
  await signIn(page, 'ann');
  await page.getByRole('button', { name: 'Add a comment' }).click();
  await page.getByLabel('Comment').fill('a word of ann');
  t.match(await streams(), [{ principal: 'token:ann' }]);
  const other = await open('login');
  await signIn(other, 'bob');
  await page.locator('.who-name').getByText('bob').waitFor();
  await page.getByRole('article', { name: 'Waits' }).waitFor();
  t.equal(await page.getByLabel('Comment').count(), 0);
  await until(async () => (await streams()).length === 1);
  t.match(await streams(), [{ principal: 'token:bob', streams: 1 }]);
  await page.getByRole('button', { name: /^approve/ }).click();
  await other.locator('main').getByText('Approved by you').waitFor();
  t.strictSame(
    complaints.filter((complaint) => !complaint.includes('401')),
    [],
  );
});

test('what was decided by key is not sent as somebody else', { skip }, async (t) => {
  const service = await startGuarded(t, { dashboard: await dashboardFolder() });
  const { body } = await service.client.post('/approvals', { action: 'Waits', system_level: true });
  const browser = await launch(t);
  const signedIn = async (name: string) => {
    const { open, context } = await watch(browser, service.url);
    const page = await open();
    await page.getByLabel('Token').fill(await service.create(name, 'operator'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.who-name').getByText(name).waitFor();
    return { page, context };
  };
  const ann = await signedIn('ann');
  const bob = await signedIn('bob');
  await ann.page.getByRole('article', { name: 'Waits' }).waitFor();
  await ann.page.keyboard.press('j');
  await ann.page.keyboard.press('a');
  await ann.page.getByRole('button', { name: /^Undo/ }).waitFor();
  // As another tab of this browser leaves it, and nobody has told this one.
  await ann.context.addCookies(await bob.context.cookies());
  await ann.page.locator('.who-name').getByText('bob').waitFor();
  await ann.page.getByRole('article', { name: 'Waits' }).waitFor();
  t.equal((await service.client.get(`/approvals/${body.id}`)).body.status, 'pending');
});

test('what expires says so before your eyes', { skip }, async (t) => {
  const { client, context } = await openDashboard(t);
  const { open, complaints } = await context();
  const page = await open();
  await isLive(page);
  await client.post('/approvals', { action: 'Quick', system_level: true, expires_in_ms: 10_000 });
  const card = page.getByRole('article', { name: 'Quick' });
  await card.getByText(/\d s left/).waitFor();
  await card.getByText('Expired: nobody decided in time').waitFor();
  t.equal(await card.getByRole('button', { name: /^approve/ }).count(), 0);
  await card.waitFor({ state: 'detached' });
  await page.getByText('Nothing waits for you').waitFor();
  t.strictSame(complaints, []);
});
