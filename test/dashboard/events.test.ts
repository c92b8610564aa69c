import type { Page } from 'playwright-core';
import { type Test, test } from 'tap';
import type { Client } from '../client.ts';
import { until } from '../http/parts.ts';
import type { Overrides } from '../service.ts';
import { noBrowser, openDashboard, untilTrue } from './browser.ts';

const skip = noBrowser;

async function isLive(page: Page): Promise<void> {
  await page.getByTestId('status').getByText('live').waitFor();
}

async function openEvents(t: Test, overrides: Overrides = {}) {
  const opened = await openDashboard(t, overrides);
  const watched = await opened.context();
  return { ...opened, ...watched };
}

async function note(client: Client, message: string, more: object = {}): Promise<void> {
  await client.post('/events', { kind: 'step', message, ...more });
}

/** One after the other. */
async function notes(client: Client, count: number, name = 'Step'): Promise<void> {
  for (let step = 1; step <= count; step++) {
    await note(client, `${name} ${step}`);
  }
}

/** Several at a time, in no order. */
async function flood(client: Client, count: number, name: string): Promise<void> {
  const parts = Array.from({ length: 20 }, (_, part) => notes(client, count / 20, `${name} ${part}`));
  await Promise.all(parts);
}

function row(page: Page, message: string) {
  return page.getByRole('article').filter({ has: page.getByText(message, { exact: true }) });
}

/** The messages that are shown, as they stand. */
async function messages(page: Page): Promise<string[]> {
  return page.locator('.message').allInnerTexts();
}

/** Asks for a decision, and waits until the page knows of it, and so of all before it. `count`: how many wait then. */
async function isTakenIn(page: Page, client: Client, count: number): Promise<void> {
  await client.post('/approvals', { action: `Number ${count}`, system_level: true });
  await until(async () => (await page.title()) === `(${count}) Sallyport`);
}

/** All rows in the window have their content. */
async function areDrawn(page: Page): Promise<void> {
  await untilTrue(page, 'document.querySelector("article[data-empty]") === null');
}

/** Goes to the end, and reads on from there until there is nothing more. Every row that was ever seen, in order. */
async function readToTheEnd(page: Page, end: string): Promise<string[]> {
  const seen: string[] = [];
  const isAtEnd = 'scrollY + innerHeight >= document.documentElement.scrollHeight - 1';
  while ((await page.getByText(end).count()) === 0 || !(await page.evaluate(isAtEnd))) {
    await page.evaluate('scrollBy(0, 500)');
    await page.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    await areDrawn(page);
    seen.push(...(await messages(page)).filter((message) => !seen.includes(message)));
  }
  return seen;
}

test('events are shown newest first, as they happen', { skip }, async (t) => {
  const { client, open, complaints } = await openEvents(t);
  const page = await open('#/events');
  await page.getByText('Nothing has happened yet').waitFor();
  await note(client, 'First');
  await row(page, 'First').waitFor();
  await client.post('/agents', { id: 'a', name: 'Robot', kind: 'builtin' });
  await page.getByRole('article', { name: 'agent.registered Robot registered', exact: true }).waitFor();
  t.strictSame(await messages(page), ['Robot registered', 'First']);
  const registered = row(page, 'Robot registered');
  await registered.getByText('agent.registered').waitFor();
  await registered.getByText(/\d+ s ago/).waitFor();
  t.match(await registered.getByText(/ago/).getAttribute('title'), /\d\d:\d\d:\d\d/, 'the time, on hover');
  t.strictSame(complaints, []);
});

test('an event opens with its payload, by mouse and by key', { skip }, async (t) => {
  const { client, open, complaints } = await openEvents(t);
  await client.post('/agents', { id: 'a', name: 'Robot', kind: 'builtin' });
  const { body } = await client.post('/approvals', { action: 'Deploy?', agent_id: 'a', system_level: true });
  await note(client, 'With much', { payload: { host: 'web-1', list: [1, 2] }, agent_id: 'a' });
  const page = await open('#/events');
  await row(page, 'With much').click();
  await page.getByText('web-1').waitFor();
  await page.getByRole('link', { name: 'Only this agent' }).waitFor();
  await page.getByRole('button', { name: 'Details of step' }).click();
  await page.getByText('web-1').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: body.id }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: body.id }).waitFor({ state: 'detached' });
  await page.keyboard.press('k');
  await page.keyboard.press('Space');
  await page.getByText('web-1').waitFor();
  await page.getByRole('link', { name: 'Only this agent' }).click();
  t.match(page.url(), /#\/events\?agent=a$/);
  t.strictSame(complaints, []);
});

