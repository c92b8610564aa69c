import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Test, test } from 'tap';
import type { Client } from '../client.ts';
import { start } from '../service.ts';
import { dashboardFolder, noBrowser, type Opened, openDashboard, type Watched, watch } from './browser.ts';

const skip = noBrowser;

interface History extends Omit<Opened, 'context'>, Watched {
  readonly page: Page;
}

/** `fill`: what was decided before anybody looks. */
async function openHistory(t: Test, fill: (client: Client) => Promise<unknown>, hash = ''): Promise<History> {
  const opened = await openDashboard(t);
  await fill(opened.client);
  const watched = await opened.context();
  const page = await watched.open(`#/history${hash}`);
  await page.getByTestId('status').getByText('live').waitFor();
  return { ...opened, ...watched, page };
}

/** `who`: decides; null: nobody does. */
async function ask(client: Client, action: string, who: string | null, more: object = {}): Promise<string> {
  const { body } = await client.post('/approvals', { action, system_level: true, ...more });
  if (who !== null) {
    const answer = { resolution: 'approve', comment: `says ${who}` };
    await client.post(`/approvals/${body.id}/resolve`, answer, { session: who });
  }
  return body.id;
}

/** What is drawn, from the top. */
function drawn(page: Page): Promise<string[]> {
  return page.locator('.record h2').allInnerTexts();
}

