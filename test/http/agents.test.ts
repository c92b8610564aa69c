import { test } from 'tap';
import type { Answer } from '../client.ts';
import { start } from '../service.ts';
import { startOver, TestJournal, until } from './parts.ts';
import { isProblem } from './problems.ts';

interface Listed {
  readonly id: string;
  readonly name: string;
}

const ids = (answer: Answer): string[] => answer.body.agents.map(({ id }: Listed) => id);

test('an agent is registered with every default filled in', async (t) => {
  const { client, clocks } = await start(t);
  clocks.jump(Date.parse('2030-01-01T00:00:00.000Z') - Date.now());
  const answer = await client.post('/agents', { name: 'Researcher', kind: 'builtin' }, { session: 's-1' });
  const { body } = answer;
  t.match(answer, { status: 201, headers: { 'sallyport-seq': '1', location: `/agents/${body.id}` } });
  t.match(body.id, /^agent-[0-9a-f]{12,}$/);
  t.match(body.updated_at, /^2030-01-01T00:00:\d\d\.\d{3}Z$/);
  t.strictSame(body, {
    id: body.id,
    name: 'Researcher',
    kind: 'builtin',
    capabilities: [],
    project: null,
    session_id: 's-1',
    principal: null,
    connected: false,
    status: 'idle',
    current_task: null,
    pid: null,
    display: { label: null, icon: null, accent: null },
    updated_at: body.updated_at,
    metadata: null,
  });
  t.strictSame((await client.get(answer.headers.location as string)).body, body);
  t.match((await client.get('/events')).body.events, [
    { seq: 1, kind: 'agent.registered', agent_id: body.id, message: 'Researcher registered', payload: body },
  ]);
});

test('an agent keeps what it was registered with', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const request = {
    id: 'researcher-1',
    name: 'Researcher',
    kind: 'external',
    capabilities: ['search', 'search', 'write'],
    project: '/srv/app',
    pid: 4711,
    display: { label: 'Lead', accent: '#0a84ff' },
    metadata: { model: ['x', null] },
  };
  const { body } = await client.post('/agents', request);
  t.match(body, { ...request, display: { label: 'Lead', icon: null, accent: '#0a84ff' } });
  t.strictSame((await client.get('/agents/researcher-1')).body, body);
});

test('the same session registers an agent again: 200, all of it replaced, and an event', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await client.post('/agents', { id: 'a', name: 'Old', kind: 'k', pid: 1, metadata: 1, capabilities: ['x'] });
  await client.put('/agents/a/status', { status: 'running', current_task: 'work' });
  const again = await client.post('/agents', { id: 'a', name: 'New', kind: 'other' });
  t.match(again, { status: 200, headers: { 'sallyport-seq': '3' } });
  t.notOk('location' in again.headers);
  t.match(again.body, {
    name: 'New',
    kind: 'other',
    capabilities: [],
    pid: null,
    metadata: null,
    status: 'idle',
    current_task: null,
  });
  t.strictSame((await client.get('/agents')).body.agents, [again.body]);
  const { events } = (await client.get('/events?kind=agent.registered')).body;
  t.match(events, [
    { seq: 3, message: 'New registered', payload: again.body },
    { seq: 1, message: 'Old registered' },
  ]);
});

test("another session's agent cannot be registered, changed or unregistered", async (t) => {
  const { client, stream } = await start(t, { store: 'memory:' });
  const { body: agent } = await client.post(
    '/agents',
    { id: 'worker', name: 'n', kind: 'k' },
    { session: 'a' },
  );
  const other = { session: 'b' };
  const taken = await client.post('/agents', { id: 'worker', name: 'x', kind: 'x' }, other);
  isProblem(t, taken, 409, 'agent-owned-by-another-session');
  t.equal(
    taken.body.detail,
    "agent 'worker' is owned by another session; unregister it from that session first",
  );
  const status = await client.put('/agents/worker/status', { status: 'running' }, other);
  const unregister = await client.delete('/agents/worker', other);
  for (const answer of [status, unregister]) {
    isProblem(t, answer, 403, 'agent-owned-by-another-session');
    t.match(answer.body.detail, /^agent 'worker' is owned by another session; /);
  }
  for (const answer of [taken, status, unregister]) {
    t.strictSame(answer.body.agent, agent, 'the problem carries it');
    t.equal(answer.headers['sallyport-seq'], '1');
  }
  t.strictSame((await client.get('/agents/worker')).body, agent, 'nothing has changed');
  await (await stream('/events/stream?session_id=a')).hello();
  const connected = [
    await client.post('/agents', { id: 'worker', name: 'x', kind: 'x' }, other),
    await client.put('/agents/worker/status', { status: 'running' }, other),
    await client.delete('/agents/worker', other),
  ];
  for (const answer of connected) {
    t.strictSame(answer.body.agent, { ...agent, connected: true }, 'its owner is seen as it is now');
  }

  t.equal((await client.delete('/agents/worker', { session: 'a' })).status, 204);
  const free = await client.post('/agents', { id: 'worker', name: 'x', kind: 'x' }, other);
  t.match(free, { status: 201, body: { session_id: 'b' }, headers: { location: '/agents/worker' } });
});

