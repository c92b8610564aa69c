import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'tap';
import type { EventPage } from '../../src/host/journal.ts';
import type { EventStream } from '../event-stream.ts';
import { type Started, start } from '../service.ts';
import { serveHub } from './hub-server.ts';
import { metric, publish, until } from './publish.ts';
import { RawConnection } from './raw.ts';

const MEMORY = { store: 'memory:' };

async function sessions({ client }: Started) {
  return (await client.get('/sessions')).body.sessions;
}

test('a session is connected from before hello until its last stream has closed', async (t) => {
  const service = await start(t, MEMORY);
  const { client } = service;
  await client.post('/agents', { id: 'a', name: 'A', kind: 'builtin' }, { session: 'owner' });
  const { body: approval } = await client.post('/approvals', { action: 'Deploy' }, { session: 'owner' });
  const decide = async (resolution: string) => {
    const { status } = await client.post(`/approvals/${approval.id}/resolve`, { resolution });
    return status;
  };
  const isConnected = async () => (await client.get('/agents/a')).body.connected;
  t.same([await isConnected(), await decide('deny'), await sessions(service)], [false, 409, []]);

  const first = await service.stream('/events/stream', { 'X-Session-Id': 'owner' });
  await first.hello();
  t.same([await isConnected(), await decide('deny')], [true, 202]);
  const [{ connected_at, node, ...session }] = await sessions(service);
  t.same(session, { session_id: 'owner', principal: null, streams: 1 });
  t.match(node, /^\S+-[0-9a-f]{4}$/);
  t.ok(Math.abs(Date.parse(connected_at) - Date.now()) < 60_000);

  const second = await service.stream('/events/stream?session_id=owner');
  await second.hello();
  t.match(await sessions(service), [{ session_id: 'owner', streams: 2, connected_at }]);
  first.close();
  await until(async () => (await sessions(service))[0].streams === 1);
  t.same([await isConnected(), await decide('approve')], [true, 202]);
  second.close();
  await until(async () => (await sessions(service)).length === 0);
  t.same([await isConnected(), await decide('deny')], [false, 409]);
});

test('a session is connected while its stream is still catching up', async (t) => {
  const read = Promise.withResolvers<EventPage>();
  const server = await serveHub(t, {
    recentBytes: 1,
    prepare: (journal) => {
      journal.events = () => read.promise;
    },
  });
  await server.publish(3);
  const actor = { session_id: 'ui-1', principal: null };
  const { stream } = await server.stream({ actor, resumeFrom: { epoch: null, seq: 0 } });
  await stream.hello();
  t.ok(server.host.presence.isConnected(actor));
  stream.close();
  await until(() => !server.host.presence.isConnected(actor));
  read.resolve({ events: [], floor: 0, isCut: false });
  await server.publish(1);
  t.same(server.hub.figures, { streams: 0, cutOff: 0, turnedAway: 0, delivered: 0 });
});

test('the session is named by the query or the header, and not by two that differ', async (t) => {
  const service = await start(t, MEMORY);
  for (const [query, header, session] of [
    ['', undefined, null],
    ['', '', null],
    ['?session_id=a', undefined, 'a'],
    ['?session_id=b', '', 'b'],
    ['', 'c', 'c'],
    ['?session_id=d', 'd', 'd'],
    [`?session_id=${'x'.repeat(128)}`, undefined, 'x'.repeat(128)],
  ] as const) {
    const headers: Record<string, string> = header === undefined ? {} : { 'X-Session-Id': header };
    const stream = await service.stream(`/events/stream${query}`, headers);
    t.equal((await stream.hello()).data.session_id, session, `${query} ${header}`);
  }
  t.equal((await sessions(service)).length, 5, 'a stream without a session counts for none');
  const refused = async (path: string, session: string | null) => {
    const { status, body } = await service.client.get(path, { session });
    return [status, body.code, body.errors[0].field];
  };
  const invalid = [400, 'validation-failed'];
  t.same(await refused('/events/stream?session_id=a', 'b'), [...invalid, 'session_id']);
  t.same(await refused('/events/stream', 'a b'), [...invalid, 'X-Session-Id']);
  t.same(await refused('/events/stream', 'x'.repeat(129)), [...invalid, 'X-Session-Id']);
  t.same(await refused(`/events/stream?session_id=${'x'.repeat(129)}`, null), [...invalid, 'session_id']);
  t.equal((await sessions(service)).length, 5, 'nor does one that was refused');
});

test('a connection that is cut, reset or closed from the other side ends the presence', async (t) => {
  const service = await start(t, MEMORY);
  for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
    const raw = new RawConnection(t, service.url);
    raw.send('GET', `/events/stream?session_id=${leave}`);
    await raw.receives('hello');
    t.match(await sessions(service), [{ session_id: leave }]);
    raw.socket[leave]();
    await until(async () => (await sessions(service)).length === 0);
    t.equal(await metric(service, 'sallyport_streams'), 0);
  }
  t.equal(await metric(service, 'sallyport_streams_cut_off_total'), 0);
});