test('the history says what was asked, who decided, when, why, and how long it took', { skip }, async (t) => {
  const { page, client, complaints } = await openHistory(t, async (client) => {
    await client.post('/agents', { id: 'db-1', name: 'Migrator', kind: 'x' });
    await ask(client, 'Drop the table', 'ann', { agent_id: 'db-1' });
    const { body } = await client.post('/approvals', { action: 'Wait', system_level: true });
    await client.post(`/approvals/${body.id}/cancel`, {});
    await ask(client, 'Still waits', null);
  });
  const row = page.getByRole('article', { name: 'Drop the table' });
  for (const text of ['approved', 'Migrator', 'asked by test', 'by ann', 'says ann', 'after ']) {
    await row.getByText(text).first().waitFor();
  }
  await page.getByRole('article', { name: 'Wait' }).getByText('cancelled').waitFor();
  await page.getByText('That is all: 2 approvals.').waitFor();
  await page.getByRole('button', { name: 'Pending' }).click();
  await page.getByRole('article', { name: 'Still waits' }).getByText('not decided yet').waitFor();
  t.strictSame(await drawn(page), ['Still waits', 'Wait', 'Drop the table']);
  await page.getByRole('link', { name: 'Drop the table' }).click();
  await page.getByRole('heading', { name: 'Drop the table' }).waitFor();
  t.match(page.url(), /#\/approvals\/approval-/);
  t.equal((await client.get('/approvals')).body.approvals.length, 3);
  t.strictSame(complaints, []);
});

test('a filter is in the address, and an address is a filter', { skip }, async (t) => {
  const { page, open, complaints } = await openHistory(t, async (client) => {
    await ask(client, 'By ann', 'ann', { agent_id: 'a' });
    await ask(client, 'By bob', 'bob', { agent_id: 'b' });
  });
  await page.getByLabel('Decided by').fill('bob');
  await page.keyboard.press('Enter');
  await page.getByText('That is all: 1 approval.').waitFor();
  t.strictSame(await drawn(page), ['By bob']);
  t.match(page.url(), /#\/history\?by=bob$/);
  await page.getByLabel('Agent').fill('a');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing matches the filter').waitFor();
  await page.getByRole('link', { name: 'Clear' }).click();
  await page.getByText('That is all: 2 approvals.').waitFor();
  t.equal(await page.getByLabel('Decided by').inputValue(), '');
  await page.getByLabel('Asked').selectOption({ label: 'between two days' });
  await page.getByLabel('Until').fill('2020-01-01');
  await page.getByText('Nothing matches the filter').waitFor();
  const linked = await open('#/history?agent=a&since=today&status=resolved');
  await linked.getByText('That is all: 1 approval.').waitFor();
  t.strictSame(await drawn(linked), ['By ann']);
  t.equal(await linked.getByLabel('Agent').inputValue(), 'a');
  t.equal(await linked.getByRole('button', { name: 'Expired' }).getAttribute('aria-pressed'), 'false');
  t.strictSame(complaints, []);
});

test('what becomes final while one looks is announced, moves nothing, and comes once', {
  skip,
}, async (t) => {
  const { page, client, complaints } = await openHistory(t, (client) => ask(client, 'First', 'ann'));
  const first = page.getByRole('article', { name: 'First' });
  await first.waitFor();
  const before = await first.boundingBox();
  const id = await ask(client, 'Second', null);
  await client.post(`/approvals/${id}/resolve`, { resolution: 'deny' }, { session: 'bob' });
  const fresh = page.getByRole('button', { name: '1 new' });
  await fresh.waitFor();
  t.strictSame(await first.boundingBox(), before);
  t.strictSame(await drawn(page), ['First']);
  await fresh.click();
  await page.getByRole('article', { name: 'Second' }).getByText('denied').waitFor();
  t.strictSame(await drawn(page), ['Second', 'First']);
  await page.getByText('New since you came').waitFor();
  t.equal(await fresh.count(), 0);
  t.strictSame(complaints, []);
});

test('what was pending in the list becomes final where it is', { skip }, async (t) => {
  const fill = async (client: Client) => {
    await ask(client, 'Older', null);
    await ask(client, 'Newer', 'ann');
  };
  const { page, client } = await openHistory(t, fill, '?status=resolved&status=pending');
  await page.getByText('That is all: 2 approvals.').waitFor();
  const { body } = await client.get('/approvals?status=pending');
  const [{ id }] = body.approvals;
  await client.post(`/approvals/${id}/resolve`, { resolution: 'deny' }, { session: 'bob' });
  await page.getByRole('article', { name: 'Older' }).getByText('by bob').waitFor();
  t.strictSame(await drawn(page), ['Newer', 'Older']);
});

test('older pages come as one scrolls, and little of them is in the document', { skip }, async (t) => {
  const count = 130;
  const { page, complaints } = await openHistory(t, async (client) => {
    for (let index = 0; index < count; index++) {
      await ask(client, `Step ${index}`, 'ann');
    }
  });
  await page.getByRole('article', { name: `Step ${count - 1}`, exact: true }).waitFor();
  const end = page.getByText(`That is all: ${count} approvals.`);
  const seen = new Set<string>();
  while ((await end.count()) === 0) {
    await page.mouse.wheel(0, 700);
    await page.evaluate('new Promise(requestAnimationFrame)');
    const rows = await drawn(page);
    t.ok(rows.length < 60, `${rows.length} rows are drawn`);
    for (const row of rows) {
      seen.add(row);
    }
  }
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await page.getByRole('article', { name: 'Step 0', exact: true }).waitFor();
  t.equal(
    await page.getByRole('article', { name: 'Step 0', exact: true }).getAttribute('aria-setsize'),
    `${count}`,
  );
  t.strictSame(complaints, []);
});

test('keys move along the list and open what they are at', { skip }, async (t) => {
  const { page } = await openHistory(t, async (client) => {
    await ask(client, 'First', 'ann');
    await ask(client, 'Second', 'ann');
  });
  await page.getByText('That is all: 2 approvals.').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const label = "document.getElementById(document.activeElement.getAttribute('aria-labelledby')).innerText";
  t.equal(await page.evaluate(label), 'First');
  await page.keyboard.press('k');
  t.equal(await page.evaluate(label), 'Second');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Second' }).waitFor();
  await page.goBack();
  await page.getByText('That is all: 2 approvals.').waitFor();
  await page.keyboard.press('/');
  t.equal(await page.evaluate('document.activeElement.getAttribute("list")'), 'history-agents');
});

test('what matches is saved as a table that runs nothing, and as JSON', { skip }, async (t) => {
  const { page, complaints } = await openHistory(t, async (client) => {
    await ask(client, '=1+1', 'ann', { details: { a: 1 } });
    await ask(client, 'By bob', 'bob');
  });
  await page.getByLabel('Decided by').fill('ann');
  await page.keyboard.press('Enter');
  await page.getByText('That is all: 1 approval.').waitFor();
  const save = async (kind: string) => {
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: `Save as ${kind}` }).click();
    const download = await coming;
    t.match(download.suggestedFilename(), /^approvals-\d{4}-\d\d-\d\d\.(csv|json)$/);
    return readFileSync(await download.path(), 'utf8');
  };
  t.match((await save('CSV')).split('\r\n')[1], /^"approval-[0-9a-f]+","'=1\+1"/);
  await page.getByText('Saved 1.').waitFor();
  t.match(JSON.parse(await save('JSON')), [{ action: '=1+1', details: { a: 1 }, outcome: 'approved' }]);
  t.strictSame(complaints, []);
});

