import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { type Test, test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { Client } from '../client.ts';
import { noNginx, startNginx } from '../deploy/nginx.ts';
import { Sallyport } from '../process/sallyport.ts';
import { start } from '../service.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { dashboardFolder, launch, noBrowser, openDashboard, untilTrue, watch } from './browser.ts';

/** A page that was live is live again by itself, whatever happened in between. */

const skip = noBrowser;
const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url));
/** All rows of these tests are in the window. */
const viewport = { width: 1000, height: 9000 };

async function isLive(page: Page): Promise<void> {
  await page.getByTestId('status').getByText('live', { exact: true }).waitFor();
}

function rowsOf(page: Page): Promise<string[]> {
  return page.evaluate('[...document.querySelectorAll("article")].map((row) => row.dataset.key)');
}

async function pendingOf(client: Client): Promise<string[]> {
  const { approvals } = (await client.get('/approvals?status=pending&limit=100')).body;
  return approvals.map(({ id }: { id: string }) => id);
}

async function serveAndAsk(t: Test, store: string, port: string) {
  const sallyport = new Sallyport(t, { main: SERVE, args: [store, port, await dashboardFolder()] });
  const url = await sallyport.url();
  const client = await Client.of(url);
  t.teardown(() => client.close());
  const ask = async (action: string) =>
    (await client.post('/approvals', { action, system_level: true })).body.id as string;
  return { sallyport, url, client, ask };
}

test('after a service that was killed is there again nothing is missing and nothing twice', {
  skip,
}, async (t) => {
  const store = `sqlite:${join(t.testdir({}), 'log.db')}`;
  const first = await serveAndAsk(t, store, '0');
  const { open } = await watch(await launch(t), first.url, { viewport });
  const page = await open();
  await isLive(page);
  const asked: Promise<string>[] = [];
  for (let count = 0; count < 30; count++) {
    asked.push(first.ask(`Step ${count}`));
  }
  // Some of them are answered, some are under way.
  await asked[9];
  first.sallyport.child.kill('SIGKILL');
  await Promise.allSettled(asked);
  await page.getByTestId('status').getByText('reconnecting').waitFor();
  const second = await serveAndAsk(t, store, new URL(first.url).port);
  const [decided = ''] = await pendingOf(second.client);
  await second.client.post(`/approvals/${decided}/resolve`, { resolution: 'deny' }, { session: 'ann' });
  await second.ask('After');
  await page.getByRole('article', { name: 'After' }).waitFor();
  await isLive(page);
  await page.locator(`[data-key="${decided}"]`).waitFor({ state: 'detached' });
  t.strictSame(await rowsOf(page), (await pendingOf(second.client)).sort());
  const count = (await pendingOf(second.client)).length;
  await untilTrue(page, `document.title === '(${count}) Sallyport'`);
});

test('behind nginx, with the service down for 10 s, it comes back by itself', {
  skip: skip || noNginx,
}, async (t) => {
  const folder = t.testdir({});
  const tokensFile = join(folder, 'tokens.json');
  const { token } = await new TokenFile(tokensFile).create({ name: 'ann', role: 'admin', expiresAt: null });
  const settings = {
    store: `sqlite:${join(folder, 'log.db')}`,
    tokensFile,
    credential: token,
    dashboard: await dashboardFolder(),
    trustedProxies: ['127.0.0.1'],
  };
  const before = await start(t, settings);
  const port = Number(new URL(before.url).port);
  const url = await startNginx(t, [port, port, port]);
  const { open, context } = await watch(await launch(t), url);
  const page = await open();
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isLive(page);
  const kept = await before.client.post('/approvals', { action: 'Before', system_level: true });
  await page.getByRole('article', { name: 'Before' }).waitFor();
  await before.stop();
  await page.getByText('what you see may be old').waitFor();
  t.equal((await context.request.get('/health/live')).status(), 502);
  await sleep(10_000);
  t.equal((await context.request.get('/health/live')).status(), 502);
  await page.getByRole('article', { name: 'Before' }).waitFor();
  const after = await start(t, { ...settings, port });
  await after.client.post(`/approvals/${kept.body.id}/resolve`, { resolution: 'approve' });
  await after.client.post('/approvals', { action: 'After', system_level: true });
  await page.getByRole('article', { name: 'After' }).waitFor();
  await isLive(page);
  await page.getByRole('article', { name: 'Before' }).waitFor({ state: 'detached' });
  await untilTrue(page, "document.title === '(1) Sallyport'");
});

test('a connection that died without a word is noticed, and made again', { skip }, async (t) => {
  const { client, url, browser } = await openDashboard(t);
  const proxy = await TcpProxy.open(Number(new URL(url).port));
  t.teardown(() => proxy.close());
  const { context } = await watch(browser, proxy.through(url).replace(/\/$/, ''));
  // In the page, where its clock can be turned.
  await context.addInitScript('delete globalThis.SharedWorker');
  await context.clock.install();
  const page = await context.newPage();
  await page.goto('/');
  await isLive(page);
  proxy.losesAnswers = true;
  await client.post('/approvals', { action: 'Unheard', system_level: true });
  await page.clock.runFor(26_000);
  await page.getByTestId('status').getByText('reconnecting').waitFor();
  proxy.losesAnswers = false;
  // What was asked meanwhile is as dead.
  await page.clock.runFor(26_000);
  await isLive(page);
  await page.getByRole('article', { name: 'Unheard' }).waitFor();
});

test('a page that was left and is gone back to is live again', { skip }, async (t) => {
  const { client, context } = await openDashboard(t);
  const { open, complaints } = await context();
  const page = await open();
  await isLive(page);
  await page.goto('about:blank');
  await client.post('/approvals', { action: 'Meanwhile', system_level: true });
  await page.goBack();
  await page.getByRole('article', { name: 'Meanwhile' }).waitFor();
  await client.post('/approvals', { action: 'Later', system_level: true });
  await page.getByRole('article', { name: 'Later' }).waitFor();
  t.strictSame(
    complaints.filter((complaint) => !complaint.includes('about:blank')),
    [],
  );
});
