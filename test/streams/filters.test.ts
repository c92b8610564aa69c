import { test } from 'tap';
import type { EventStream, Frame } from '../event-stream.ts';
import { start } from '../service.ts';
import { serveHub } from './hub-server.ts';
import { publish, range, seqsInLog } from './publish.ts';

const MEMORY = { store: 'memory:' };
/** A position that goes out alone. */
function isAlone({ id, data }: Frame): boolean {
  return id !== undefined && data === undefined;
}

const LAST = { kind: 'deploy.done', agent_id: 'a' };

test('a filter takes kinds and families, any of them, and an agent besides', async (t) => {
  const service = await start(t, MEMORY);
  const { client } = service;
  const expected = {
    '': range(1, 9),
    'kind=deploy.done': [1, 2, 9],
    'kind=deploy.*': [1, 2, 3, 9],
    'kind=deploy.done&kind=deploy.begun': [1, 2, 3, 9],
    'kind=deploy.begun&kind=agent.*&agent_id=a': [3, 6, 7],
    'kind=deploy.done&kind=deploy.*&kind=deploy.done': [1, 2, 3, 9],
    'agent_id=a': [1, 3, 6, 7, 8, 9],
    'agent_id=nobody': [],
    'kind=deploy': [4],
    'kind=dep.*': [],
    'kind=approval.*': [8],
  };
  const open = (path: string) =>
    Promise.all(
      Object.keys(expected).map(async (query) => {
        const stream = await service.stream(`${path}&${query}`);
        await stream.hello();
        return stream;
      }),
    );
  const live = await open('/events/stream?snapshot=false');
  const all = await service.stream();
  await all.hello();
  await client.post('/events', { kind: 'deploy.done', agent_id: 'a' });
  await client.post('/events', { kind: 'deploy.done', agent_id: 'b' });
  await client.post('/events', { kind: 'deploy.begun', agent_id: 'a' });
  await client.post('/events', { kind: 'deploy' });
  await client.post('/events', { kind: 'deployed.done' });
  await client.post('/agents', { id: 'a', name: 'A', kind: 'builtin' });
  await client.put('/agents/a/status', { status: 'running' });
  await client.post('/approvals', { action: 'Run tests', agent_id: 'a' });
  await client.post('/events', LAST);
  await all.seq(9);
  const replays = await open('/events/stream?last_event_id=0');
  // What must not come would have come before the position does.
  service.clocks.pass(15_000);
  for (const [index, [query, seqs]] of Object.entries(expected).entries()) {
    t.same(await seqsInLog(service, query), seqs, `${query}: in the log`);
    for (const stream of [live[index], replays[index]]) {
      await stream?.frame(isAlone);
      t.same(stream?.seqs, seqs, query);
    }
  }
});

test('an event without a match is not written, and those after it still come', async (t) => {
  const service = await start(t, MEMORY);
  const stream = await service.stream('/events/stream?kind=deploy.*&agent_id=a');
  await stream.hello();
  await publish(service, 20);
  const last = await publish(service, 1, () => LAST);
  await stream.seq(last);
  t.same(stream.seqs, [last]);
});

test('after 15 s without a frame the position goes out alone, also of what was filtered out', async (t) => {
  const service = await start(t, MEMORY);
  const stream = await service.stream('/events/stream?kind=deploy.*');
  const unfiltered = await service.stream();
  const { id = '' } = await stream.hello();
  await unfiltered.hello();
  await publish(service, 5);
  await unfiltered.seq(5);
  const epoch = id.slice(0, 8);
  service.clocks.pass(15_000);
  for (const one of [stream, unfiltered]) {
    const alone = await one.frame(isAlone);
    t.same(alone, { id: `${epoch}-5` }, 'nothing but the id');
  }
  const resumed = await service.stream('/events/stream?kind=deploy.*', { 'Last-Event-ID': `${epoch}-5` });
  t.match((await resumed.hello()).data, { resumed_from: 5, gap: false });
});

test('a position goes out alone only when nothing else did, and again and again', async (t) => {
  const server = await serveHub(t);
  const { stream: quiet } = await server.stream({ filter: { kinds: ['none'], agentId: null } });
  const { stream: busy } = await server.stream();
  await Promise.all([quiet.hello(), busy.hello()]);
  const alone = (stream: EventStream, count: number) =>
    stream.frame(() => stream.frames.filter(isAlone).length === count);
  server.sweep(14_000);
  await busy.seq(await server.publish(1));
  server.sweep(1000);
  await alone(quiet, 1);
  server.sweep(13_000);
  await busy.seq(await server.publish(1));
  t.notOk(busy.frames.some(isAlone), '14 s after its last event');
  server.sweep(15_000);
  await alone(quiet, 2);
  await alone(busy, 1);
  server.sweep(15_000);
  await alone(quiet, 3);
  await alone(busy, 2);
  t.same(quiet.frames.at(-1), { id: `${server.host.epoch}-2` });
});
