import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'tap';
import { EventStream } from '../event-stream.ts';
import { type Started, start } from '../service.ts';
import { serveHub } from './hub-server.ts';
import { lastingStore, publish, range, seqsInLog, until } from './publish.ts';

const END = 'deploy.end';

/** Follows the log until its end has come, from one connection to the next, each cut at a point of chance. */
async function follow({ url }: Started, query: string): Promise<number[]> {
  const seen: number[] = [];
  let position = '0';
  for (let isAtEnd = false; !isAtEnd; ) {
    const stream = await EventStream.open(`${url}/events/stream?${query}`, { 'Last-Event-ID': position });
    const enough = Math.floor(Math.random() * 40);
    await stream.frame(({ data }) => stream.events.length >= enough || data?.kind === END);
    seen.push(...stream.seqs);
    position = stream.frames.findLast(({ id }) => id !== undefined)?.id ?? position;
    isAtEnd = stream.events.some(({ kind }) => kind === END);
    stream.close();
  }
  return seen;
}

test('clients that reconnect all the time miss nothing and get nothing twice', async (t) => {
  const service = await start(t, { recentBytes: 20_000 });
  const queries = ['', 'kind=deploy.*', 'agent_id=a', 'kind=deploy.*&kind=test.odd&agent_id=a'];
  const followers = [...queries, ...queries].map((query) => follow(service, query));
  const kinds = ['deploy.done', 'test.odd', 'test.even', 'deployed'];
  const agents = ['a', 'b', null];
  await publish(service, 600, (index) => ({
    kind: kinds[index % kinds.length],
    agent_id: agents[index % agents.length],
  }));
  await publish(service, 1, () => ({ kind: END, agent_id: 'a' }));
  const seen = await Promise.all(followers);
  for (const [index, query] of [...queries, ...queries].entries()) {
    t.same(seen[index], await seqsInLog(service, query), query);
  }
});

test('a replay is as long as the log, and goes beyond what is in memory', async (t) => {
  const service = await start(t, { recentBytes: 5000 });
  const kinds = ['test.odd', 'test.even'];
  await publish(service, 1200, (index) => ({ kind: kinds[index % 2] }));
  const all = await service.stream('/events/stream?last_event_id=0');
  const odd = await service.stream('/events/stream?last_event_id=10&kind=test.odd');
  const last = await publish(service, 1, () => ({ kind: 'test.odd' }));
  await Promise.all([all.seq(last), odd.seq(last)]);
  t.same(all.seqs, range(1, 1201));
  t.same(
    odd.seqs,
    (await seqsInLog(service, 'kind=test.odd')).filter((seq) => seq > 10),
  );
  const { body } = await service.client.get('/events?after=0&limit=1000');
  t.same(all.events.slice(0, 1000), body.events, 'the events are those of the log');
});

test('a replay with nothing in it for its filter ends where the log does', async (t) => {
  const service = await start(t, { store: 'memory:' });
  await publish(service, 10);
  const stream = await service.stream('/events/stream?last_event_id=0&kind=deploy.done');
  const last = await publish(service, 1, () => ({ kind: 'deploy.done' }));
  await stream.seq(last);
  t.same(stream.seqs, [last]);
});

test('a client resumes after a restart, and one of another log starts again', async (t) => {
  const lasting = lastingStore(t);
  const first = await start(t, lasting);
  await publish(first, 3);
  const { id = '' } = await (await first.stream('/events/stream?last_event_id=2')).hello();
  await first.stop();
  const second = await start(t, lasting);
  await publish(second, 1);
  const resumed = await second.stream('/events/stream', { 'Last-Event-ID': id });
  await resumed.seq(4);
  t.same(resumed.seqs, [3, 4]);
  t.equal((await resumed.hello()).id, id);
  const other = await start(t, { store: 'memory:' });
  await publish(other, 4);
  const stranger = await other.stream('/events/stream', { 'Last-Event-ID': id });
  t.match((await stranger.hello()).data, { gap: true, resumed_from: null });
});

test('what happens in the turn in which a stream opens comes once or not at all, as hello says', async (t) => {
  let open: (() => void) | undefined;
  const server = await serveHub(t, {
    before: (_response, openLater) => {
      open = openLater;
    },
  });
  // The hub has collected the event and not sent it yet.
  server.host.subscribe(() => open?.());
  for (const resumeFrom of [null, { epoch: null, seq: 0 }, { epoch: null, seq: 3 }]) {
    const { stream } = await server.stream({ resumeFrom });
    const first = await server.publish(1);
    open = undefined;
    const last = await server.publish(2);
    await stream.seq(last);
    const after = resumeFrom?.seq ?? first;
    t.equal((await stream.hello()).data.seq, first);
    t.same(stream.seqs, range(after + 1, last), `after ${after}`);
  }
});

