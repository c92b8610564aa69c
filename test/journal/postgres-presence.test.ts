import tap, { test } from 'tap';
import type { SharedLog } from '../../src/host/journal.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { freshLog, openNode, serverFor } from './postgres-contract.ts';

const skip = noPostgres;
let server: PostgresServer;
if (!skip) server = await serverFor(tap);

test('a node that is closed asks nobody any more, and keeps no connection', { skip }, async (t) => {
  const journal = await openNode(t, freshLog(t, server));
  const { presence } = journal.shared as SharedLog;
  const asked = presence.list();
  asked.catch(() => {});
  await journal.close();
  await t.rejects(asked, /the database cannot be used/, 'its connection came too late');
  await t.rejects(presence.list(), /this node is closed/);
});

test('while the table cannot be reached, whoever needs it is told at once', { skip }, async (t) => {
  const proxy = await TcpProxy.open(server.port);
  const journal = await openNode(t, proxy.through(freshLog(t, server)));
  t.teardown(() => proxy.close());
  const { presence } = journal.shared as SharedLog;
  await presence.connect(actor('known'), 2);
  proxy.refuses = true;
  proxy.cut();
  await t.rejects(Promise.resolve(presence.connect(actor('first'), 3)), /the database cannot be used/);
  await t.rejects(Promise.resolve(presence.connect(actor('second'), 4)), /the database cannot be used/);
  await t.rejects(Promise.resolve(presence.find(actor('elsewhere'))), /the database cannot be used/);
  t.equal(presence.find(actor('known')), true, 'what is here is known here');
  proxy.refuses = false;
});

test('who is connected is listed in the order of their coming, whatever the node', { skip }, async (t) => {
  const url = freshLog(t, server);
  const [here, there] = [await openNode(t, url), await openNode(t, url)].map(
    (journal) => (journal.shared as SharedLog).presence,
  );
  await here?.connect(actor('third'), 3000);
  await there?.connect(actor('first'), 1000);
  await here?.connect(actor('second'), 2000);
  await there?.connect(actor('second'), 2000);
  const listed = (await here?.list()) ?? [];
  t.strictSame(
    listed.map(({ session_id }) => session_id),
    ['first', 'second', 'second', 'third'],
  );
});

test('a node that is closed in the middle of a beat has no next one', { skip }, async (t) => {
  const journal = await openNode(t, freshLog(t, server));
  const { presence } = journal.shared as SharedLog;
  const connected = presence.connect(actor('ann'), 1);
  // The first beat begins in the next turn.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await Promise.allSettled([connected, journal.close()]);
  t.equal(presence.isConnected(actor('ann')), true, 'what was here stays known');
});

function actor(session_id: string) {
  return { session_id, principal: null };
}
