import { test } from 'tap';
import { noBrowser, openDashboard, untilTrue } from './browser.ts';

const skip = noBrowser;

/** Less than the figures of docs/benchmarks.md, so that a slow machine is quick enough: what is bounded is what counts. */
const AGENTS = 300;
const PENDING = 600;
const EVENTS = 600;
const NODES_MAX = 2500;
/** Generous: it is only here to see that nothing grows with the number of rows. */
const TASK_MAX_MS = 3000;

test('a page with very much to show stays small, and goes on', { skip }, async (t) => {
  const { url, context, client } = await openDashboard(t);
  const send = (method: string, path: string, body: object) =>
    fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Session-Id': 'load' },
      body: JSON.stringify(body),
    }).then((answer) => answer.arrayBuffer());
  const many = async (count: number, each: (index: number) => Promise<unknown>) => {
    for (let from = 0; from < count; from += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, at) => each(from + at)));
    }
  };
  await many(AGENTS, (index) =>
    send('POST', '/agents', { id: `agent-${index}`, name: `Agent ${index}`, kind: 'k' }),
  );
  await many(PENDING, (index) =>
    send('POST', '/approvals', {
      agent_id: `agent-${index % AGENTS}`,
      action: `Step ${index}`,
      system_level: true,
      details: { command: `make ${index}`, text: 'x'.repeat(500) },
    }),
  );
  const { context: window, open, complaints } = await context();
  await window.addInitScript(`
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask', buffered: true });
  `);
  const page = await open();
  await page.getByRole('article', { name: 'Step 0', exact: true }).waitFor();
  const nodes = async () => Number(await page.evaluate('document.querySelectorAll("*").length'));
  t.ok((await nodes()) < NODES_MAX, `${await nodes()} elements`);
  await many(EVENTS, (index) =>
    index % 10 === 0
      ? send('POST', '/approvals', { action: `New ${index}`, system_level: true })
      : send('PUT', `/agents/agent-${index % AGENTS}/status`, {
          status: 'running',
          current_task: `${index}`,
        }),
  );
  await untilTrue(page, `document.title === '(${PENDING + EVENTS / 10}) Sallyport'`);
  for (const hash of ['#/agents', '#/events', '#/history', '#/']) {
    await page.evaluate(`location.hash = '${hash}'`);
    await page.locator('main h1').first().waitFor();
    t.ok((await nodes()) < NODES_MAX, `${hash}: ${await nodes()} elements`);
  }
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await untilTrue(page, 'document.querySelectorAll("article").length > 1');
  t.ok((await nodes()) < NODES_MAX, `scrolled: ${await nodes()} elements`);
  t.ok(Number(await page.evaluate('longest')) < TASK_MAX_MS, 'no task grows with what there is');
  t.equal((await client.get('/sessions')).body.sessions.length, 1);
  t.strictSame(complaints, []);
});
