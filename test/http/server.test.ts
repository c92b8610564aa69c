import { test } from 'tap';
import { start } from '../service.ts';
import { exchange, request } from './raw.ts';

test('every answer has a request id of its own, and the log names the request by it', async (t) => {
  const { client, logged, url } = await start(t, { store: 'memory:' });
  const answers = [
    await client.get('/'),
    await client.get('/agents', { headers: { 'X-Request-Id': 'mine', 'Request-Id': 'mine' } }),
    await client.post('/events', {}),
    await client.post('/events', '{'),
    await client.get('/nothing'),
    await client.get('/%zz'),
    await client.call('PATCH', '/agents'),
    await client.get('/docs'),
    await client.get('/openapi.json'),
    await client.get('/metrics'),
    await exchange(t, url, request('GET /agents')),
  ];
  const broken = await exchange(t, url, 'garbage\r\n\r\n');
  const ids = [...answers, broken].map(({ headers }) => headers['x-request-id'] as string);
  for (const id of ids) {
    t.match(id, /^request-[0-9a-f]{12,}$/);
  }
  t.equal(new Set(ids).size, ids.length);
  for (const { status, headers } of answers.filter((_, index) => index !== 5)) {
    const line = logged.find(({ reqId, msg }) => reqId === headers['x-request-id'] && msg === 'answered');
    t.match(line, { level: 20, method: /^[A-Z]+$/, url: /^\//, status, ms: Number });
  }
});

test('the page at / says where to look', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { status, headers, text } = await client.get('/', { session: null });
  t.equal(status, 200);
  t.match(headers['content-type'], 'text/html; charset=utf-8');
  const links = [...text.matchAll(/(?:href|src)="([^"]+)"/g)]
    .map(([, link]) => link as string)
    .filter((link) => !link.startsWith('data:'));
  t.ok(links.includes('/docs'));
  for (const link of links) {
    t.equal((await client.get(link)).status, 200, link);
  }
});

test('a version of the interface that somebody asks for is ignored', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  t.equal((await client.get('/agents', { headers: { 'Accept-Version': '2.x' } })).status, 200);
});
