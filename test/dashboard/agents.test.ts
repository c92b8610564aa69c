import type { Page } from 'playwright-core';
import { type Test, test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import type { Client } from '../client.ts';
import { Clocks } from '../service.ts';
import { dashboardFolder, launch, noBrowser, openDashboard, untilTrue, watch } from './browser.ts';

const skip = noBrowser;

async function isLive(page: Page): Promise<void> {
  await page.getByTestId('status').getByText('live').waitFor();
}

async function openAgents(t: Test, hash = '#/agents') {
  const opened = await openDashboard(t);
  const watched = await opened.context();
  const page = await watched.open(hash);
  await isLive(page);
  return { ...opened, ...watched, page };
}

async function register(client: Client, id: string, more: object = {}, session = 'test'): Promise<void> {
  await client.post('/agents', { id, name: id, kind: 'builtin', ...more }, { session });
}

async function report(client: Client, id: string, status: string, current_task: string | null = null) {
  await client.put(`/agents/${id}/status`, { status, current_task });
}

/** The names of the cards, as they stand. */
async function names(page: Page): Promise<string[]> {
  return page.getByRole('article').getByRole('heading').allInnerTexts();
}

test('without an agent the page says how to register one, and then shows it', { skip }, async (t) => {
  const { client, page, url, complaints } = await openAgents(t);
  await page.getByText('No agent is registered').waitFor();
  const example = String(await page.locator('.example code').textContent());
  t.match(example, `curl -X POST ${url}/agents`);
  const [, body = ''] = /-d '(.*)'$/.exec(example) ?? [];
  t.match(await client.post('/agents', JSON.parse(body)), { status: 201 });
  await page.getByRole('article', { name: 'Researcher' }).waitFor();
  t.strictSame(complaints, []);
});

test('a card says what its agent does, and goes on saying it', { skip }, async (t) => {
  const { client, stream, page, complaints } = await openAgents(t);
  const display = { label: 'Lead', icon: null, accent: '#0a84ff' };
  await register(client, 'a', { display, project: '/srv/app', capabilities: ['search', 'browse'] });
  const card = page.getByRole('article', { name: 'Lead' });
  for (const text of ['idle', 'No task reported', 'builtin', '/srv/app', 'search', 'browse']) {
    await card.getByText(text, { exact: true }).waitFor();
  }
  await card.getByText('Owner not connected').waitFor();
  await report(client, 'a', 'running', 'Collect facts');
  await card.getByText('running', { exact: true }).waitFor();
  await card.getByText('Collect facts').waitFor();
  const owner = await stream('/events/stream?session_id=test');
  await owner.hello();
  await page.reload();
  await card.getByText('Owner connected').waitFor();
  await client.delete('/agents/a');
  await page.getByText('No agent is registered').waitFor();
  t.strictSame(complaints, []);
});

test('an agent whose owner is gone is greyed after ten minutes', { skip }, async (t) => {
  const clocks = new Clocks();
  clocks.jump(-11 * 60_000);
  const { client, context } = await openDashboard(t, {}, clocks);
  await register(client, 'old');
  clocks.jump(11 * 60_000);
  await register(client, 'new');
  const { open } = await context();
  const page = await open('#/agents');
  await page.getByRole('article', { name: 'old' }).getByText('not heard of for 10 minutes').waitFor();
  t.equal(await page.getByText('not heard of for 10 minutes').count(), 1);
  t.strictSame(await names(page), ['N\nnew', 'O\nold']);
});

test('what needs a person comes first, and leads to the inbox', { skip }, async (t) => {
  const { client, open, complaints } = await openAgents(t);
  for (const id of ['a-1', 'a-10', 'b', 'c']) {
    await register(client, id);
  }
  await report(client, 'b', 'running');
  await report(client, 'c', 'completed');
  await client.post('/approvals', { action: 'Mine', agent_id: 'a-1', system_level: true });
  await client.post('/approvals', { action: 'Not mine', agent_id: 'c', system_level: true });
  await client.post('/approvals', { action: 'Nor this', agent_id: 'a-10', system_level: true });
  const page = await open('#/agents');
  await page.getByRole('article').first().waitFor();
  t.strictSame(
    (await names(page)).map((name) => name.split('\n').at(-1)),
    ['a-1', 'a-10', 'c', 'b'],
  );
  await page.getByRole('link', { name: '1 approval waits of a-1: show in the inbox' }).click();
  await page.getByRole('article', { name: 'Mine', exact: true }).waitFor();
  t.equal(await page.getByRole('article').count(), 1, 'of this agent alone');
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await page.getByRole('article', { name: 'Nor this' }).waitFor();
  t.strictSame(complaints, []);
});

test('filters are together, in the address, and can be cleared', { skip }, async (t) => {
  const { client, page, open, complaints } = await openAgents(t);
  await register(client, 'a', { project: '/one' });
  await register(client, 'b', { kind: 'external' });
  await register(client, 'c', { kind: 'external', project: '/two' });
  await report(client, 'c', 'errored', 'Lost');
  await page.getByRole('article', { name: 'c', exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('external');
  await page.getByText('2 of 3 shown').waitFor();
  await page.getByRole('button', { name: 'errored 1' }).click();
  await page.getByText('1 of 3 shown').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('lost');
  t.match(page.url(), /#\/agents\?text=lost&status=errored&kind=external$/);
  const other = await open(new URL(page.url()).hash);
  await other.getByText('1 of 3 shown').waitFor();
  t.equal(await other.getByRole('article').count(), 1);
  await page.keyboard.type('!');
  await page.getByText('No agent matches the filter').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).first().click();
  await page.getByRole('article', { name: 'b', exact: true }).waitFor();
  t.match(page.url(), /#\/agents$/);
  await page.getByRole('combobox', { name: 'Project' }).selectOption('/two');
  await page.getByText('1 of 3 shown').waitFor();
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('yes');
  await page.getByText('0 of 3 shown').waitFor();
  t.strictSame(complaints, []);
});

test('last events are read, go on live, and are in the order of the log', { skip }, async (t) => {
  const { client, page, complaints } = await openAgents(t);
  await register(client, 'a');
  await register(client, 'b');
  for (let step = 1; step <= 12; step++) {
    await client.post('/events', { agent_id: 'a', kind: 'step', message: `Step ${step}` });
  }
  await client.post('/events', { agent_id: 'b', message: 'Of another' });
  const card = page.getByRole('article', { name: 'a', exact: true });
  const button = card.getByRole('button', { name: 'Last events of a' });
  await button.click();
  await card.getByText('Step 12', { exact: true }).waitFor();
  t.equal(await button.getAttribute('aria-expanded'), 'true');
  t.equal(await card.getByRole('listitem').count(), 10);
  await client.post('/events', { agent_id: 'a', kind: 'step', message: 'Step 13' });
  await card.getByText('Step 13').waitFor();
  const shown = await card.getByRole('listitem').allInnerTexts();
  t.strictSame(
    shown.map((text) => /Step \d+/.exec(text)?.[0]),
    Array.from({ length: 10 }, (_, index) => `Step ${13 - index}`),
  );
  await card.getByRole('link', { name: /All its events/ }).click();
  t.match(page.url(), /#\/events\?agent=a$/);
  t.strictSame(complaints, []);
});

test('keys lead through the agents and to the page of one', { skip }, async (t) => {
  const { client, page, complaints } = await openAgents(t);
  await register(client, 'a', { metadata: { model: 'large' }, pid: 4711 });
  await register(client, 'b');
  await client.post('/approvals', { action: 'Deploy?', agent_id: 'a', system_level: true });
  await page.getByRole('article', { name: 'a', exact: true }).getByText('1 approval waits').waitFor();
  await page.keyboard.press('j');
  t.equal(await page.evaluate('document.activeElement.dataset.key'), 'a');
  await page.keyboard.press('ArrowDown');
  t.equal(await page.evaluate('document.activeElement.dataset.key'), 'b');
  await page.keyboard.press('k');
  await page.keyboard.press('Space');
  await page.getByText('a registered').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'a' }).waitFor();
  t.match(page.url(), /#\/agents\/a$/);
  await page.getByText('4711').waitFor();
  await page.getByText('large').waitFor();
  await page.getByText('a registered').waitFor();
  await page.getByRole('link', { name: 'Deploy?' }).waitFor();
  t.equal(await page.getByRole('button', { name: 'Unregister' }).count(), 0, 'only for administrators');
  await client.delete('/agents/a');
  await page.getByText('No agent is registered under this id now').waitFor();
  await page.getByText('a unregistered').waitFor();
  t.strictSame(complaints, []);
});

test('an administrator unregisters an agent of somebody else, after a question', { skip }, async (t) => {
  const { client, url, tokens } = await startGuarded(t, { dashboard: await dashboardFolder() });
  await register(client.as(tokens.agent), 'a', {}, 'its-owner');
  const browser = await launch(t);
  for (const role of ['operator', 'admin'] as const) {
    const { context, open, complaints } = await watch(browser, url);
    await context.request.post('/login', { data: { token: tokens[role] } });
    const page = await open('#/agents/a');
    await page.getByText('its-owner').waitFor();
    await page.getByTestId('status').getByText('live').waitFor();
    const button = page.locator('main').getByRole('button', { name: 'Unregister' });
    if (role === 'operator') {
      t.equal(await button.count(), 0);
    } else {
      await button.click();
      const dialog = page.getByRole('dialog', { name: 'Unregister this agent?' });
      await dialog.getByRole('button', { name: 'Close' }).click();
      t.equal((await client.get('/agents/a')).status, 200, 'nothing was sent');
      await button.click();
      await dialog.getByRole('button', { name: 'Unregister' }).click();
      await page.getByText('No agent is registered under this id now').waitFor();
      t.equal((await client.get('/agents/a')).status, 404);
    }
    t.strictSame(complaints, []);
    await context.close();
  }
});

test('what an agent wrote of itself is shown as it is, and runs nothing', { skip }, async (t) => {
  const { client, page, complaints } = await openAgents(t);
  const hostile = '<img src=x onerror="document.title=1">\u202e\u200b';
  await register(client, 'a', {
    name: hostile,
    kind: hostile,
    project: hostile,
    capabilities: [hostile],
    metadata: { [hostile]: hostile },
    display: { label: hostile, icon: hostile, accent: 'red;background:url(https://evil.example)' },
  });
  await report(client, 'a', 'running', hostile);
  await client.post('/events', { agent_id: 'a', message: hostile });
  const card = page.getByRole('article');
  await card.getByRole('button', { name: /^Last events/ }).click();
  await card.getByText('host.notification').waitFor();
  t.ok((await card.getByText('U+202E').count()) >= 6);
  t.notMatch(await page.locator('main').innerText(), /\u202e|\u200b/);
  await page.getByRole('combobox', { name: 'Project' }).selectOption(hostile);
  await page.getByText('1 of 1 shown').waitFor();
  await page.goto('#/agents/a');
  await page.getByText('Metadata').waitFor();
  t.notMatch(await page.locator('main').innerText(), /\u202e|\u200b/);
  t.equal(await page.locator('main img, main script').count(), 0);
  t.equal(await page.title(), 'Sallyport');
  t.strictSame(complaints, []);
});

test('with many agents few are in the document, and one that goes moves nothing', { skip }, async (t) => {
  const { client, page, complaints } = await openAgents(t);
  const ids = Array.from({ length: 300 }, (_, index) => `agent-${String(index).padStart(3, '0')}`);
  await Promise.all(ids.map((id) => register(client, id)));
  await page.locator('h1', { hasText: '300' }).waitFor();
  await page.evaluate('scrollTo(0, 12000)');
  const middle = page.getByRole('article').nth(8);
  await middle.waitFor();
  t.ok((await page.getByRole('article').count()) < 40);
  await untilTrue(page, 'scrollY > 8 && document.querySelector("article[data-empty]") === null');
  const key = String(await middle.getAttribute('data-key'));
  const card = page.locator(`[data-key="${key}"]`);
  const before = await card.boundingBox();
  await client.delete('/agents/agent-000');
  await page.locator('h1', { hasText: '299' }).waitFor();
  t.ok(Math.abs(((await card.boundingBox())?.y ?? 0) - (before?.y ?? 0)) < 2, 'the rest stays where it is');
  t.strictSame(complaints, []);
});
