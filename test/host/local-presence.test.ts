import { test } from 'tap';
import { LocalPresence } from '../../src/host/local-presence.ts';
import { by, NOW } from './samples.ts';

test('a session is connected from its first stream to the end of its last', async (t) => {
  const presence = new LocalPresence('node-1');
  const session = by('ui-1');
  t.notOk(presence.isConnected(session));
  t.notOk(presence.find(session));
  presence.connect(session, NOW);
  presence.connect(session, NOW + 5);
  t.ok(presence.isConnected(session));
  t.strictSame(await presence.list(), [
    {
      session_id: 'ui-1',
      principal: null,
      connected_at: '2026-11-23T10:15:30.123Z',
      streams: 2,
      node: 'node-1',
    },
  ]);
  presence.disconnect(session);
  t.ok(presence.isConnected(session));
  presence.disconnect(session);
  t.notOk(presence.isConnected(session));
  t.strictSame(await presence.list(), []);
  presence.disconnect(session);
  t.notOk(presence.isConnected(session), 'one end too many changes nothing');
  presence.connect(session, NOW);
  t.ok(presence.isConnected(session));
});

test('the same name of another principal is another session', async (t) => {
  const presence = new LocalPresence('node-1');
  presence.connect(by('ui-1', 'ann'), NOW);
  t.notOk(presence.isConnected(by('ui-1')));
  t.notOk(presence.isConnected(by('ui-1', 'bob')));
  presence.connect(by('ui-1'), NOW + 1);
  presence.connect(by('ui-1', 'bob'), NOW + 2);
  t.strictSame(
    (await presence.list()).map(({ principal, streams }) => ({ principal, streams })),
    [
      { principal: 'ann', streams: 1 },
      { principal: null, streams: 1 },
      { principal: 'bob', streams: 1 },
    ],
    'who is connected longest comes first',
  );
  presence.disconnect(by('ui-1'));
  t.ok(presence.isConnected(by('ui-1', 'ann')));
});
