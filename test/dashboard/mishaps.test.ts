import type { Page } from 'playwright-core';
import { test } from 'tap';
import type { Client } from '../client.ts';
import { noBrowser, openDashboard, untilTrue } from './browser.ts';

/** A decision that nobody meant is never sent. */

const skip = noBrowser;

async function ask(client: Client, action: string, more: object = {}): Promise<string> {
  const { body } = await client.post('/approvals', { action, system_level: true, ...more });
  return body.id;
}

async function outcomesOf(client: Client, ids: readonly string[]): Promise<(string | null)[]> {
  return Promise.all(ids.map(async (id) => (await client.get(`/approvals/${id}`)).body.outcome));
}

function card(page: Page, name: string) {
  return page.getByRole('article', { name, exact: true });
}

/** A page whose clock is turned by hand. */
async function openByClock(opened: Awaited<ReturnType<typeof openDashboard>>) {
  const { context, open, complaints } = await opened.context();
  await context.clock.install();
  const page = await open();
  await page.getByTestId('status').getByText('live').waitFor();
  return { page, complaints };
}

test('a key that is held down decides once', { skip }, async (t) => {
  const opened = await openDashboard(t);
  const { page, complaints } = await openByClock(opened);
  const ids = [await ask(opened.client, 'One'), await ask(opened.client, 'Two')];
  await card(page, 'Two').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.down('a');
  for (let count = 0; count < 5; count++) {
    // Pressed again without having been let go: the browser repeats it.
    await page.keyboard.down('a');
  }
  await page.keyboard.up('a');
  await page.getByRole('button', { name: /^Undo/ }).waitFor();
  t.equal(await page.getByRole('button', { name: /^Undo/ }).count(), 1);
  await page.clock.runFor(3500);
  await card(page, 'One').getByText('Approved by you').waitFor();
  t.strictSame(await outcomesOf(opened.client, ids), ['approved', null]);
  t.strictSame(complaints, []);
});

test('clicks one after the other on rows that stay are all taken', { skip }, async (t) => {
  const opened = await openDashboard(t);
  const { page, complaints } = await openByClock(opened);
  const names = ['One', 'Two', 'Three'];
  const ids: string[] = [];
  for (const name of names) {
    ids.push(await ask(opened.client, name));
  }
  await card(page, 'Three').waitFor();
  for (const name of names) {
    await card(page, name)
      .getByRole('button', { name: /^approve/ })
      .click();
  }
  await card(page, 'Three').getByText('Approved by you').waitFor();
  t.strictSame(await outcomesOf(opened.client, ids), ['approved', 'approved', 'approved']);
  t.strictSame(complaints, []);
});

test('a click on a button that has just come under the pointer is not taken, and says so', {
  skip,
}, async (t) => {
  const opened = await openDashboard(t);
  const { page, complaints } = await openByClock(opened);
  const ids = [await ask(opened.client, 'Gone'), await ask(opened.client, 'Under it')];
  await card(page, 'Under it').waitFor();
  const press =
    'document.querySelector("article:last-of-type button.option").dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }))';
  await opened.client.post(`/approvals/${ids[0]}/resolve`, { resolution: 'deny' }, { session: 'ann' });
  await card(page, 'Gone').getByText('Denied by ann').waitFor();
  // As soon as the row above is gone.
  await page.evaluate(`new MutationObserver((_, observer) => {
    if (document.querySelectorAll('article').length === 1) { observer.disconnect(); ${press}; }
  }).observe(document.querySelector('main'), { childList: true, subtree: true })`);
  await page.clock.runFor(5100);
  await card(page, 'Under it').getByText('The list has just moved').waitFor();
  t.strictSame(await outcomesOf(opened.client, ids), ['denied', null]);
  await page.clock.runFor(500);
  await card(page, 'Under it')
    .getByRole('button', { name: /^approve/ })
    .click();
  await card(page, 'Under it').getByText('Approved by you').waitFor();
  t.strictSame(complaints, []);
});

test('a key decides nothing that is out of sight, nor what has just come in the place of another', {
  skip,
}, async (t) => {
  const opened = await openDashboard(t);
  const { client } = opened;
  const { page, complaints } = await openByClock(opened);
  const ids: string[] = [];
  for (let count = 1; count <= 12; count++) {
    ids.push(await ask(client, `Step ${count}`, { details: { n: count } }));
  }
  await card(page, 'Step 2').waitFor();
  await page.keyboard.press('j');
  // Rows may become higher when they are drawn, and then the end is further down.
  await untilTrue(page, '(scrollTo(0, 1e6), document.querySelector("main").innerText.includes("Step 12"))');
  await card(page, 'Step 12').waitFor();
  await page.keyboard.press('a');
  await page.getByTestId('announcer').getByText('It was out of sight').waitFor();
  t.equal(await page.getByRole('button', { name: /^Undo/ }).count(), 0);
  await untilTrue(page, 'document.querySelector("article").getBoundingClientRect().bottom > 0');
  await client.post(`/approvals/${ids[0]}/resolve`, { resolution: 'deny' }, { session: 'ann' });
  await card(page, 'Step 1').getByText('Denied by ann').waitFor();
  await page.evaluate(`document.addEventListener('focusin', () => {
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
  }, { once: true })`);
  await page.clock.runFor(5100);
  await page.getByTestId('announcer').getByText('The list has just moved').waitFor();
  t.equal(await page.getByRole('button', { name: /^Undo/ }).count(), 0);
  t.strictSame((await outcomesOf(client, ids)).slice(1, 3), [null, null]);
  t.strictSame(complaints, []);
});

test('a decision that a sleeping machine kept back is not sent when it wakes', { skip }, async (t) => {
  const opened = await openDashboard(t);
  const { page, complaints } = await openByClock(opened);
  const ids = [await ask(opened.client, 'One')];
  await card(page, 'One').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.getByRole('button', { name: /^Undo/ }).waitFor();
  await page.clock.fastForward('08:00:00');
  await card(page, 'One').getByText('Not sent: the page was asleep').waitFor();
  t.strictSame(await outcomesOf(opened.client, ids), [null]);
  await page.keyboard.press('u');
  await page.getByTestId('announcer').getByText('There is nothing to take back').waitFor();
  t.strictSame(complaints, []);
});

test('a double click decides once, and a bulk decision leaves out what was decided meanwhile', {
  skip,
}, async (t) => {
  const opened = await openDashboard(t);
  const { client } = opened;
  const { page, complaints } = await openByClock(opened);
  const ids = [await ask(client, 'One'), await ask(client, 'Two'), await ask(client, 'Three')];
  await card(page, 'Three').waitFor();
  const posted: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posted.push(request.url()));
  await card(page, 'One').getByRole('button', { name: /^deny/ }).dblclick();
  await card(page, 'One').getByText('Denied by you').waitFor();
  t.equal(posted.length, 1);
  await page.getByRole('checkbox', { name: 'Select Two' }).check();
  await page.getByRole('checkbox', { name: 'Select Three' }).check();
  await page.getByRole('button', { name: /^approve 2/ }).click();
  await page.getByText('approve: 2 approvals', { exact: true }).waitFor();
  await client.post(`/approvals/${ids[1]}/resolve`, { resolution: 'deny' }, { session: 'ann' });
  await card(page, 'Two').getByText('Denied by ann').waitFor();
  await page.clock.runFor(3500);
  await card(page, 'Three').getByText('Approved by you').waitFor();
  t.equal(posted.length, 2);
  t.strictSame(await outcomesOf(client, ids), ['denied', 'denied', 'approved']);
  t.strictSame(complaints, []);
});
