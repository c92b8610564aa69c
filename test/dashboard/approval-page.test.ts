import { type Test, test } from 'tap';
import { noBrowser, openDashboard } from './browser.ts';

const skip = noBrowser;

async function openApproval(t: Test, asked: object, session = 'test') {
  const opened = await openDashboard(t);
  const { body } = await opened.client.post('/approvals', { action: 'Deploy?', ...asked }, { session });
  const watched = await opened.context({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await watched.open(`#/approvals/${body.id}`);
  await page.getByRole('heading', { name: 'Deploy?' }).waitFor();
  return { ...opened, ...watched, page, id: body.id as string };
}

test('the page of an approval says all of it, and becomes final before your eyes', { skip }, async (t) => {
  const { page, client, id, complaints } = await openApproval(t, {
    system_level: true,
    agent_id: 'db-1',
    details: { command: 'make deploy' },
    expires_in_ms: 600_000,
  });
  for (const text of ['make deploy', 'Asked by test', 'any session may decide', 'approve (approves)', id]) {
    await page.locator('main').getByText(text).first().waitFor();
  }
  await page.getByRole('button', { name: /^approve/ }).waitFor();
  await client.post(
    `/approvals/${id}/resolve`,
    { resolution: 'deny', comment: 'not now' },
    { session: 'ann' },
  );
  await page.getByRole('blockquote').getByText('not now').waitFor();
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Decided by ann: “deny”' })
    .getByText(/event \d/)
    .waitFor();
  t.equal(await page.getByRole('button', { name: /^approve/ }).count(), 0);
  await page.getByText('Could be decided until').waitFor();
  await page.reload();
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Asked by test' })
    .getByText(/event \d/)
    .waitFor();
  await page.getByRole('link', { name: 'Everything this agent asked' }).click();
  await page.getByText('That is all: 1 approval.').waitFor();
  t.match(page.url(), /#\/history\?agent=db-1$/);
  t.strictSame(complaints, []);
});

test('what was passed on to the owner is told', { skip }, async (t) => {
  const { page, client, id, stream, complaints } = await openApproval(t, {}, 'owner-1');
  await (await stream('/events/stream?session_id=owner-1')).hello();
  const wish = { resolution: 'deny', comment: 'please' };
  await client.post(`/approvals/${id}/resolve`, wish, { session: 'bob' });
  await page.getByRole('listitem').getByText('“deny” passed on to its owner by bob').waitFor();
  await page.locator('.facts').getByText('please').waitFor();
  await page.reload();
  await page.getByRole('listitem').getByText('“deny” passed on to its owner by bob').waitFor();
  t.strictSame(complaints, []);
});

test('the link is copied, and where a browser does not allow it that is said', { skip }, async (t) => {
  const { page, id, context } = await openApproval(t, { system_level: true });
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied').first().waitFor();
  t.match(await page.evaluate('navigator.clipboard.readText()'), new RegExp(`/#/approvals/${id}$`));
  const other = await context.newPage();
  await other.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await other.goto(`/#/approvals/${id}`);
  await other.getByRole('button', { name: 'Copy link' }).click();
  await other.getByText('Copy it from the address bar').first().waitFor();
});

test('an approval that is not there says so', { skip }, async (t) => {
  const { context } = await openDashboard(t);
  const page = await (await context()).open('#/approvals/approval-000000000000');
  await page.getByText('There is no such approval').waitFor();
  t.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Approval');
});
