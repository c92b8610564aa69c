import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'tap';
import { start } from '../service.ts';
import { until } from './parts.ts';
import { isProblem } from './problems.ts';

const STREAM = '/events/stream';

test('a stream has the headers that keep proxies from holding it back', async (t) => {
  const { stream, client } = await start(t, { store: 'memory:' });
  const opened = await stream();
  t.equal(opened.status, 200);
  t.match(opened.headers, {
    'content-type': /^text\/event-stream/,
    'cache-control': /no-cache|no-store/,
    'x-accel-buffering': 'no',
    'x-request-id': /^request-[0-9a-f]+$/,
  });
  t.match(await opened.hello(), { data: { seq: 0, resumed_from: null, gap: false, session_id: null } });
  t.match(opened.frames[0], { retry: '2000' });
  t.strictSame((await client.get('/sessions')).body.sessions, [], 'it counts for no session');
});

test('the session of a stream is the one of the header or of the query', async (t) => {
  const { stream, client } = await start(t, { store: 'memory:' });
  for (const [query, header] of [
    ['?session_id=ui-1', undefined],
    ['', 'ui-1'],
    ['?session_id=ui-1', 'ui-1'],
    ['?session_id=ui-1', ''],
  ]) {
    const opened = await stream(STREAM + query, header === undefined ? {} : { 'X-Session-Id': header });
    t.equal((await opened.hello()).data.session_id, 'ui-1');
  }
  t.match((await client.get('/sessions')).body.sessions, [
    { session_id: 'ui-1', principal: null, streams: 4 },
  ]);
  const get = (query: string, session: string | null) => client.get(STREAM + query, { session });
  isProblem(t, await get('?session_id=ui-1', 'ui-2'), 400, 'validation-failed', ['session_id']);
  isProblem(t, await get('?session_id=a%20b', null), 400, 'validation-failed', ['session_id']);
  isProblem(t, await get('?session_id=', null), 400, 'validation-failed', ['session_id']);
  isProblem(t, await get('?session_id=a&session_id=a', null), 400, 'validation-failed', ['session_id']);
  isProblem(t, await get('', 'a b'), 400, 'validation-failed', ['X-Session-Id']);
  isProblem(t, await get('?agent_id=a%20b', null), 400, 'validation-failed', ['agent_id']);
});

test('a stream resumes where the header says, else where the query says', async (t) => {
  const { stream, client } = await start(t, { store: 'memory:' });
  for (let index = 0; index < 3; index++) {
    await client.post('/events', {});
  }
  const resumed = async (query: string, headers: Record<string, string> = {}) =>
    (await (await stream(STREAM + query, headers)).hello()).data.resumed_from;
  t.equal(await resumed('?last_event_id=1'), 1);
  t.equal(await resumed('', { 'Last-Event-ID': '2' }), 2);
  t.equal(await resumed('?last_event_id=1', { 'Last-Event-ID': '2' }), 2);
  t.equal(await resumed('?last_event_id=nonsense', { 'Last-Event-ID': '2' }), 2);
  t.equal(await resumed('?last_event_id=1', { 'Last-Event-ID': '' }), 1);
  t.equal(await resumed('', { 'Last-Event-ID': '' }), null);
  for (const id of [
    'nonsense',
    '-1',
    '1.5',
    '7f3a9c21',
    '7f3a9c21-',
    'XXXXXXXX-1',
    '7f3a9c2-1',
    '1 2',
    '9'.repeat(21),
  ]) {
    const query = await client.get(`${STREAM}?last_event_id=${encodeURIComponent(id)}`);
    isProblem(t, query, 400, 'validation-failed', ['last_event_id']);
    const header = await client.get(STREAM, { headers: { 'Last-Event-ID': id } });
    isProblem(t, header, 400, 'validation-failed', ['Last-Event-ID']);
  }
  isProblem(t, await client.get(`${STREAM}?last_event_id=`), 400, 'validation-failed', ['last_event_id']);
});

test('filters and snapshots are asked for in the query', async (t) => {
  const { stream, client } = await start(t, { store: 'memory:' });
  const filtered = await stream(`${STREAM}?kind=deploy.*&kind=x&agent_id=a`);
  const whole = await stream(`${STREAM}?snapshot=true`);
  const plain = await stream(`${STREAM}?snapshot=false`);
  t.equal((await whole.frame(({ event }) => event === 'snapshot')).data.more, false);
  await Promise.all([filtered.hello(), plain.hello()]);
  for (const [kind, agent_id] of [
    ['deploy.started', 'a'],
    ['deploy.started', 'b'],
    ['y', 'a'],
    ['x', 'a'],
  ]) {
    await client.post('/events', { kind, agent_id });
  }
  await Promise.all([filtered.seq(4), plain.seq(4)]);
  t.strictSame(filtered.seqs, [1, 4]);
  t.strictSame(plain.seqs, [1, 2, 3, 4]);
  t.notOk(plain.frames.some(({ event }) => event === 'snapshot'));
});

test('HEAD on the stream and on waits is 405', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: approval } = await client.post('/approvals', { action: 'a' });
  for (const path of [STREAM, `/approvals/${approval.id}/wait`]) {
    t.match(await client.call('HEAD', path), { status: 405, text: '', headers: { allow: 'GET' } });
  }
  t.match(await client.call('HEAD', '/approvals/wait'), {
    status: 405,
    text: '',
    headers: { allow: 'POST' },
  });
});

test('a node that is full says when to come back, with 200', async (t) => {
  const { stream, client } = await start(t, { store: 'memory:', maxStreams: 1 });
  const first = await stream();
  await first.hello();
  const second = await stream(`${STREAM}?session_id=a`);
  t.equal(second.status, 200);
  t.equal(await second.ended, true);
  t.strictSame(
    second.frames.map((frame) => Object.keys(frame)),
    [['retry'], ['retry']],
  );
  t.ok(Number(second.frames[1]?.retry) >= 2000);
  t.strictSame((await client.get('/sessions')).body.sessions, []);
  first.close();
  await until(async () => {
    const third = await stream();
    const hello = await third.hello().catch(() => undefined);
    return hello !== undefined;
  });
});

test('what the plugin would keep for more events is freed while a stream is open', async (t) => {
  const { stream } = await start(t, { store: 'memory:' });
  const piped: WeakRef<object>[] = [];
  const watch = (message: unknown) => {
    const { response } = message as { response: ServerResponse };
    response.once('pipe', (source) => piped.push(new WeakRef(source)));
  };
  subscribe('http.server.response.created', watch);
  t.teardown(() => unsubscribe('http.server.response.created', watch));
  for (let index = 0; index < 10; index++) {
    await (await stream()).hello();
  }
  t.equal(piped.length, 10);
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  await until(() => {
    collectGarbage();
    return piped.every((source) => source.deref() === undefined);
  });
});
