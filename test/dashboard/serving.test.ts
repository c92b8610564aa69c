import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type Test, test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import type { Client } from '../client.ts';
import { isProblem } from '../http/problems.ts';
import { start } from '../service.ts';
import { dashboardFolder } from './browser.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';

async function startBuilt(t: Test) {
  return start(t, { store: 'memory:', dashboard: await dashboardFolder() });
}

/** The paths of all that the page loads, at once or later: the worker of its script, and what draws charts. */
async function assetsOf(client: Client): Promise<string[]> {
  const { text } = await client.get('/');
  const named = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => String(path));
  const script = String(named.find((path) => path.endsWith('.js')));
  const { text: code } = await client.get(script);
  const [worker = 'none'] = /\/assets\/worker-[\w-]+\.js/.exec(code) ?? [];
  const [, charts = 'none'] = /import\("\.\/(uPlot[\w.-]+\.js)"\)/.exec(code) ?? [];
  return [...named, worker, `/assets/${charts}`];
}

/** Bytes as they came, and how they were compressed. */
function fetchRaw(url: string, encoding: string): Promise<{ coding: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { 'Accept-Encoding': encoding } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) {
        chunks.push(chunk);
      }
      resolve({ coding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) });
    });
    sent.on('error', reject).end();
  });
}

test('the page is asked for each time, what it loads is kept for ever', async (t) => {
  const { client } = await startBuilt(t);
  const page = await client.get('/', { session: null });
  t.match(page, { status: 200, headers: { 'content-type': /^text\/html/, 'cache-control': 'no-cache' } });
  const again = await client.get('/', { headers: { 'If-None-Match': String(page.headers.etag) } });
  t.match(again, { status: 304, text: '' });
  const assets = await assetsOf(client);
  t.strictSame(
    assets.map((path) => path.replace(/-(?:[0-9a-f]{12}|[0-9A-Z]{8})(?=\.)/, '')),
    ['/assets/dashboard.css', '/assets/dashboard.js', '/assets/worker.js', '/assets/uPlot.esm.js'],
  );
  for (const path of assets) {
    const { status, headers } = await client.get(path);
    t.equal(status, 200, path);
    t.match(headers, { 'cache-control': FOR_EVER, 'x-content-type-options': 'nosniff' });
    t.match(headers['content-type'], path.endsWith('.css') ? /^text\/css/ : /javascript/);
    t.match(await client.call('HEAD', path), { status: 200, text: '' });
    isProblem(t, await client.post(path, {}), 405, 'method-not-allowed');
  }
});

test('it is sent compressed to who takes that, and is the same', async (t) => {
  const { client, url } = await startBuilt(t);
  for (const path of ['/', ...(await assetsOf(client))]) {
    const plain = await fetchRaw(url + path, 'identity');
    const brotli = await fetchRaw(url + path, 'gzip, deflate, br');
    const gzip = await fetchRaw(url + path, 'gzip');
    t.strictSame([plain.coding, brotli.coding, gzip.coding], [undefined, 'br', 'gzip'], path);
    t.ok(brotliDecompressSync(brotli.bytes).equals(plain.bytes));
    t.ok(gunzipSync(gzip.bytes).equals(plain.bytes));
  }
});

test('what is no file of it is not there', async (t) => {
  const { client } = await startBuilt(t);
  for (const path of [
    'nothing.js',
    '..%2findex.html',
    '..%2f..%2fpackage.json',
    '%00',
    '.',
    'dashboard.js',
  ]) {
    const answer = await client.get(`/assets/${path}`);
    t.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
    t.notMatch(answer.text, /dependencies|<html/);
  }
  isProblem(t, await client.get('/assets/nothing.js'), 404, 'route-not-found');
});

test('the page and its worker run nothing but their own and talk to nobody else', async (t) => {
  const { client } = await startBuilt(t);
  for (const path of ['/', ...(await assetsOf(client))]) {
    const { headers, text } = await client.get(path);
    const policy = String(headers['content-security-policy']).split(/; ?/);
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
    ]) {
      t.ok(policy.includes(rule), `${path}: ${rule}`);
    }
    if (!path.endsWith('.js')) {
      t.notMatch(text, /<script(?![^>]*\bsrc=)[^>]*>|\sstyle="|@import|url\(/i);
    }
    const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host);
    // Names of kinds of elements, not addresses.
    t.strictSame(
      hosts.filter((host) => host !== 'www.w3.org'),
      [],
    );
  }
});

test('with credentials nobody gets any of it who is not signed in', async (t) => {
  const { client, tokens } = await startGuarded(t, { dashboard: await dashboardFolder() });
  const assets = await assetsOf(client);
  const nobody = client.as(null);
  const Accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  t.match(await nobody.get('/', { headers: { Accept } }), { status: 303, headers: { location: '/login' } });
  for (const path of assets) {
    isProblem(t, await nobody.get(path), 401, 'unauthenticated');
  }
  const signedIn = await nobody.post('/login', { token: tokens.viewer });
  const [Cookie = ''] = String(signedIn.headers['set-cookie']).split(';', 1);
  for (const path of ['/', ...assets]) {
    t.equal((await nobody.get(path, { headers: { Cookie } })).status, 200, path);
  }
});

test('a service that was not built says what to run', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  t.match(await client.get('/'), { status: 200, text: /npm run build/ });
  isProblem(t, await client.get('/assets/dashboard.js'), 404, 'route-not-found');
});