test('a client that vanishes between its request and the stream is not connected', async (t) => {
  const service = await start(t, MEMORY);
  const raw = new RawConnection(t, service.url);
  raw.send('GET', '/events/stream?session_id=ui-1', { 'Sallyport-Min-Seq': '1' });
  const second = new RawConnection(t, service.url);
  second.send('GET', '/events/stream?session_id=ui-2', { 'Sallyport-Min-Seq': '1' });
  await Promise.all([once(raw.socket, 'ready'), once(second.socket, 'ready')]);
  raw.socket.resetAndDestroy();
  await publish(service, 1);
  await second.receives('hello');
  await until(async () => (await sessions(service)).length === 1);
  t.match(await sessions(service), [{ session_id: 'ui-2' }]);
});

test('streams end cleanly when they have reached their age, spread over the last tenth of it', async (t) => {
  const server = await serveHub(t, { maxAgeMs: 600_000 });
  const opened: { stream: EventStream; response: ServerResponse }[] = [];
  for (let index = 0; index < 60; index++) {
    opened.push(await server.stream({ actor: { session_id: `s-${index}`, principal: null } }));
  }
  const ended = () => opened.filter(({ response }) => response.writableEnded).length;
  const allRead = () => until(() => opened.every(({ response }) => response.writableLength === 0));
  server.sweep(539_000);
  await allRead();
  t.equal(ended(), 0, 'before nine tenths');
  server.sweep(31_000);
  t.ok(ended() > 0 && ended() < 60, `${ended()} of 60 half a tenth later`);
  await allRead();
  server.sweep(30_000);
  t.equal(ended(), 60);
  t.ok((await Promise.all(opened.map(({ stream }) => stream.ended))).every((isClean) => isClean));
  await until(() => server.host.presence.size === 0);
  t.same(server.hub.figures, { streams: 0, cutOff: 0, turnedAway: 0, delivered: 0 });
});

test('the clients of streams that have ended by age resume without loss', async (t) => {
  const service = await start(t, MEMORY);
  const streams = await Promise.all(
    ['a', 'b'].map((id) => service.stream(`/events/stream?session_id=${id}`)),
  );
  const last = await publish(service, 2);
  await Promise.all(streams.map((stream) => stream.seq(last)));
  service.clocks.pass(600_000);
  t.same(await Promise.all(streams.map(({ ended }) => ended)), [true, true]);
  await until(async () => (await sessions(service)).length === 0);
  const next = await publish(service, 1);
  const position = streams[0]?.frames.findLast(({ id }) => id !== undefined)?.id as string;
  const again = await service.stream('/events/stream', { 'Last-Event-ID': position });
  await again.seq(next);
  t.same(again.seqs, [next]);
});

test('when there is no room a client is asked to come back, with a 200', async (t) => {
  const service = await start(t, { ...MEMORY, maxStreams: 2 });
  const kept = [await service.stream(), await service.stream()];
  const refused = await service.stream('/events/stream?session_id=ui-1');
  t.equal(refused.status, 200, 'anything else would close an EventSource for good');
  t.ok(await refused.ended, 'a clean end');
  t.notOk(refused.frames.some(({ event }) => event === 'hello'));
  const retry = Number(refused.frames.at(-1)?.retry);
  t.ok(retry >= 2000 && retry <= 6000, `${retry} ms`);
  t.same(await sessions(service), []);
  t.equal(await metric(service, 'sallyport_streams'), 2);
  kept[0]?.close();
  await until(async () => (await metric(service, 'sallyport_streams')) === 1);
  const taken = await service.stream('/events/stream?session_id=ui-1');
  t.match((await taken.hello()).data, { session_id: 'ui-1' });
});

test('at a shutdown every stream gets what has happened, a last retry, and a clean end', async (t) => {
  const service = await start(t);
  const streams = await Promise.all(
    Array.from({ length: 20 }, (_, index) => service.stream(`/events/stream?session_id=s-${index}`)),
  );
  await Promise.all(streams.map((stream) => stream.hello()));
  const last = await publish(service, 3);
  await service.stop();
  const retries = new Set<number>();
  for (const stream of streams) {
    t.ok(await stream.ended);
    t.equal(stream.seqs.at(-1), last);
    retries.add(Number(stream.frames.at(-1)?.retry));
  }
  t.ok([...retries].every((ms) => ms >= 2000 && ms <= 6000));
  t.ok(retries.size > 1, 'spread');
});

test('a hub that has stopped sends what it had collected, and takes no more streams', async (t) => {
  const server = await serveHub(t);
  const { stream } = await server.stream();
  await stream.hello();
  const unsubscribe = server.host.subscribe(() => server.hub.stop());
  await server.publish(1);
  unsubscribe();
  t.ok(await stream.ended);
  t.same(stream.seqs, [1]);
  const { stream: late } = await server.stream();
  t.ok(await late.ended);
  t.same(
    late.frames.map((frame) => Object.keys(frame)),
    [['retry']],
  );
  t.match(server.hub.figures, { streams: 0, turnedAway: 1 });
});

test('streams that are asked for one behind the other on a connection end with it', async (t) => {
  const service = await start(t, MEMORY);
  const raw = new RawConnection(t, service.url);
  raw.send('GET', '/events/stream?session_id=a');
  raw.send('GET', '/events/stream?session_id=b');
  await raw.receives('hello');
  await until(async () => (await sessions(service)).length === 2);
  const last = await publish(service, 1);
  await raw.receives(`-${last}\ndata: `);
  service.clocks.pass(15_000);
  await raw.receives(`-${last}\n\n`);
  raw.socket.destroy();
  await until(async () => (await sessions(service)).length === 0);
  t.equal(await metric(service, 'sallyport_streams'), 0);
});
