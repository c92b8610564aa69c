import { join } from 'node:path';
import tap, { test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { bearer } from '../access/guarded.ts';
import { startCluster } from '../cluster.ts';
import { until } from '../http/parts.ts';
import { serverFor } from '../journal/postgres-contract.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';

const skip = noPostgres;
let server: PostgresServer;
if (!skip) server = await serverFor(tap);

test('the same session name under two credentials is two sessions, on all nodes', { skip }, async (t) => {
  const tokensFile = join(t.testdir({}), 'tokens.json');
  const file = new TokenFile(tokensFile);
  const create = async (name: string, role: 'operator' | 'admin') =>
    (await file.create({ name, role, expiresAt: null })).token;
  const [one, two, admin] = [
    await create('one', 'operator'),
    await create('two', 'operator'),
    await create('admin', 'admin'),
  ];
  const [a, b, c] = await startCluster(t, server, { tokensFile });
  const call = { session: 'worker' };
  const sessions = async () => (await c.client.as(admin).get('/sessions')).body.sessions;
  const { body: approval } = await a.client.as(one).post('/approvals', { action: 'Deploy' }, call);
  t.match(approval.requested_by, { session_id: 'worker', principal: 'token:one' });
  const decide = async () =>
    (await c.client.as(admin).post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' })).status;

  const others = await b.stream('?session_id=worker', bearer(two));
  await others.hello();
  await until(async () => (await sessions()).length === 1);
  t.match(await sessions(), [{ session_id: 'worker', principal: 'token:two', streams: 1 }]);
  t.equal(await decide(), 409, 'its owner is not there, though somebody of that name is');

  const own = await a.stream('?session_id=worker', bearer(one));
  await own.hello();
  await until(async () => (await sessions()).length === 2);
  const shown = await sessions();
  t.strictSame(shown.map(({ principal }: { principal: string }) => principal).toSorted(), [
    'token:one',
    'token:two',
  ]);
  t.not(shown[0].node, shown[1].node);
  t.equal(await decide(), 202, 'its owner is on another node than who decides');

  own.close();
  await until(async () => (await sessions()).length === 1);
  t.match(await sessions(), [{ principal: 'token:two' }]);
});
