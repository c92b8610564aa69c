import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { noBrowser, openDashboard } from './browser.ts';

/** Nothing that an agent says is more than text, wherever it is shown. */

const skip = noBrowser;
const VIEWS = [
  ...readFileSync(new URL('../../src/dashboard/views.ts', import.meta.url), 'utf8').matchAll(
    /href: '([^']+)'/g,
  ),
].map(([, href]) => String(href));

const MARKUP = '<img src=x onerror="harmed=1"><script>harmed=2</script>';
const HOSTILE = `${MARKUP}\u202egnp.exe\u2066\u200b\u0007\u001b[31m\u0000 javascript:harmed=3`;
const UNSEEN = ['\u202e', '\u2066', '\u200b', '\u0007', '\u001b'];
const ICONS = [MARKUP, 'javascript:harmed=4', 'https://evil.example/x.png', '\u202e', ''];
const ACCENTS = [
  'red;background:url(https://evil.example)',
  '#fff}*{display:none',
  'url(//evil.example)',
  '#0a84ff',
];

test('what is hostile is text on every view', { skip }, async (t) => {
  const { client, context, logged } = await openDashboard(t);
  const long = `${HOSTILE}${'very long '.repeat(38)}`;
  const ids: string[] = [];
  for (const [index, icon] of ICONS.entries()) {
    const agent = await client.post('/agents', {
      id: `a${index}`,
      name: HOSTILE,
      kind: 'builtin',
      project: HOSTILE,
      capabilities: [HOSTILE],
      metadata: { [MARKUP]: HOSTILE },
      display: { label: index % 2 === 0 ? HOSTILE : null, icon, accent: ACCENTS[index] },
    });
    t.equal(agent.status, 201, JSON.stringify(agent.body).slice(0, 300));
    const reported = await client.put(`/agents/a${index}/status`, {
      status: 'running',
      current_task: long,
      payload: { [MARKUP]: long },
    });
    t.equal(reported.status, 200, JSON.stringify(reported.body).slice(0, 300));
    const asked = await client.post('/approvals', {
      agent_id: `a${index}`,
      action: index === 0 ? long : HOSTILE,
      system_level: true,
      details: { command: long, [MARKUP]: HOSTILE, diff: HOSTILE, list: [HOSTILE] },
      options: [HOSTILE, 'deny'],
      approve_label: HOSTILE,
    });
    t.equal(asked.status, 201, JSON.stringify(asked.body).slice(0, 300));
    ids.push(asked.body.id);
  }
  await client.post(`/approvals/${ids[0]}/resolve`, { resolution: HOSTILE, comment: long });
  await client.post('/events', {
    kind: 'host.notification',
    message: long,
    payload: { [MARKUP]: long },
  });
  const { open, complaints } = await context();
  const page = await open();
  for (const hash of [...VIEWS, `#/approvals/${ids[0]}`, `#/approvals/${ids[1]}`]) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.getByTestId('status').getByText('live').waitFor();
    await page.locator('main h1').first().waitFor();
    if (hash !== '#/history') {
      await page.locator('main').getByText('harmed=').filter({ visible: true }).first().waitFor();
    }
    const harm = await page.evaluate(`({
      harmed: globalThis.harmed,
      images: document.querySelectorAll('main img, main script, main iframe, main [onerror]').length,
      links: [...document.querySelectorAll('a[href]')].filter((link) => !link.getAttribute('href').startsWith('#')).length,
      styles: [...document.querySelectorAll('[style]')].filter((one) => /url|evil/.test(one.getAttribute('style'))).length,
      turned: /[\\u202e\\u2066\\u200b\\u0007\\u001b]/.test(document.body.innerText + document.title),
      wide: document.documentElement.scrollWidth > innerWidth,
    })`);
    t.strictSame(
      harm,
      { harmed: undefined, images: 0, links: 0, styles: 0, turned: false, wide: false },
      hash,
    );
    for (const attribute of ['title', 'aria-label', 'placeholder']) {
      const values: string[] = await page.evaluate(
        `[...document.querySelectorAll('[${attribute}]')].map((one) => one.getAttribute('${attribute}'))`,
      );
      t.notOk(
        values.some((value) => UNSEEN.some((character) => value.includes(character))),
        `${hash}: ${attribute}`,
      );
    }
  }
  t.strictSame(complaints, []);
  t.ok(logged.length > 0);
});

test('no address of the page leads away, and nobody shows it in a frame', { skip }, async (t) => {
  const { url, client, browser } = await openDashboard(t);
  for (const path of ['/', '/login']) {
    const { headers } = await client.get(path);
    t.match(headers['content-security-policy'], /frame-ancestors 'none'/);
    t.match(headers['x-frame-options'], /deny/i);
  }
  const { text: script } = await client.get('/login.js');
  t.match(script, "location.hash.startsWith('#/')");
  const page = await browser.newPage({ baseURL: url });
  const attempts = [
    '#//evil.example',
    '#/\\evil.example',
    '#/javascript:globalThis.harmed=1',
    '#/approvals/../../x',
  ];
  for (const hash of attempts) {
    await page.goto(`/${hash}`);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    t.equal(new URL(page.url()).origin, url);
    t.equal(await page.evaluate('globalThis.harmed'), undefined);
  }
});
