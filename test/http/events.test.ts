import { test } from 'tap';
import type { Answer } from '../client.ts';
import { start } from '../service.ts';
import { isProblem } from './problems.ts';

const seqs = (answer: Answer): number[] => answer.body.events.map(({ seq }: { seq: number }) => seq);

test('a client records events of its own', async (t) => {
  const { client, clocks } = await start(t, { store: 'memory:' });
  clocks.jump(Date.parse('2030-01-01T00:00:00.000Z') - Date.now());
  const bare = await client.post('/events');
  t.match(bare, { status: 201, headers: { 'sallyport-seq': '1' } });
  t.match(bare.body.id, /^event-[0-9a-f]{12,}$/);
  t.match(bare.body.timestamp, /^2030-01-01T00:00:\d\d\.\d{3}Z$/);
  t.strictSame(bare.body, {
    seq: 1,
    id: bare.body.id,
    timestamp: bare.body.timestamp,
    kind: 'host.notification',
    agent_id: null,
    message: 'host.notification',
    payload: null,
  });
  const full = { kind: 'deploy.started', agent_id: 'a', message: 'Deploying', payload: { version: [1, 4] } };
  const answer = await client.post('/events', full);
  t.match(answer.body, { seq: 2, ...full });
  const named = await client.post('/events', { kind: 'deploy.done', message: null });
  t.equal(named.body.message, 'deploy.done', 'the kind when there is no message');
  t.equal((await client.post('/events', { message: '' })).body.message, '');
  t.strictSame((await client.get('/events?before=4')).body.events, [named.body, answer.body, bare.body]);
});

test("the host's kinds are reserved", async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const kind of [
    'agent.x',
    'approval.resolved',
    'session.connected',
    'host.started',
    'host.notification.x',
  ]) {
    const answer = await client.post('/events', { kind });
    isProblem(t, answer, 400, 'validation-failed', ['kind']);
    t.equal(answer.body.detail, `kind '${kind}' is reserved for the host; choose a name of your own`);
  }
  for (const kind of ['host.notification', 'agents.x', 'agent', 'approval', 'my.agent.x', 'hosts.x']) {
    t.equal((await client.post('/events', { kind })).status, 201, kind);
  }
});

test('events are read newest first, and oldest first with after', async (t) => {
  const { client } = await start(t);
  t.strictSame((await client.get('/events')).body, { events: [] }, 'an empty page');
  for (let index = 0; index < 7; index++) {
    await client.post('/events', {});
  }
  for (const [query, found] of [
    ['', [7, 6, 5, 4, 3, 2, 1]],
    ['limit=2', [7, 6]],
    ['before=4', [3, 2, 1]],
    ['before=4&limit=1', [3]],
    ['before=1', []],
    ['before=0', []],
    ['before=1000', [7, 6, 5, 4, 3, 2, 1]],
    ['after=4', [5, 6, 7]],
    ['after=0&limit=2', [1, 2]],
    ['after=7', []],
    ['after=1000', []],
    ['after=2&before=5', [3, 4]],
    ['after=5&before=2', []],
  ] as const) {
    t.strictSame(seqs(await client.get(`/events?${query}`)), found, query);
  }
});

test('events are read by kind, family and agent', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const [kind, agent_id] of [
    ['deploy.started', 'a'],
    ['deploy.done', 'b'],
    ['deploy', 'a'],
    ['deployment.x', null],
    ['deploy.started.late', 'a'],
    ['host.notification', 'b'],
  ]) {
    await client.post('/events', { kind, agent_id });
  }
  for (const [query, found] of [
    ['kind=deploy', [3]],
    ['kind=deploy.*', [5, 2, 1]],
    ['kind=deploy.started', [1]],
    ['kind=deploy.started.*', [5]],
    ['kind=deploy.done&kind=host.*', [6, 2]],
    ['kind=deploy.done&kind=deploy.done&kind=deploy.*', [5, 2, 1]],
    ['kind=nothing', []],
    ['agent_id=a', [5, 3, 1]],
    ['agent_id=a&kind=deploy.*', [5, 1]],
    ['agent_id=nobody', []],
    ['kind=deploy.*&limit=1&before=5', [2]],
    ['kind=deploy.*&after=1&limit=1', [2]],
  ] as const) {
    t.strictSame(seqs(await client.get(`/events?${query}`)), found, query);
  }
});

test('a page of events holds 100 unless asked for, and at most 1,000', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await Promise.all(Array.from({ length: 1001 }, () => client.post('/events', {})));
  t.equal(seqs(await client.get('/events')).length, 100);
  t.equal(seqs(await client.get('/events?after=0')).length, 100);
  t.equal(seqs(await client.get('/events?limit=1000')).length, 1000);
});

test('what retention has let go is not read any more', async (t) => {
  const { client } = await start(t, { store: 'memory:', retainEvents: 500 });
  await Promise.all(Array.from({ length: 600 }, () => client.post('/events', {})));
  const oldest = seqs(await client.get('/events?after=0&limit=1'))[0] as number;
  t.ok(oldest > 1, 'old ones go');
  t.ok(600 - oldest + 1 >= 500, 'the newest 500 stay');
  t.strictSame(seqs(await client.get(`/events?before=${oldest}`)), []);
});