test('a status is recorded each time, with the message and payload that were given or usual ones', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await client.post('/agents', { id: 'a', name: 'Researcher', kind: 'k' });
  const put = (body: unknown) => client.put('/agents/a/status', body);
  const first = await put({ status: 'running', current_task: 'Collect facts' });
  t.match(first, { status: 200, headers: { 'sallyport-seq': '2' } });
  t.match(first.body, { id: 'a', status: 'running', current_task: 'Collect facts' });
  const same = await put({ status: 'running', current_task: 'Collect facts' });
  const bare = await put({ status: 'paused', message: null, payload: null });
  t.equal(bare.body.current_task, null, 'not given: null');
  await put({ status: 'errored', message: '', payload: { code: 1 } });
  await put({ status: 'completed', message: 'Done', payload: false });
  const { events } = (await client.get('/events?after=1')).body;
  t.match(events, [
    { seq: 2, kind: 'agent.status_changed', agent_id: 'a', message: 'Researcher is running' },
    { seq: 3, message: 'Researcher is running' },
    { seq: 4, message: 'Researcher is paused' },
    { seq: 5, message: '', payload: { code: 1 } },
    { seq: 6, message: 'Done', payload: false },
  ]);
  t.strictSame(
    events.slice(0, 3).map(({ payload }: { payload: unknown }) => payload),
    [first.body, same.body, bare.body],
  );
  t.match((await client.get('/agents/a')).body, { status: 'completed', current_task: null });
});

test('an agent is unregistered with 204 and nothing else, once', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await client.post('/agents', { id: 'a', name: 'n', kind: 'k' });
  const gone = await client.delete('/agents/a');
  t.match(gone, { status: 204, text: '', headers: { 'sallyport-seq': '2' } });
  t.match((await client.get('/events?limit=1')).body.events, [
    { seq: 2, kind: 'agent.unregistered', agent_id: 'a', message: 'a unregistered', payload: null },
  ]);
  isProblem(t, await client.get('/agents/a'), 404, 'agent-not-found');
  isProblem(t, await client.delete('/agents/a'), 404, 'agent-not-found');
  isProblem(t, await client.put('/agents/a/status', { status: 'idle' }), 404, 'agent-not-found');
  t.equal((await client.get('/events?limit=1')).body.events[0].seq, 2, 'no second event');
});

test('an agent is connected while its session holds a stream', async (t) => {
  const { client, stream } = await start(t, { store: 'memory:' });
  const connected = async () => (await client.get('/agents/a')).body.connected;
  await client.post('/agents', { id: 'a', name: 'n', kind: 'k' });
  await stream('/events/stream?session_id=other');
  t.equal(await connected(), false);
  const opened = await stream('/events/stream?session_id=test');
  t.equal(await connected(), true);
  t.equal((await client.get('/agents')).body.agents[0].connected, true);
  t.equal((await client.put('/agents/a/status', { status: 'idle' })).body.connected, true);
  t.equal((await client.post('/agents', { id: 'b', name: 'n', kind: 'k' })).body.connected, true);
  opened.close();
  await until(async () => !(await connected()));
  t.equal((await client.get('/agents')).body.agents[1].connected, false);
});

test('agents are listed by name, then id, by code point', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const names = ['b', 'a', 'Z', '\ufb01', '\u{1f600}', '\u00e9', 'a b', 'aa', 'A'];
  for (const [index, name] of names.entries()) {
    await client.post('/agents', { id: `i${index}`, name, kind: 'k' });
  }
  for (const id of ['i:', 'I', 'i.', 'i']) {
    await client.post('/agents', { id, name: 'same', kind: 'k' });
  }
  const { agents, next_cursor } = (await client.get('/agents')).body;
  t.strictSame(
    agents.map(({ name, id }: Listed) => (name === 'same' ? id : name)),
    ['A', 'Z', 'a', 'a b', 'aa', 'b', 'I', 'i', 'i.', 'i:', '\u00e9', '\ufb01', '\u{1f600}'],
  );
  t.equal(next_cursor, null);
});

