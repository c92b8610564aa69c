import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'tap';
import { Stream } from '../../src/streams/stream.ts';
import { start } from '../service.ts';
import { type HubServer, serveHub } from './hub-server.ts';
import { metric, publish, range, until } from './publish.ts';

const LARGE = 'x'.repeat(200_000);
const MIB = 1024 * 1024;

test('a reader with more than 1 MiB of earlier turns unread is cut off, resumes without loss, and slows nobody', async (t) => {
  const service = await start(t, { maxJsonBytes: 262_144 });
  const slow = await service.stream();
  const other = await service.stream();
  await Promise.all([slow.hello(), other.hello()]);
  slow.pause();
  let last = 0;
  while ((await metric(service, 'sallyport_streams_cut_off_total')) === 0 && last < 200) {
    last = await publish(service, 1, () => ({ payload: LARGE }));
    await other.seq(last);
  }
  t.ok(last < 200, `cut off after ${last} events`);
  t.equal(await metric(service, 'sallyport_streams'), 1);
  slow.resume();
  t.notOk(await slow.ended, 'cut in the middle');
  const position = slow.frames.findLast(({ id }) => id !== undefined)?.id as string;
  const again = await service.stream('/events/stream', { 'Last-Event-ID': position });
  await again.seq(last);
  t.same([...slow.seqs, ...again.seqs], range(1, last), 'nothing is lost');
  t.same(other.seqs, range(1, last));
});

test('exactly a turn that begins with more than 1 MiB unread cuts a reader off', async (t) => {
  const server = await serveHub(t);
  const { stream, response } = await server.stream();
  await stream.hello();
  stream.pause();
  // The connection itself takes some.
  await fill(server, response);
  for (;;) {
    const unread = response.writableLength;
    await server.publish(1, 'x'.repeat(100_000));
    await turn();
    const isCut = server.hub.figures.cutOff === 1;
    t.equal(isCut, unread > MIB, `${unread} bytes unread`);
    if (isCut || unread > 3 * MIB) {
      break;
    }
  }
  t.ok(response.destroyed);
});

test('one turn of more than 1 MiB is no reason to cut off a reader', async (t) => {
  const server = await serveHub(t);
  const { stream } = await server.stream();
  await stream.hello();
  const last = await server.publish(50, LARGE);
  await stream.seq(last);
  t.same(stream.seqs, range(1, 50));
  t.equal(server.hub.figures.cutOff, 0);
});

/** Records events until its reader, who rests, leaves something unread. */
async function fill(server: HubServer, response: ServerResponse): Promise<void> {
  while (response.writableLength === 0) {
    await server.publish(1, LARGE);
    await turn();
  }
}

test('a reader that leaves anything unread for 30 s is cut off, one that reads on is not', async (t) => {
  const server = await serveHub(t);
  const { stream, response } = await server.stream({ actor: { session_id: 'slow', principal: null } });
  await stream.hello();
  stream.pause();
  await fill(server, response);
  server.sweep(0);
  server.sweep(29_900);
  t.equal(server.hub.figures.cutOff, 0, 'after less than 30 s');
  stream.resume();
  await until(() => response.writableLength === 0);
  stream.pause();
  await fill(server, response);
  server.sweep(1000);
  server.sweep(28_000);
  t.equal(server.hub.figures.cutOff, 0, 'the 30 s began again');
  server.sweep(2001);
  t.equal(server.hub.figures.cutOff, 1);
  await until(() => server.hub.figures.streams === 0);
  t.same(await server.host.presence.list(), [], 'nor is its session connected any more');
});

test('a reader that takes something and leaves the rest unread for 30 s is cut off too', async (t) => {
  const server = await serveHub(t);
  const { stream, response } = await server.stream();
  await stream.hello();
  stream.pause();
  await fill(server, response);
  server.sweep(0);
  const unread = response.writableLength;
  await server.publish(1, LARGE);
  await turn();
  t.ok(response.writableLength > unread);
  server.sweep(15_000);
  server.sweep(14_900);
  t.equal(server.hub.figures.cutOff, 0);
  server.sweep(200);
  t.equal(server.hub.figures.cutOff, 1, '30 s after the first of what is unread');
});

test('a reader that has all is never cut off, however long nothing happens', async (t) => {
  const server = await serveHub(t);
  const { stream } = await server.stream();
  await stream.hello();
  for (let sweep = 1; sweep <= 3; sweep++) {
    server.sweep(40_000);
    await stream.frame(() => stream.frames.filter(({ data }) => data === undefined).length === sweep);
  }
  t.equal(server.hub.figures.cutOff, 0);
  t.equal(server.hub.figures.streams, 1);
});

test('a pause of the whole process is not held against readers', async (t) => {
  const server = await serveHub(t);
  const { stream } = await server.stream();
  await stream.hello();
  // Writes a position; nobody can take it before the next look.
  server.sweep(15_000);
  server.sweep(60_000);
  t.equal(server.hub.figures.cutOff, 0);
  await stream.seq(await server.publish(1));
});

test('a stream that has to end does not wait for ever for a reader that rests', async (t) => {
  const server = await serveHub(t, { maxAgeMs: 60_000 });
  await server.publish(100, LARGE);
  const { stream, response } = await server.stream({ resumeFrom: { epoch: null, seq: 0 } });
  stream.pause();
  await until(() => response.writableLength > 0);
  server.sweep(60_000);
  t.ok(response.writableEnded);
  server.sweep(0);
  server.sweep(29_900);
  t.equal(server.hub.figures.cutOff, 0, 'it is asked to come back first');
  server.sweep(200);
  t.equal(server.hub.figures.cutOff, 1);
  await until(() => server.hub.figures.streams === 0);
});

test('what is being sent to a reader that has gone is given up', async (t) => {
  const opened: Stream[] = [];
  const server = await serveHub(t, {
    before: (response) => {
      const stream = new Stream(response, { actor: null, principal: null, live: new Set(), endsAt: 0 });
      response.on('close', () => stream.close());
      opened.push(stream);
    },
  });
  const { stream: leaving } = await server.stream();
  const sending = opened[0]?.send('x'.repeat(20 * MIB), 0);
  leaving.close();
  t.equal(await sending, undefined);
  const { response } = await server.stream();
  // The connection is gone, and the response does not know yet.
  response.socket?.destroy();
  t.equal(await opened[1]?.send('too late', 0), undefined);
  t.ok(opened.every(({ isEnding }) => isEnding));
});

test('readers that rest do not keep the service from stopping within 5 s', async (t) => {
  const service = await start(t, { store: 'memory:', maxJsonBytes: 262_144 });
  await publish(service, 60, () => ({ payload: LARGE }));
  const stream = await service.stream('/events/stream?last_event_id=0');
  stream.pause();
  const began = performance.now();
  await service.stop();
  const took = performance.now() - began;
  t.ok(took < 5000, `${took} ms`);
});