test('what comes while somebody reads waits behind a button, and nothing moves', { skip }, async (t) => {
  const { client, open, complaints } = await openEvents(t);
  await notes(client, 60);
  const page = await open('#/events');
  await row(page, 'Step 60').waitFor();
  await page.evaluate('scrollTo(0, 600)');
  await untilTrue(page, 'scrollY > 8');
  const middle = row(page, 'Step 40');
  await middle.waitFor();
  await areDrawn(page);
  const before = await middle.boundingBox();
  await note(client, 'New 1');
  await note(client, 'New 2');
  const button = page.getByRole('button', { name: '2 new events' });
  await button.waitFor();
  t.strictSame(await middle.boundingBox(), before);
  t.equal(await row(page, 'New 1').count(), 0);
  await button.click();
  await row(page, 'New 2').waitFor();
  t.equal(await page.evaluate('scrollY'), 0);
  t.strictSame((await messages(page)).slice(0, 3), ['New 2', 'New 1', 'Step 60']);
  await page.getByRole('button', { name: 'Pause' }).click();
  await note(client, 'New 3');
  await page.getByRole('button', { name: '1 new event', exact: true }).waitFor();
  t.equal(await row(page, 'New 3').count(), 0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await row(page, 'New 3').waitFor();
  t.strictSame(complaints, []);
});

test('older events are read to the beginning, each once, and few are in the document', {
  skip,
}, async (t) => {
  const { client, open, complaints } = await openEvents(t);
  await notes(client, 450);
  const page = await open('#/events');
  await row(page, 'Step 450').waitFor();
  const seen = await readToTheEnd(page, 'This is where the log begins.');
  t.strictSame(
    seen,
    Array.from({ length: 450 }, (_, index) => `Step ${450 - index}`),
  );
  t.ok((await page.getByRole('article').count()) < 80);
  t.equal(await page.getByRole('article').last().getAttribute('aria-setsize'), '450');
  t.strictSame(complaints, []);
});

test('where older events are no longer kept, it says so', { skip }, async (t) => {
  const { client, open, complaints } = await openEvents(t, { retainEvents: 500 });
  await flood(client, 700, 'Step');
  const { events } = (await client.get('/events?after=0&limit=1')).body;
  t.ok(events[0].seq > 1);
  const page = await open('#/events?kind=step');
  const seen = await readToTheEnd(page, 'are no longer kept');
  t.equal(seen.length, 700 - events[0].seq + 1);
  t.equal(await page.getByText('This is where the log begins').count(), 0);
  t.strictSame(complaints, []);
});

test('a filter holds for pages and for live events, and can be linked to', { skip }, async (t) => {
  const { client, open, complaints } = await openEvents(t);
  await client.post('/agents', { id: 'a', name: 'Robot', kind: 'builtin' });
  await note(client, 'Old of a', { agent_id: 'a', kind: 'deploy.started' });
  await note(client, 'Old', { kind: 'deploy.finished' });
  // More than come with the snapshot: what is older is not here by itself.
  await notes(client, 120);
  const page = await open('#/events?kind=deploy.*');
  await row(page, 'Old of a').waitFor();
  await note(client, 'New step');
  await note(client, 'New', { kind: 'deploy.started' });
  await row(page, 'New').waitFor();
  t.strictSame(await messages(page), ['New', 'Old', 'Old of a']);
  await page.getByRole('button', { name: 'Agents', exact: true }).click();
  await row(page, 'Robot registered').waitFor();
  t.match(page.url(), /#\/events\?kind=deploy.\*&kind=agent.\*$/);
  await page.getByRole('combobox', { name: 'Agent' }).fill('a');
  await page.keyboard.press('Enter');
  await row(page, 'New').waitFor({ state: 'detached' });
  await row(page, 'Robot registered').waitFor();
  t.strictSame(await messages(page), ['Old of a', 'Robot registered']);
  const other = await open(new URL(page.url()).hash);
  await row(other, 'Robot registered').waitFor();
  t.strictSame(await messages(other), ['Old of a', 'Robot registered']);
  await page.getByRole('button', { name: 'Remove the filter agent a' }).click();
  await page.getByRole('button', { name: 'Remove the filter deploy.*' }).click();
  await page.getByRole('button', { name: 'Everything' }).click();
  await row(page, 'Step 120').waitFor();
  t.match(page.url(), /#\/events$/);
  t.strictSame(complaints, []);
});

test('a kind is typed or picked, and what is none is refused', { skip }, async (t) => {
  const { client, open, complaints } = await openEvents(t);
  await note(client, 'One', { kind: 'own.kind' });
  const page = await open('#/events');
  await row(page, 'One').waitFor();
  await page.keyboard.press('/');
  await page.locator('datalist option[value="own.kind"]').waitFor({ state: 'attached' });
  await page.keyboard.type('No Kind');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('A kind has only').waitFor();
  await page.getByRole('combobox', { name: 'Kind or family' }).fill('nothing.*');
  await page.keyboard.press('Enter');
  await page.getByText('No event matches the filter').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await row(page, 'One').waitFor();
  t.strictSame(complaints, []);
});

test('a gap is filled by number: nothing is missing, nothing is there twice', { skip }, async (t) => {
  const { client, open, context, complaints } = await openEvents(t);
  await notes(client, 5);
  const page = await open('#/events');
  await row(page, 'Step 5').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  // More than the page keeps of what is live.
  await flood(client, 1200, 'More');
  await isTakenIn(page, client, 1);
  await page.getByRole('button', { name: /\d\+ new events/ }).waitFor();
  let asked = 0;
  await context.route('**/events?after=5&*', async (route) => {
    asked += 1;
    const response = await route.fetch();
    // While the answer is on its way the page lets go of the event that it was to reach to.
    await flood(client, 400, 'Meanwhile');
    await isTakenIn(page, client, 2);
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('[aria-setsize="1607"]').first().waitFor();
  t.equal(asked, 1);
  const [first] = await messages(page);
  t.match(first, /^Approval requested/);
  const seen = await readToTheEnd(page, 'This is where the log begins.');
  t.equal(seen.length, 1607);
  t.strictSame(complaints, []);
});

test('what cannot be read now is said, and read when somebody asks again', { skip }, async (t) => {
  const { client, open, context } = await openEvents(t);
  await notes(client, 150);
  let isBroken = true;
  await context.route('**/events?before=**', (route) =>
    isBroken ? route.fulfill({ status: 503, body: 'busy' }) : route.continue(),
  );
  const page = await open('#/events');
  await isLive(page);
  await untilTrue(
    page,
    '(scrollTo(0, document.body.scrollHeight), document.body.innerText.includes("Older events were not read: 503"))',
  );
  isBroken = false;
  await page.getByRole('button', { name: 'Load older events' }).click();
  await page.getByText('Older events were not read').waitFor({ state: 'detached' });
  await page.locator('[aria-setsize="150"]').first().waitFor();
});

test('what a stranger wrote in an event is shown as it is, and runs nothing', { skip }, async (t) => {
  const { client, open, complaints } = await openEvents(t);
  const hostile = '<img src=x onerror="document.title=1">\u202e\u200b';
  const display = { label: hostile, icon: hostile, accent: 'red;background:url(https://evil.example)' };
  await client.post('/agents', { id: 'a', name: hostile, kind: 'builtin', display });
  await note(client, hostile, { agent_id: 'a', payload: { [hostile]: hostile, command: hostile } });
  const page = await open('#/events');
  const line = page.getByRole('article').first();
  await line.locator('.chevron').click();
  await line.getByText('characters that cannot be seen').waitFor();
  t.ok((await line.getByText('U+202E').count()) >= 5);
  t.notMatch(await page.locator('main').innerText(), /\u202e|\u200b/);
  await page.goto(`#/events?kind=${encodeURIComponent(hostile)}&agent=${encodeURIComponent(hostile)}`);
  await page.getByRole('article').first().waitFor();
  t.equal(await page.locator('main img, main script').count(), 0);
  t.equal(await page.title(), 'Sallyport');
  t.strictSame(complaints, []);
});
