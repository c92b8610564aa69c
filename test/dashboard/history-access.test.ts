import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'tap';
import type { Client } from '../client.ts';
import { noBrowser, openDashboard } from './browser.ts';

const skip = noBrowser;
/** Evaluated by the debugger, which the policy of the page does not hold back. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function ask(client: Client): Promise<string> {
  const { body } = await client.post('/approvals', { action: 'Deploy?', agent_id: 'a', system_level: true });
  return body.id;
}

test('history, charts and one approval have no fault that axe finds', { skip }, async (t) => {
  const { client, context } = await openDashboard(t);
  const decided = await ask(client);
  const pending = await ask(client);
  await client.post(
    `/approvals/${decided}/resolve`,
    { resolution: 'deny', comment: 'no' },
    { session: 'ann' },
  );
  for (const colorScheme of ['light', 'dark'] as const) {
    const { open, complaints } = await context({ colorScheme });
    const views = ['#/history', '#/history?show=charts', `#/approvals/${decided}`, `#/approvals/${pending}`];
    for (const hash of [...views, '#/history?since=range&agent=nobody']) {
      const page = await open(hash);
      await page.locator('.record, .u-over, .happenings, .empty').first().waitFor();
      if (hash.endsWith('charts')) {
        await page.getByText('Show as a table').click();
      }
      await page.evaluate(axe);
      const violations = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
        'axe.run().then(({ violations }) => violations)',
      );
      t.strictSame(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        [],
        `${hash} ${colorScheme}`,
      );
      await page.close();
    }
    t.strictSame(complaints, []);
  }
});
