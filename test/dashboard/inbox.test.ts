import type { Page } from 'playwright-core';
import { type Test, test } from 'tap';
import type { Client } from '../client.ts';
import { noBrowser, type Opened, openDashboard, untilTrue, type Watched } from './browser.ts';

const skip = noBrowser;

interface Inbox extends Omit<Opened, 'context'>, Watched {
  readonly page: Page;
}

async function openInbox(t: Test): Promise<Inbox> {
  const opened = await openDashboard(t);
  const watched = await opened.context();
  const page = await watched.open();
  await page.getByTestId('status').getByText('live').waitFor();
  return { ...opened, ...watched, page };
}

async function ask(client: Client, action: string, more: object = {}): Promise<string> {
  const { body } = await client.post('/approvals', { action, system_level: true, ...more });
  return body.id;
}

async function outcomeOf(client: Client, id: string): Promise<string | null> {
  return (await client.get(`/approvals/${id}`)).body.outcome;
}

test('what somebody else decides stays for a moment, says who it was, and goes', { skip }, async (t) => {
  const { client, page, complaints } = await openInbox(t);
  const id = await ask(client, 'Deploy?');
  await ask(client, 'Stay');
  const card = page.getByRole('article', { name: 'Deploy?' });
  await card.getByRole('button', { name: /^approve/ }).waitFor();
  const before = await page.getByRole('article', { name: 'Stay' }).boundingBox();
  await client.post(`/approvals/${id}/resolve`, { resolution: 'deny' }, { session: 'ann' });
  await card.getByText('Denied by ann').waitFor();
  t.equal(await card.getByRole('button', { name: /^approve/ }).count(), 0);
  t.strictSame(await page.getByRole('article', { name: 'Stay' }).boundingBox(), before, 'nothing moves');
  await page.getByTestId('announcer').getByText('Denied by ann: Deploy?').waitFor();
  await card.waitFor({ state: 'detached' });
  await page.getByRole('article', { name: 'Stay' }).waitFor();
  t.strictSame(complaints, []);
});

test('a decision by key is not sent before it is known whose it is, and can be taken back until then', {
  skip,
}, async (t) => {
  const { client, page } = await openInbox(t);
  const id = await ask(client, 'Deploy');
  await page.getByRole('article', { name: 'Deploy' }).waitFor();
  const decideByKey = async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.getByRole('button', { name: /^Undo/ }).waitFor();
  };
  await page.route('**/me', (route) =>
    route.fulfill({ status: 503, json: { code: 'storage-unavailable', detail: 'the database is away' } }),
  );
  await decideByKey();
  await page.locator('.note').getByText('the database is away').waitFor();
  await page.unroute('**/me');

  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  await page.route('**/me', async (route) => {
    asked.resolve();
    await answered.promise;
    await route.continue();
  });
  await decideByKey();
  await asked.promise;
  await page.keyboard.press('u');
  const heard = page.waitForResponse('**/me');
  answered.resolve();
  await heard;
  await page.getByRole('button', { name: /^Undo/ }).waitFor({ state: 'detached' });
  // What it would have sent would have been answered before this.
  await page.evaluate('fetch("/approvals?limit=1").then((answer) => answer.text())');
  t.equal(await outcomeOf(client, id), null);
});

test('a decision by key can be taken back, and is sent when it is not', { skip }, async (t) => {
  const { client, page, complaints } = await openInbox(t);
  const first = await ask(client, 'First');
  const second = await ask(client, 'Second');
  await page.getByRole('article', { name: 'Second' }).waitFor();
  await page.keyboard.press('j');
  t.equal(await page.evaluate('document.activeElement.dataset.key'), first);
  await page.keyboard.press('a');
  const undo = page.getByRole('button', { name: /^Undo/ });
  await undo.waitFor();
  t.equal(await page.evaluate('document.activeElement.dataset.key'), second, 'the next one has the focus');
  await page.keyboard.press('u');
  await undo.waitFor({ state: 'detached' });
  t.equal(await outcomeOf(client, first), null, 'nothing was sent');
  await page.keyboard.press('d');
  await page.getByRole('article', { name: 'Second' }).getByText('Denied by you').waitFor();
  t.equal(await outcomeOf(client, second), 'denied');
  t.equal(await outcomeOf(client, first), null);
  t.strictSame(complaints, []);
});

test('one approval on a page of its own takes the same keys', { skip }, async (t) => {
  const { client, open, complaints } = await openInbox(t);
  const id = await ask(client, 'Deploy?', { options: ['yes', 'later', 'no'], approve_label: 'yes' });
  const page = await open(`#/approvals/${id}`);
  await page.getByRole('heading', { name: 'Deploy?' }).waitFor();
  await page.keyboard.press('d');
  await page.getByRole('dialog', { name: 'Which one?' }).getByRole('button', { name: 'later' }).click();
  await page.locator('main').getByText('Denied with “later” by you').waitFor();
  t.equal(await outcomeOf(client, id), 'denied');
  await page.getByText('any session may decide').waitFor();
  t.strictSame(complaints, []);
});