test('pages of agents hold each once, also while agents come and go', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const made = Array.from({ length: 7 }, (_, index) => `a${index}`);
  for (const id of made) {
    await client.post('/agents', { id, name: id < 'a4' ? 'first' : 'second', kind: 'k' });
  }
  for (const limit of [1, 2, 3, 6, 7, 8]) {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = await client.get(`/agents?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      t.ok(ids(page).length === limit || page.body.next_cursor === null);
      t.ok(ids(page).length > 0, 'the last page is not empty');
      seen.push(...ids(page));
      cursor = page.body.next_cursor;
    }
    t.strictSame(seen, made, `by ${limit}`);
  }
  const { next_cursor } = (await client.get('/agents?limit=3')).body;
  await client.delete('/agents/a2');
  await client.post('/agents', { id: 'a0', name: 'zebra', kind: 'k' });
  t.strictSame(
    ids(await client.get(`/agents?cursor=${next_cursor}`)),
    ['a3', 'a4', 'a5', 'a6', 'a0'],
    'a page goes on from a place, not from an agent',
  );
});

test('agents are filtered by status, kind, project and capability, all of them', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const register = (id: string, body: object) => client.post('/agents', { id, name: id, kind: 'k', ...body });
  await register('a', { kind: 'builtin', project: '/p', capabilities: ['x', 'y'] });
  await register('b', { kind: 'builtin', project: '/q', capabilities: ['y'] });
  await register('c', { project: '/p', capabilities: ['z'] });
  await register('d', { project: '', capabilities: [] });
  await register('e', { project: null });
  await client.put('/agents/b/status', { status: 'running' });
  const found = async (query: string) => ids(await client.get(`/agents?${query}`)).join('');
  t.equal(await found('status=running'), 'b');
  t.equal(await found('status=idle'), 'acde');
  t.equal(await found('kind=builtin'), 'ab');
  t.equal(await found('kind=BUILTIN'), '');
  t.equal(await found('project=/p'), 'ac');
  t.equal(await found('project='), 'd', 'an empty project is not none');
  t.equal(await found('capability=y'), 'ab');
  for (const part of ['xy', 'x,y', 'Y', '']) {
    t.equal(await found(`capability=${part}`), '', part);
  }
  t.equal(await found('kind=builtin&capability=y&status=idle&project=/p'), 'a');
  t.equal(await found('kind=builtin&capability=z'), '');
  const page = await client.get('/agents?kind=builtin&limit=1');
  t.strictSame(ids(page), ['a']);
  t.strictSame(
    ids(await client.get(`/agents?kind=builtin&limit=1&cursor=${page.body.next_cursor}`)),
    ['b'],
    'pages of a filter go on too',
  );
});

test('a filter that few agents pass ends its page after 10,000 agents, with a cursor to go on from', async (t) => {
  const journal = new TestJournal();
  const agent = (index: number) => ({
    id: `a${index}`,
    name: String(index).padStart(6, '0'),
    kind: index === 10_001 ? 'rare' : 'k',
    capabilities: [],
    project: null,
    session_id: 's',
    connected: false,
    status: 'idle',
    current_task: null,
    pid: null,
    display: { label: null, icon: null, accent: null },
    updated_at: '2026-11-23T10:15:30.123Z',
    metadata: null,
  });
  journal.open = Array.from({ length: 10_002 }, (_, index) => ({
    type: 'agent',
    id: `a${index}`,
    seq: 0,
    createdSeq: 0,
    expiresAt: null,
    state: JSON.stringify(agent(index)),
  }));
  const { client } = await startOver(t, journal);
  const first = await client.get('/agents?kind=rare');
  t.strictSame(ids(first), []);
  t.type(first.body.next_cursor, 'string');
  const second = await client.get(`/agents?kind=rare&cursor=${first.body.next_cursor}`);
  t.strictSame(ids(second), ['a10001']);
  t.equal(second.body.next_cursor, null);
  t.equal((await client.get('/agents')).body.agents.length, 50, 'a page holds 50 unless asked for');
});
