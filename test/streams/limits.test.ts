import { test } from 'tap';
import { start } from '../service.ts';
import { serveHub } from './hub-server.ts';
import { metric, until } from './publish.ts';

/** The fields of what came: one that is turned away is told when to come back, and ended. */
const COME_BACK = [['retry']];

test('a principal has so many streams; one more is told to come back, whatever others have', async (t) => {
  const { stream, hub, host } = await serveHub(t, { maxStreamsPerPrincipal: 2 });
  const actor = { session_id: 'ui', principal: 'token:ann' };
  const open = async (principal: string | null, session = actor) => {
    const opened = await stream({ principal, actor: principal === null ? null : session });
    await opened.stream.hello();
    return opened.stream;
  };
  const turnedAway = async () => {
    const { stream: refused } = await stream({
      principal: 'token:ann',
      actor: { ...actor, session_id: 'b' },
    });
    t.ok(await refused.ended);
    t.strictSame(
      refused.frames.map((frame) => Object.keys(frame)),
      COME_BACK,
    );
  };
  const first = await open('token:ann');
  await open('token:ann');
  await turnedAway();
  t.notOk(host.presence.isConnected({ ...actor, session_id: 'b' }), 'nobody is connected by it');
  await open('token:bo');
  for (let times = 0; times < 3; times++) {
    await open(null);
  }
  t.match(hub.figures, { streams: 6, turnedAway: 1 });
  first.close();
  await until(() => hub.figures.streams === 5);
  await open('token:ann');
  await turnedAway();
});

test('a stream counts for its principal though it counts for no session', async (t) => {
  const { stream } = await serveHub(t, { maxStreamsPerPrincipal: 1 });
  await (await stream({ principal: 'token:ann' })).stream.hello();
  const { stream: refused } = await stream({ principal: 'token:ann' });
  t.ok(await refused.ended);
  t.equal(refused.frames.length, 1);
});

test('above the limit of all streams one more is told to come back, and counted', async (t) => {
  const service = await start(t, { store: 'memory:', maxStreams: 1 });
  const first = await service.stream();
  await first.hello();
  const second = await service.stream();
  t.equal(second.status, 200);
  t.ok(await second.ended);
  t.strictSame(second.events, []);
  t.ok(Number(second.frames.at(-1)?.retry) >= 2000);
  t.equal(await metric(service, 'sallyport_streams_turned_away_total'), 1);
  first.close();
  await until(async () => (await metric(service, 'sallyport_streams')) === 0);
  await (await service.stream()).hello();
});