test('a stream gets several events of one turn at once and each once', async (t) => {
  const server = await serveHub(t);
  const streams = await Promise.all(
    [[], ['test.*'], ['other.*']].map(async (kinds) => {
      const { stream } = await server.stream({ filter: { kinds, agentId: null } });
      await stream.hello();
      return stream;
    }),
  );
  const last = await server.publish(50);
  await Promise.all(streams.slice(0, 2).map((stream) => stream.seq(last)));
  t.same(
    streams.map(({ seqs }) => seqs),
    [range(1, 50), range(1, 50), []],
  );
  t.equal(server.hub.figures.delivered, 100);
});

test('a replay is paced by its reader, is never held whole, and does not count as slow', async (t) => {
  const server = await serveHub(t);
  const payload = 'x'.repeat(200_000);
  await server.publish(100, payload);
  const { stream, response } = await server.stream({ resumeFrom: { epoch: null, seq: 0 } });
  stream.pause();
  await until(() => response.writableLength > 0);
  let most = 0;
  for (let sweep = 0; sweep < 3; sweep++) {
    server.sweep(25_000);
    await turn();
    most = Math.max(most, response.writableLength);
  }
  t.ok(most < 600_000, `${most} bytes of 20 MB are held for a reader that rests`);
  t.equal(server.hub.figures.cutOff, 0);
  stream.resume();
  const last = await server.publish(1);
  await stream.seq(last);
  t.same(stream.seqs, range(1, 101));
});

test('when retention overtakes a replay, the stream ends and the reconnect is told of the gap', async (t) => {
  const server = await serveHub(t, { retainEvents: 100, recentBytes: 1 });
  await server.publish(100, 'x'.repeat(200_000));
  const { stream, response } = await server.stream({ resumeFrom: { epoch: null, seq: 0 } });
  stream.pause();
  await until(() => response.writableLength > 0);
  await server.publish(300);
  await until(() => server.host.floor > 100);
  stream.resume();
  t.ok(await stream.ended, 'a clean end');
  const seqs = stream.seqs;
  t.same(seqs, range(1, seqs.length), 'what came was whole');
  t.ok(seqs.length > 0 && seqs.length <= 100);
  const seq = seqs.at(-1) as number;
  const { stream: again } = await server.stream({ resumeFrom: { epoch: server.host.epoch, seq } });
  t.match((await again.hello()).data, { gap: true, resumed_from: null });
  await again.frame(({ event }) => event === 'snapshot');
  t.same(server.errors, []);
});

test('an error while reading the log ends that stream, is logged, and harms no other', async (t) => {
  const server = await serveHub(t, {
    recentBytes: 1,
    prepare: (journal) => {
      journal.events = () => Promise.reject(new Error('the disk is gone'));
    },
  });
  const { stream: live } = await server.stream();
  await live.hello();
  await server.publish(2);
  const { stream } = await server.stream({ resumeFrom: { epoch: null, seq: 0 } });
  t.ok(await stream.ended, 'a clean end');
  t.equal((await stream.hello()).data.resumed_from, 0);
  t.same(stream.seqs, []);
  t.match(server.errors, [/^a stream was ended because reading the log failed: the disk is gone$/]);
  const last = await server.publish(1);
  await live.seq(last);
  t.same(live.seqs, [1, 2, 3]);
});

test('a client that goes in the middle of a replay leaves nothing behind', async (t) => {
  const server = await serveHub(t);
  await server.publish(60, 'x'.repeat(200_000));
  const { stream, response } = await server.stream({ resumeFrom: { epoch: null, seq: 0 } });
  stream.pause();
  await until(() => response.writableLength > 0);
  t.equal(server.hub.figures.streams, 1);
  stream.close();
  await until(() => server.hub.figures.streams === 0);
  t.same(server.errors, []);
  t.equal(server.hub.figures.cutOff, 0);
});

test('a client that is gone before its stream opens is not counted', async (t) => {
  let opened = 0;
  const server = await serveHub(t, {
    before: (response, open) =>
      response.on('close', () => {
        open();
        opened += 1;
      }),
  });
  const { stream } = await server.stream({ actor: { session_id: 'gone', principal: null } });
  stream.close();
  await until(() => opened === 1);
  t.equal(server.hub.figures.streams, 0);
  t.same(await server.host.presence.list(), []);
});
