import { test } from 'tap';
import { bearer, startGuarded } from '../access/guarded.ts';
import { until } from '../http/parts.ts';
import { dashboardFolder, launch, noBrowser, openDashboard, untilTrue, watch } from './browser.ts';

const skip = noBrowser;

test('an agent asks and waits, a person clicks, and the wait is answered', { skip }, async (t) => {
  const { client, context } = await openDashboard(t);
  await client.post('/agents', { id: 'deployer', name: 'Deployer', kind: 'external' });
  const { open, complaints } = await context();
  const page = await open();
  await page.getByTestId('status').getByText('live').waitFor();
  await page.getByText('Nothing waits for you').waitFor();
  const waiting = client.post('/approvals/wait', {
    agent_id: 'deployer',
    action: 'Deploy 1.4.2',
    details: { command: 'make deploy' },
  });
  const card = page.getByRole('article', { name: 'Deploy 1.4.2' });
  await card.getByText('make deploy').waitFor();
  await card.getByText('Deployer').waitFor();
  await untilTrue(page, "document.title === '(1) Sallyport'");
  await card.getByRole('button', { name: 'Add a comment' }).click();
  await card.getByLabel('Comment').fill('looks right');
  await card.getByRole('button', { name: /^approve/ }).click();
  const { body } = await waiting;
  t.match(body, { outcome: 'approved', approval: { comment: 'looks right', resolution: 'approve' } });
  t.match(body.approval.decided_by.session_id, /^dashboard-[0-9a-f]{12}$/);
  await card.getByText('Approved by you').waitFor();
  await until(async () => (await page.title()) === 'Sallyport');
  const { sessions } = (await client.get('/sessions')).body;
  t.match(sessions, [{ session_id: body.approval.decided_by.session_id, streams: 1 }]);
  t.strictSame(complaints, []);
});

test('a person signs in, is led to where they wanted to go, decides, and signs out', { skip }, async (t) => {
  const dashboard = await dashboardFolder();
  const service = await startGuarded(t, { dashboard });
  const { client, tokens, url } = service;
  const { body } = await client.post('/approvals', { action: 'Deploy?', system_level: true });
  const { open, complaints } = await watch(await launch(t), url);
  const page = await open(`#/approvals/${body.id}`);
  await page.getByRole('heading', { name: 'Sign in to Sallyport' }).waitFor();
  t.notMatch(await page.content(), 'Deploy?');
  await page.getByLabel('Token').fill('spt_nonsense');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('this is not a token').waitFor();
  // A browser reports every answer that is an error.
  t.match(complaints.splice(0), [/401/]);
  await page.getByLabel('Token').fill(tokens.operator);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Deploy?' }).waitFor();
  t.equal(new URL(page.url()).hash, `#/approvals/${body.id}`);
  await page.getByRole('button', { name: /^deny/ }).click();
  await page.locator('main').getByText('Denied by you').waitFor();
  const decided = await client.get(`/approvals/${body.id}`);
  t.match(decided.body, { outcome: 'denied', decided_by: { principal: 'token:operator' } });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  t.notMatch(await page.content(), 'Deploy?', 'nothing stays on the screen');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Token').waitFor();
  t.strictSame(
    complaints.filter((complaint) => !/401/.test(complaint)),
    [],
  );
  t.match((await fetch(`${url}/sessions`, { headers: bearer(tokens.viewer) })).status, 200);
});

test('a viewer sees what waits, and why it is not theirs to decide', { skip }, async (t) => {
  const service = await startGuarded(t, { dashboard: await dashboardFolder() });
  await service.client.post('/approvals', { action: 'Deploy?', system_level: true });
  const { open, complaints } = await watch(await launch(t), service.url);
  const page = await open();
  await page.getByLabel('Token').fill(service.tokens.viewer);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const card = page.getByRole('article', { name: 'Deploy?' });
  await card.waitFor();
  await page.getByText('Your role, viewer, may look but not decide').waitFor();
  t.ok(await card.getByRole('button', { name: /^approve/ }).isDisabled());
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  t.equal(await page.getByRole('button', { name: /Undo/ }).count(), 0);
  t.strictSame(complaints, []);
});
