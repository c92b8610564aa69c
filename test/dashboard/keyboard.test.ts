import { test } from 'tap';
import { noBrowser, openDashboard } from './browser.ts';

const skip = noBrowser;

test('all of it can be done by keyboard, and the focus is seen', { skip }, async (t) => {
  const { client, context } = await openDashboard(t);
  const { open, complaints } = await context();
  const page = await open();
  await page.getByTestId('status').getByText('live').waitFor();
  const ids: string[] = [];
  for (const action of ['One', 'Two']) {
    ids.push((await client.post('/approvals', { action, system_level: true })).body.id);
  }
  await page.getByRole('article', { name: 'Two' }).waitFor();
  const stops: string[] = [];
  for (let count = 0; count < 30 && !stops.at(-1)?.startsWith('deny'); count++) {
    await page.keyboard.press('Tab');
    const [label, isSeen] = (await page.evaluate(`(() => {
      const at = document.activeElement;
      const shown = at.matches('article') ? at.querySelector('.card') : at;
      const style = getComputedStyle(shown);
      const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      return [at.ariaLabel || at.textContent || at.placeholder || at.dataset.key, seen];
    })()`)) as [string, boolean];
    t.ok(isSeen, `the focus is seen: ${label.slice(0, 40)}`);
    stops.push(label);
  }
  const places = ['Skip', 'Sallyport', 'Inbox', 'Agents', 'Events', 'History', 'approve', 'Add a comment'];
  const order = places.map((place) => stops.findIndex((stop) => stop.trim().startsWith(place)));
  t.ok(order.slice(0, 7).every((at, index) => at >= 0 && (index === 0 || at > Number(order[index - 1]))));
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'One' }).getByText('Denied by you').waitFor();
  t.equal(await page.evaluate('document.activeElement.dataset.key'), ids[0], 'the focus stays in the row');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Two', level: 1 }).waitFor();
  await page.keyboard.press('a');
  await page.locator('main').getByText('Approved by you').waitFor();
  t.equal((await client.get(`/approvals/${ids[1]}`)).body.outcome, 'approved');
  t.strictSame(complaints, []);
});
