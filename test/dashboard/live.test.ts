import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { test } from 'tap';
import { start } from '../service.ts';
import { dashboardFolder, noBrowser, openDashboard, untilTrue } from './browser.ts';

const skip = noBrowser;

/** What a browser has to do without, and how many streams eight tabs have then. */
const BROWSERS: [string, string, number][] = [
  ['with shared workers', '', 1],
  ['without them', 'delete globalThis.SharedWorker', 1],
  ['without locks too', 'delete globalThis.SharedWorker; delete globalThis.BroadcastChannel', 4],
];

async function isLive(page: Page): Promise<void> {
  await page.getByTestId('status').getByText('live').waitFor();
}

test('tabs share one stream, and go on when the one that holds it is closed', { skip }, async (t) => {
  for (const [name, script, streams] of BROWSERS) {
    const { client, context } = await openDashboard(t);
    const { context: window, open, complaints } = await context();
    await window.addInitScript(script);
    const tabs: Page[] = [];
    for (let count = 0; count < (streams === 1 ? 8 : streams); count++) {
      tabs.push(await open());
    }
    await Promise.all(tabs.map(isLive));
    await client.post('/approvals', { action: 'First', system_level: true });
    await Promise.all(tabs.map((tab) => tab.getByRole('article', { name: 'First' }).waitFor()));
    const { sessions } = (await client.get('/sessions')).body;
    t.match(sessions, [{ session_id: /^dashboard-/, streams }], name);
    t.equal(sessions.length, 1);
    await tabs.shift()?.close();
    await client.post('/approvals', { action: 'Second', system_level: true });
    await Promise.all(tabs.map((tab) => tab.getByRole('article', { name: 'Second' }).waitFor()));
    const late = await open();
    await late.getByRole('article', { name: 'First' }).waitFor();
    t.strictSame(complaints, [], name);
    await window.close();
  }
});

test('after a restart behind a proxy that answered 502 the page catches up, nothing twice', {
  skip,
}, async (t) => {
  const opened = await openDashboard(t, { store: `sqlite:${join(t.testdir({}), 'log.db')}` });
  const { client, context, config, stop, url } = opened;
  const port = Number(new URL(url).port);
  const { open } = await context();
  const page = await open();
  await isLive(page);
  const { body } = await client.post('/approvals', { action: 'Before', system_level: true });
  await page.getByRole('article', { name: 'Before' }).waitFor();
  await stop();
  await page.getByTestId('status').getByText('reconnecting').waitFor();
  const refused = new Set<string>();
  const proxy = createServer(({ url: asked = '' }, response) => {
    refused.add(asked.split('?', 1)[0] ?? '');
    response.writeHead(502).end('Bad Gateway');
  });
  proxy.listen(port, '127.0.0.1');
  // The stream, and why it was closed.
  while (!refused.has('/events/stream') || !refused.has('/me')) {
    await once(proxy, 'request');
  }
  proxy.closeAllConnections();
  proxy.close();
  await once(proxy, 'close');
  const again = await start(t, { store: config.store, dashboard: await dashboardFolder(), port });
  await again.client.post(`/approvals/${body.id}/resolve`, { resolution: 'approve' }, { session: 'ann' });
  await again.client.post('/approvals', { action: 'After', system_level: true });
  await page.getByRole('article', { name: 'After' }).waitFor();
  await isLive(page);
  t.equal(await page.getByRole('article', { name: 'After' }).count(), 1);
  await page.getByRole('article', { name: 'Before' }).waitFor({ state: 'detached' });
  await untilTrue(page, "document.title === '(1) Sallyport'");
});
