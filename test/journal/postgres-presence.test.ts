import tap, { test } from 'tap';
import type { SharedLog } from '../../src/host/journal.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';
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
