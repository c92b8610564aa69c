import { test } from 'tap';
import { start } from '../service.ts';
import { until } from './parts.ts';

test('GET /sessions tells who is connected, since when and with how many streams', async (t) => {
  const { client, stream, clocks } = await start(t, { store: 'memory:' });
  const sessions = async () => (await client.get('/sessions', { session: null })).body;
  t.strictSame(await sessions(), { sessions: [] });
  clocks.jump(Date.parse('2030-01-01T00:00:00.000Z') - Date.now());
  const first = await stream('/events/stream?session_id=ui-1');
  const since = (await sessions()).sessions[0].connected_at;
  t.match(since, /^2030-01-01T00:00:\d\d\.\d{3}Z$/);
  clocks.jump(60_000);
  const second = await stream('/events/stream?session_id=ui-1');
  await stream('/events/stream', { 'X-Session-Id': 'ui-2' });
  await stream();
  t.match(await sessions(), {
    sessions: [
      { session_id: 'ui-1', principal: null, connected_at: since, streams: 2 },
      { session_id: 'ui-2', principal: null, connected_at: /^2030-01-01T00:01/, streams: 1 },
    ],
  });
  first.close();
  await until(async () => (await sessions()).sessions[0].streams === 1);
  second.close();
  await until(async () => (await sessions()).sessions.length === 1);
  t.equal((await sessions()).sessions[0].session_id, 'ui-2');
});