test('a page that is left within three seconds has sent nothing', { skip }, async (t) => {
  const { client, open, page } = await openInbox(t);
  const id = await ask(client, 'Deploy?');
  await page.getByRole('article', { name: 'Deploy?' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.getByRole('button', { name: /^Undo/ }).waitFor();
  await page.reload();
  const other = await open();
  await other.getByRole('article', { name: 'Deploy?' }).waitFor();
  await other.waitForTimeout(3500);
  t.equal(await outcomeOf(client, id), null);
});

test('keys do nothing while somebody types', { skip }, async (t) => {
  const { client, page } = await openInbox(t);
  const id = await ask(client, 'Deploy?');
  await page.getByRole('article', { name: 'Deploy?' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('c');
  await page.keyboard.type('a dada x');
  t.equal(await page.getByLabel('Comment').inputValue(), 'a dada x');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('aaadd');
  await page.getByText('Nothing that waits matches the filter').waitFor();
  await page.keyboard.press('Control+a');
  t.equal(await page.getByRole('button', { name: /^Undo/ }).count(), 0);
  t.equal(await outcomeOf(client, id), null);
});

test('several of one kind are decided at once', { skip }, async (t) => {
  const { client, page, complaints } = await openInbox(t);
  const ids = [await ask(client, 'Step 1'), await ask(client, 'Step 2'), await ask(client, 'Step 3')];
  const other = await ask(client, 'Other', { options: ['yes', 'no'], approve_label: 'yes' });
  await page.getByRole('checkbox', { name: 'Select Step 1' }).check();
  await page.getByRole('checkbox', { name: 'Select Other' }).check();
  await page.getByText('The selected ones offer different options').waitFor();
  await page.getByLabel('Filter').fill('Step');
  await page.getByText('2 selected, 1 of them not shown by the filter').waitFor();
  await page.getByLabel('Filter').fill('');
  await page.getByRole('checkbox', { name: 'Select Other' }).uncheck();
  await page.getByRole('button', { name: 'Select all of this kind' }).click();
  await page.getByRole('button', { name: /^approve 3/ }).click();
  await page.getByText('approve: 3 approvals', { exact: true }).waitFor();
  for (const name of ['Step 1', 'Step 2', 'Step 3']) {
    await page.getByRole('article', { name }).getByText('Approved by you').waitFor();
  }
  t.strictSame(await Promise.all(ids.map((id) => outcomeOf(client, id))), [
    'approved',
    'approved',
    'approved',
  ]);
  t.equal(await outcomeOf(client, other), null);
  t.strictSame(complaints, []);
});

test('options that read as the opposite are pointed out and not decided by key', { skip }, async (t) => {
  const { client, page } = await openInbox(t);
  await ask(client, 'Trap', { options: ['deny', 'approve'], approve_label: 'deny' });
  const card = page.getByRole('article', { name: 'Trap' });
  await card.getByText('the option “deny” is the one that approves').waitFor();
  await card.getByText('the option “approve” does not approve').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('d');
  await page.keyboard.press('a');
  await page.getByTestId('announcer').getByText('read them and use the buttons').waitFor();
  t.equal(await page.getByRole('button', { name: /^Undo/ }).count(), 0);
});

test('what a stranger wrote is shown as it is, and runs nothing', { skip }, async (t) => {
  const { client, page, complaints } = await openInbox(t);
  const hostile = '<img src=x onerror="document.title=1">\u202e\u200b';
  await client.post('/agents', {
    id: 'a',
    name: hostile,
    kind: hostile,
    display: { label: hostile, icon: hostile, accent: 'red;background:url(https://evil.example)' },
  });
  await ask(client, hostile, {
    agent_id: 'a',
    details: { command: hostile, [hostile]: hostile, diff: hostile, list: [hostile] },
    options: [hostile, 'deny'],
    approve_label: hostile,
  });
  const card = page.getByRole('article');
  await card.getByText('characters that cannot be seen').waitFor();
  t.equal(await page.locator('main img[src], main script').count(), 0);
  t.ok((await card.getByText('U+202E').count()) >= 5);
  await untilTrue(page, "document.title === '(1) Sallyport'");
  t.notMatch(await card.innerText(), /\u202e|\u200b/);
  t.strictSame(complaints, []);
});

test('a command is a line to run, and a diff has its lines one below the other', { skip }, async (t) => {
  const { client, page } = await openInbox(t);
  const diff = '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n-old\n+new';
  await ask(client, 'Change it', { details: { command: 'make', diff, rest: [1] } });
  const card = page.getByRole('article', { name: 'Change it' });
  await card.locator('.command').getByText('make').waitFor();
  await card.getByText('rest').waitFor();
  const { height = 0 } = (await card.locator('.diff pre').boundingBox()) ?? {};
  t.ok(height > 6 * 12 && height < 6 * 26, `six lines are ${height} px high`);
  t.equal(await card.locator('.diff .removed').textContent(), '-old\n');
  t.equal(await card.locator('.diff .added').textContent(), '+new\n');
});

test('an owner that is not connected is named, and what it refuses is said', { skip }, async (t) => {
  const { client, page, stream } = await openInbox(t);
  const { body } = await client.post('/approvals', { action: 'Owned' }, { session: 'owner-1' });
  const card = page.getByRole('article', { name: 'Owned' });
  await card.getByText('Owned by the session owner-1, which is not connected').waitFor();
  await card.getByRole('button', { name: /^deny/ }).click();
  await card.getByText('Not decided: ').waitFor();
  const owner = await stream('/events/stream?session_id=owner-1');
  await owner.hello();
  await card.getByText('Not decided: ').waitFor({ state: 'detached' });
  await card.getByText('Owned by the session owner-1: your decision is passed on to it').waitFor();
  // By key: a click this soon after the button has moved is not taken.
  await card.getByRole('button', { name: /^deny/ }).press('Enter');
  await card.getByText('Passed on to its owner, who has not answered yet').waitFor();
  await card.getByText('“deny” was passed on to its owner').waitFor();
  await client.post(`/approvals/${body.id}/resolve`, { resolution: 'deny' }, { session: 'owner-1' });
  await card.getByText('Denied by owner-1').waitFor();
  t.equal(await outcomeOf(client, body.id), 'denied');
});
