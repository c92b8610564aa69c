import { test } from 'tap';
import { MIN_SEQ_WAIT_MS } from '../../src/http/headers.ts';
import { start } from '../service.ts';
import { startOver, TestJournal } from './parts.ts';
import { isProblem } from './problems.ts';
import { exchange, request } from './raw.ts';

const CHANGES = [
  ['POST', '/agents'],
  ['PUT', '/agents/a/status'],
  ['DELETE', '/agents/a'],
  ['POST', '/approvals'],
  ['POST', '/approvals/approval-000000000000/resolve'],
  ['POST', '/approvals/approval-000000000000/cancel'],
  ['POST', '/approvals/wait'],
  ['POST', '/events'],
] as const;

test('every change needs a session, and says so before it looks at the body', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const [method, path] of CHANGES) {
    const bodies = method === 'DELETE' ? [undefined] : [undefined, '{"broken', '{"unknown":1}'];
    for (const body of bodies) {
      isProblem(t, await client.call(method, path, { session: null, body }), 400, 'session-required');
      isProblem(t, await client.call(method, path, { session: '', body }), 400, 'session-required');
      isProblem(t, await client.call(method, path, { session: '  ', body }), 400, 'session-required');
    }
    const malformed = await client.call(method, path, { session: 'not a name', body: '{"broken' });
    isProblem(t, malformed, 400, 'validation-failed', ['X-Session-Id']);
  }
  t.match((await client.post('/events', {}, { session: null })).body.detail, /'X-Session-Id'/);
  t.strictSame((await client.get('/events')).body, { events: [] }, 'nothing has changed');
});

test('a session is 1-128 characters of its alphabet, and one', async (t) => {
  const { client, url } = await start(t, { store: 'memory:' });
  for (const session of ['a', 'AZaz09._:-', 'x'.repeat(128)]) {
    t.equal((await client.post('/events', {}, { session })).status, 201, session);
  }
  for (const session of ['x'.repeat(129), 'a b', 'a/b', 'a,b', '"a"', 'caf\u00e9']) {
    isProblem(t, await client.post('/events', {}, { session }), 400, 'validation-failed', ['X-Session-Id']);
  }
  const twice = request('POST /events', ['X-Session-Id: other']);
  isProblem(t, await exchange(t, url, twice), 400, 'validation-failed', ['X-Session-Id']);
});

test('reading needs no session', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: approval } = await client.post('/approvals', { action: 'a' });
  const paths = [
    '/agents',
    '/approvals',
    `/approvals/${approval.id}`,
    `/approvals/${approval.id}/wait?timeout_ms=0`,
    '/events',
    '/sessions',
  ];
  for (const path of paths) {
    t.equal((await client.get(path, { session: null })).status, 200, path);
    t.equal((await client.get(path, { session: 'not a name' })).status, 200, `${path}: and looks at none`);
  }
});

test('an idempotency key is 1-255 visible ASCII characters, and one', async (t) => {
  const { client, url } = await start(t, { store: 'memory:' });
  const send = (path: string, key: string) =>
    client.post(path, { action: 'a' }, { headers: { 'Idempotency-Key': key } });
  for (const key of ['!', '~', 'k'.repeat(255), '{"json":1}']) {
    t.equal((await send('/approvals', key)).status, 201, key);
  }
  for (const path of ['/approvals', '/approvals/wait']) {
    for (const key of ['', 'k'.repeat(256), 'a b', 'caf\u00e9']) {
      isProblem(t, await send(path, key), 400, 'validation-failed', ['Idempotency-Key']);
    }
    const lines = ['Idempotency-Key: a', 'Idempotency-Key: b', 'Content-Type: application/json'];
    const twice = request(`POST ${path}`, [...lines, 'Content-Length: 14'], '{"action":"a"}');
    isProblem(t, await exchange(t, url, twice), 400, 'validation-failed', ['Idempotency-Key']);
  }
  t.equal((await client.get('/approvals')).body.approvals.length, 4, 'the refused ones made nothing');
});

test('Sallyport-Min-Seq waits for the state that includes it, and for 5 s at most', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const min = (seq: string) => ({ headers: { 'Sallyport-Min-Seq': seq } });
  const began = performance.now();
  const late = client.get('/agents', min('3'));
  const inTime = client.get('/events', min('2'));

  t.equal((await client.get('/agents', min('0'))).status, 200, 'zero is always there');
  t.equal((await client.post('/events', {})).headers['sallyport-seq'], '1');
  t.equal((await client.get('/events', min('1'))).body.events.length, 1, 'what is there is answered at once');
  for (const seq of ['', '-1', '+1', '01', '1e2', '1.0', 'x', '12345678901234567']) {
    const answer = await client.get('/sessions', min(seq));
    isProblem(t, answer, 400, 'validation-failed', ['Sallyport-Min-Seq']);
  }
  await client.post('/events', {});
  t.equal((await inTime).body.events.length, 2, 'one that waited sees what it waited for');

  const answer = await late;
  isProblem(t, answer, 503, 'storage-unavailable');
  t.match(answer.body.detail, /event 3.*newest it knows is 2/);
  t.equal(answer.headers['retry-after'], '1');
  t.ok(performance.now() - began >= MIN_SEQ_WAIT_MS - 50, 'after 5 s');
  t.equal(MIN_SEQ_WAIT_MS, 5000);
});

test('a request that waits for a seq does not hold up a stop', async (t) => {
  const journal = new TestJournal();
  const { client, host } = await startOver(t, journal);
  const late = client.get('/agents', { headers: { 'Sallyport-Min-Seq': '9' } });
  await client.get('/agents');
  await host.stop();
  const [parked, after] = [
    await late,
    await client.get('/agents', { headers: { 'Sallyport-Min-Seq': '9' } }),
  ];
  for (const answer of [parked, after]) {
    isProblem(t, answer, 503, 'shutting-down');
  }
  t.equal(after.headers.connection, 'close', 'nobody stays');
  t.equal((await client.get('/agents', { headers: { 'Sallyport-Min-Seq': '0' } })).status, 200);
});

test('a request without Host is refused in HTTP/1.1 and taken in HTTP/1.0', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  const bare = 'GET /agents HTTP/1.1\r\nConnection: close\r\n\r\n';
  isProblem(t, await exchange(t, url, bare), 400, 'validation-failed', ['Host']);
  t.equal((await exchange(t, url, 'GET /agents HTTP/1.0\r\n\r\n')).status, 200);
});
