import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { test } from 'tap';
import { noBrowser, openDashboard, untilTrue } from './browser.ts';

const skip = noBrowser;

const AGENTS = 5000;
const PENDING = 2000;
const EVENTS_PER_SECOND = 200;
const SECONDS = 3;
const NODES_MAX = 2500;
/** With those that were in the document and that something still refers to. */
const KEPT_NODES_MAX = 6000;
/** What a task's thread computes, so that others do not count: 50 ms, and as much again on a slow machine. */
const TASK_CPU_MAX_MS = 100;
const CATEGORIES = ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'];

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Of its thread, in microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** What the costliest task of the pages and of their workers has computed while something was done. */
async function costliestTaskMs(browser: Browser, page: Page, act: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const threads = new Set(
    traceEvents
      .filter(
        ({ name, args }) => name === 'thread_name' && /^CrRendererMain|Worker thread/.test(`${args.name}`),
      )
      .map(threadOf),
  );
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && threads.has(threadOf(event)));
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000));
}

test('a page with very much to show stays small and quick', { skip }, async (t) => {
  const { url, browser, context, client } = await openDashboard(t);
  const send = async (method: string, path: string, body: object) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Session-Id': 'load' },
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
  };
  const many = async (count: number, each: (index: number) => Promise<void>) => {
    for (let from = 0; from < count; from += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, at) => each(from + at)));
    }
  };
  let happened = 0;
  const goOn = async () => {
    const begunAt = performance.now();
    for (let sent = 0; sent < SECONDS * EVENTS_PER_SECOND; sent++) {
      await sleep(begunAt + (sent * 1000) / EVENTS_PER_SECOND - performance.now());
      happened += 1;
      await (happened % 10 === 0
        ? send('POST', '/approvals', { action: `New ${happened}`, system_level: true })
        : send('PUT', `/agents/agent-${happened % AGENTS}/status`, {
            status: 'running',
            current_task: `${happened}`,
          }));
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
  const { open, complaints } = await context();
  const page = await open('#/nothing');
  const nodes = async () => Number(await page.evaluate('document.querySelectorAll("*").length'));
  const cdp = await page.context().newCDPSession(page);
  const keptNodes = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Memory.getDOMCounters')).nodes;
  };
  const goTo = async (hash: string) => {
    await page.evaluate(`location.hash = '${hash}'`);
    await page.locator('main h1').first().waitFor();
  };
  const check = async (place: string, act: () => Promise<void>) => {
    const ms = await costliestTaskMs(browser, page, act);
    t.ok(ms > 0 && ms < TASK_CPU_MAX_MS, `${place}: a task took ${ms} ms of its thread's time`);
    t.ok((await nodes()) < NODES_MAX, `${place}: ${await nodes()} elements`);
    const kept = await keptNodes();
    t.ok(kept < KEPT_NODES_MAX, `${place}: ${kept} nodes are kept`);
  };
  await check('the start', async () => {
    await page.reload();
    await goTo('#/');
    await page.getByRole('article', { name: 'Step 0', exact: true }).waitFor();
  });
  for (const hash of ['#/', '#/agents', '#/events', '#/history']) {
    await check(hash, async () => {
      await goTo(hash);
      await goOn();
      await untilTrue(page, `document.title === '(${PENDING + happened / 10}) Sallyport'`);
    });
  }
  await check('scrolled', async () => {
    await goTo('#/');
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await untilTrue(page, 'document.querySelectorAll("article").length > 1');
  });
  await check('another tab', async () => {
    const other = await open();
    await other.getByRole('article', { name: 'Step 0', exact: true }).waitFor();
  });
  t.equal((await client.get('/sessions')).body.sessions.length, 1);
  t.strictSame(complaints, []);
});
