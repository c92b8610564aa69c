import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'tap';
import type { EventStream, Frame } from '../event-stream.ts';
import { type Started, start } from '../service.ts';
import { serveHub } from './hub-server.ts';
import { publish, range, times, until } from './publish.ts';

const MEMORY = { store: 'memory:' };
const SNAPSHOT = '/events/stream?snapshot=true';

type Row = Record<string, unknown> & { id: string };

function snapshotsOf(stream: EventStream): Frame[] {
  return stream.frames.filter(({ event }) => event === 'snapshot');
}

function rowsOf(stream: EventStream, list: 'agents' | 'approvals' | 'events'): Row[] {
  return snapshotsOf(stream).flatMap(({ data }) => data[list]);
}

function lastSnapshot(stream: EventStream): Promise<Frame> {
  return stream.frame(({ event, data }) => event === 'snapshot' && !data.more);
}

async function everything({ client }: Started) {
  const agents: Row[] = [];
  const approvals: Row[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await client.get(`/agents?limit=500${cursor}`);
    agents.push(...body.agents);
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  for (let cursor = ''; ; ) {
    const { body } = await client.get(`/approvals?status=pending&order=asc&limit=500${cursor}`);
    approvals.push(...body.approvals);
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  return { agents, approvals };
}

test('the snapshot of an empty host is one empty frame', async (t) => {
  const service = await start(t, MEMORY);
  const stream = await service.stream(SNAPSHOT);
  const { id, data } = await lastSnapshot(stream);
  t.match(id, /^[0-9a-f]{8}-0$/);
  t.same(data, { seq: 0, more: false, agents: [], approvals: [], events: [] });
  t.match(await stream.hello(), { id: undefined, data: { seq: 0, resumed_from: null, gap: false } });
});

test('a snapshot has all agents, the pending approvals and the newest 100 events', async (t) => {
  const service = await start(t, MEMORY);
  const { client } = service;
  await publish(service, 150);
  await client.post('/agents', { id: 'b', name: 'B', kind: 'builtin' }, { session: 'owner' });
  await client.post('/agents', { id: 'a', name: 'A', kind: 'builtin' });
  await client.post('/agents', { id: 'gone', name: 'Gone', kind: 'builtin' });
  await client.delete('/agents/gone');
  const [first, second] = await times(2, (index) => client.post('/approvals', { action: `Run ${index}` }));
  await client.post(`/approvals/${first?.body.id}/resolve`, { resolution: 'deny' });
  const owner = await service.stream('/events/stream?session_id=owner');
  await owner.hello();

  const stream = await service.stream(`${SNAPSHOT}&kind=none.*&agent_id=nobody`);
  const { id, data } = await lastSnapshot(stream);
  t.equal(data.seq, 157);
  t.match(id, /^[0-9a-f]{8}-157$/);
  t.equal((await stream.hello()).data.seq, 157);
  const { agents, approvals } = await everything(service);
  t.same(data.agents, agents);
  t.match(data.agents, [
    { id: 'a', connected: false },
    { id: 'b', connected: true },
  ]);
  t.same(data.approvals, approvals);
  t.match(data.approvals, [{ id: second?.body.id, status: 'pending' }]);
  const { body } = await client.get('/events?after=57&limit=1000');
  t.same(data.events, body.events);
  t.same(
    data.events.map(({ seq }: { seq: number }) => seq),
    range(58, 157),
  );
});

test('a snapshot has at most 500 rows in a frame, all of one seq, and only the last has an id', async (t) => {
  const service = await start(t, MEMORY);
  await times(520, (index) =>
    service.client.post('/agents', { id: `a-${index}`, name: `N${index}`, kind: 'builtin' }),
  );
  await times(430, (index) => service.client.post('/approvals', { action: `Run ${index}` }));
  const stream = await service.stream(SNAPSHOT);
  const last = await lastSnapshot(stream);
  const frames = snapshotsOf(stream);
  t.same(
    frames.map(({ data }) => data.agents.length + data.approvals.length + data.events.length),
    [500, 500, 50],
  );
  t.same(
    frames.map(({ data }) => data.more),
    [true, true, false],
  );
  t.same(
    frames.map(({ data }) => data.seq),
    [950, 950, 950],
  );
  t.same(
    frames.map((frame) => frame.id !== undefined),
    [false, false, true],
  );
  t.match(last.id, /^[0-9a-f]{8}-950$/);
  const { agents, approvals } = await everything(service);
  t.same(rowsOf(stream, 'agents'), agents);
  t.same(rowsOf(stream, 'approvals'), approvals);
  t.equal(rowsOf(stream, 'events').length, 100);
});

test('long details make more frames, not longer ones', async (t) => {
  const service = await start(t, MEMORY);
  const details = 'x'.repeat(100_000);
  await times(8, () => service.client.post('/approvals', { action: 'Deploy', details }));
  const stream = await service.stream(SNAPSHOT);
  await lastSnapshot(stream);
  // The approvals, and the events in which they were asked for.
  t.same(
    snapshotsOf(stream).map(({ data }) => data.approvals.length + data.events.length),
    [3, 3, 3, 3, 3, 1],
  );
});

test('from a snapshot and what follows it a client has the state, whatever happens meanwhile', async (t) => {
  const service = await start(t);
  const { client } = service;
  await times(300, (index) => client.post('/agents', { id: `a-${index}`, name: `N${index}`, kind: 'x' }));
  const asked = await times(300, (index) => client.post('/approvals', { action: `Run ${index}` }));
  let opened: EventStream[] = [];
  const changes = times(300, async (index) => {
    if (index % 60 === 0) {
      opened = [...opened, await service.stream(SNAPSHOT)];
    }
    await client.put(`/agents/a-${index}/status`, { status: 'running' });
    await client.post(`/approvals/${asked[index]?.body.id}/resolve`, { resolution: 'approve' });
    await client.post('/approvals', { action: `Again ${index}` });
  });
  await changes;
  const end = await publish(service, 1);
  const { agents, approvals } = await everything(service);
  t.equal(opened.length, 5);
  for (const stream of opened) {
    await stream.seq(end);
    const { seq } = (await lastSnapshot(stream)).data;
    t.same(stream.seqs, range(seq + 1, end), 'what follows is whole');
    const state = new Map(
      [...rowsOf(stream, 'agents'), ...rowsOf(stream, 'approvals')].map((row) => [row.id, row]),
    );
    for (const { kind, payload } of stream.events) {
      if (kind === 'approval.resolved') {
        state.delete(payload.id);
      } else if (payload?.id !== undefined) {
        state.set(payload.id, payload);
      }
    }
    const byId = (a: Row, b: Row) => (a.id < b.id ? -1 : 1);
    t.same([...state.values()].sort(byId), [...agents, ...approvals].sort(byId));
  }
});

test('a snapshot is paced by its reader, is never held whole, and does not count as slow', async (t) => {
  const server = await serveHub(t);
  const by = { session_id: 'asker', principal: null };
  const details = 'x'.repeat(100_000);
  await times(150, (index) =>
    server.host.execute({
      type: 'create-approval',
      by,
      id: `approval-${index.toString(16).padStart(12, '0')}`,
      asked: {
        agent_id: null,
        action: 'Deploy',
        details,
        options: ['approve', 'deny'],
        approve_label: 'approve',
        system_level: false,
        expires_in_ms: null,
      },
      key: null,
    }),
  );
  const { stream, response } = await server.stream({ snapshot: true });
  stream.pause();
  await until(() => response.writableLength > 0);
  const last = await server.publish(600);
  let most = 0;
  for (let sweep = 0; sweep < 3; sweep++) {
    server.sweep(25_000);
    await turn();
    most = Math.max(most, response.writableLength);
  }
  t.ok(most < 600_000, `${most} bytes of 25 MB are held for a reader that rests`);
  t.equal(server.hub.figures.cutOff, 0);
  stream.resume();
  await stream.seq(last);
  t.equal(rowsOf(stream, 'approvals').length, 150);
  t.same(
    rowsOf(stream, 'events').map(({ seq }) => seq),
    range(51, 150),
    'of the moment of the snapshot',
  );
  t.same(stream.seqs, range(151, last));
});

test('a client that goes in the middle of a snapshot leaves nothing behind', async (t) => {
  const service = await start(t, { ...MEMORY, maxJsonBytes: 262_144 });
  const details = 'x'.repeat(200_000);
  await times(60, () => service.client.post('/approvals', { action: 'Deploy', details }));
  const stream = await service.stream(`${SNAPSHOT}&session_id=ui-1`);
  stream.pause();
  t.match((await service.client.get('/sessions')).body, { sessions: [{ session_id: 'ui-1' }] });
  stream.close();
  await until(async () => (await service.client.get('/sessions')).body.sessions.length === 0);
  t.same(
    service.logged.filter(({ level }) => Number(level) >= 50),
    [],
  );
});

test('a large snapshot is shared for a moment, and what has happened since follows it', async (t) => {
  const service = await start(t, MEMORY);
  await times(1001, (index) => service.client.post('/approvals', { action: `Deploy ${index}` }));
  const first = await service.stream(SNAPSHOT);
  t.equal((await lastSnapshot(first)).data.seq, 1001);
  await service.client.post('/events', { message: 'later' });
  const second = await service.stream(SNAPSHOT);
  const hello = await second.hello();
  t.equal(hello.data.seq, 1002, 'hello knows the newest event');
  t.equal((await lastSnapshot(second)).data.seq, 1001, 'the snapshot is the one that is there');
  t.equal((await second.seq(1002)).message, 'later');
  service.clocks.pass(1000);
  const third = await service.stream(SNAPSHOT);
  t.equal((await lastSnapshot(third)).data.seq, 1002, 'later it is made anew');
});

test('snapshots of the same moment are the same, those of another are not', async (t) => {
  const service = await start(t, MEMORY);
  await service.client.post('/approvals', { action: 'Deploy' });
  const [one, two] = await Promise.all([service.stream(SNAPSHOT), service.stream(SNAPSHOT)]);
  t.same((await lastSnapshot(one)).data, (await lastSnapshot(two)).data);
  await service.client.post('/approvals', { action: 'Deploy again' });
  const three = await service.stream(SNAPSHOT);
  const { data } = await lastSnapshot(three);
  t.equal(data.approvals.length, 2);
  t.equal(data.seq, 2);
});
