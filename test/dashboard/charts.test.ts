import { type Test, test } from 'tap';
import type { Client } from '../client.ts';
import { noBrowser, openDashboard, untilTrue } from './browser.ts';

const skip = noBrowser;
async function decide(client: Client, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const { body } = await client.post('/approvals', { action: `Step ${index}`, system_level: true });
    const resolution = index % 4 === 0 ? 'deny' : 'approve';
    await client.post(`/approvals/${body.id}/resolve`, { resolution }, { session: 'ann' });
  }
}

async function openCharts(t: Test, count: number) {
  const opened = await openDashboard(t);
  await decide(opened.client, count);
  const watched = await opened.context();
  const page = await watched.open('#/history?show=charts');
  await page.getByTestId('status').getByText('live').waitFor();
  return { ...opened, ...watched, page };
}

test('charts show how long decisions take and what waits, in pictures and as a table', {
  skip,
}, async (t) => {
  const { page, client, complaints } = await openCharts(t, 8);
  await page.getByText('Made of 8 approvals.').waitFor();
  await page.locator('.u-over').nth(1).waitFor();
  t.equal(await page.getByRole('img', { name: /a chart/ }).count(), 2);
  const figures = page.locator('.figures');
  await figures.getByText('75 %').waitFor();
  await page.getByText('Show as a table').click();
  // In two rows, should the hour have ended meanwhile.
  const rows = await page.locator('tbody tr').all();
  const decided = await Promise.all(rows.map((row) => row.getByRole('cell').first().innerText()));
  t.equal(
    decided.reduce((sum, count) => sum + Number(count), 0),
    8,
  );
  await page.locator('.u-over').first().hover();
  await page.getByText(/: median .*, 95th percentile .*, \d decided/).waitFor();
  const { body } = await client.post('/approvals', { action: 'One more', system_level: true });
  await page.getByText('Made of 9 approvals.').waitFor();
  await client.post(`/approvals/${body.id}/resolve`, { resolution: 'approve' }, { session: 'ann' });
  await figures.getByText('78 %').waitFor();
  t.strictSame(complaints, [], 'the policy allows all that uPlot does');
});

test('charts fit the window that they are in', { skip }, async (t) => {
  const { page } = await openCharts(t, 3);
  const width = () => page.evaluate<number>("document.querySelector('.uplot canvas').clientWidth");
  await page.locator('.uplot canvas').first().waitFor();
  const wide = await width();
  await page.setViewportSize({ width: 320, height: 700 });
  await untilTrue(page, `document.querySelector('.uplot canvas').clientWidth < ${Math.min(wide, 320)}`);
  t.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= 320);
});

test('charts of nothing say so, and what draws them is fetched only with them', { skip }, async (t) => {
  const { page, open } = await openCharts(t, 0);
  await page.getByText('no approval matches the filter').waitFor();
  const fetched = "performance.getEntriesByType('resource').some(({ name }) => name.includes('uPlot'))";
  const other = await open('#/history');
  await other.getByText('Nothing has been decided yet').waitFor();
  t.equal(await other.evaluate(fetched), false);
});