test('what was decided while the service could not be reached is there afterwards', { skip }, async (t) => {
  const opened = await openDashboard(t, { store: `sqlite:${join(t.testdir({}), 'log.db')}` });
  const { client, config, stop, url } = opened;
  const id = await ask(client, 'Waits', null);
  await ask(client, 'First', 'ann');
  const page = await (await opened.context()).open('#/history');
  await page.getByText('That is all: 1 approval.').waitFor();
  await stop();
  await page.getByTestId('status').getByText('reconnecting').waitFor();
  const again = await start(t, {
    ...{ store: config.store, dashboard: await dashboardFolder(), port: Number(new URL(url).port) },
  });
  await again.client.post(`/approvals/${id}/resolve`, { resolution: 'deny' }, { session: 'bob' });
  await page.getByRole('button', { name: '1 new' }).click();
  await page.getByRole('article', { name: 'Waits' }).getByText('by bob').waitFor();
  t.strictSame(await drawn(page), ['Waits', 'First']);
});

test('what was decided between the reading of the history and the beginning of the stream is there', {
  skip,
}, async (t) => {
  const opened = await openDashboard(t);
  const { client } = opened;
  const id = await ask(client, 'Waits', null);
  await ask(client, 'First', 'ann');
  const { url, letThrough } = await slowStreams(t, opened.url);
  const page = await (await watch(opened.browser, url)).open('#/history');
  await page.getByText('That is all: 1 approval.').waitFor();
  await client.post(`/approvals/${id}/resolve`, { resolution: 'deny' }, { session: 'bob' });
  t.notOk(await page.getByTestId('status').getByText('live', { exact: true }).isVisible());
  letThrough();
  await page.getByRole('button', { name: '1 new' }).click();
  await page.getByRole('article', { name: 'Waits' }).getByText('by bob').waitFor();
  t.strictSame(await drawn(page), ['Waits', 'First']);
});

/** A way to the service on which streams take their time. */
async function slowStreams(t: Test, target: string): Promise<{ url: string; letThrough: () => void }> {
  const { promise, resolve: letThrough } = Promise.withResolvers<void>();
  const server = createServer(async ({ url = '', method, headers }, response) => {
    if (url.startsWith('/events/stream')) {
      await promise;
    }
    const onward = request(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    }).end();
    response.on('close', () => onward.destroy());
    onward.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, letThrough };
}

test('a page that cannot be read says so, and is read again when asked for', { skip }, async (t) => {
  const opened = await openDashboard(t);
  await ask(opened.client, 'First', 'ann');
  const { open, context } = await opened.context();
  await context.route('**/approvals?*', (route) => route.abort());
  const page = await open('#/history');
  await page.getByText('Not read: ').waitFor();
  await context.unroute('**/approvals?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('article', { name: 'First' }).waitFor();
});

test('what a stranger wrote is shown as it is in the history', { skip }, async (t) => {
  const hostile = '<img src=x onerror="document.title=1">\u202e';
  const { page, complaints } = await openHistory(t, async (client) => {
    const { body } = await client.post('/approvals', {
      ...{ action: hostile, system_level: true, options: [hostile, 'no'], approve_label: hostile },
    });
    const answer = { resolution: hostile, comment: hostile };
    await client.post(`/approvals/${body.id}/resolve`, answer, { session: 'ann' });
  });
  const row = page.getByRole('article');
  await row.getByText('approved').waitFor();
  t.equal(await row.getByText('U+202E').count(), 3);
  t.equal(await page.locator('main img[src]').count(), 0);
  t.notMatch(await page.locator('main').innerText(), /\u202e/);
  t.equal(await page.title(), 'Sallyport');
  t.strictSame(complaints, []);
});
