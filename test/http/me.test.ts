import { test } from 'tap';
import { PERMISSIONS } from '../../src/credentials/roles.ts';
import { ROLES, startGuarded } from '../access/guarded.ts';
import { start } from '../service.ts';

test('GET /me says who asks and what they may do', async (t) => {
  const { as } = await startGuarded(t);
  for (const role of ROLES) {
    const { status, body, headers } = await as(role).get('/me', { session: null });
    t.equal(status, 200);
    t.match(body, { principal: `token:${role}`, role, credential: 'token' });
    t.equal(headers['cache-control'], 'no-store');
    t.equal(body.permissions.includes('approvals.resolve'), role === 'operator' || role === 'admin', role);
    t.equal(body.permissions.length === Object.keys(PERMISSIONS).length, role === 'admin', role);
  }
});

test('GET /me says by what a browser is signed in', async (t) => {
  const { client, tokens } = await startGuarded(t);
  const nobody = client.as(null);
  const { headers } = await nobody.post('/login', { token: tokens.viewer });
  const [Cookie = ''] = String(headers['set-cookie']).split(';', 1);
  const { body } = await nobody.get('/me', { headers: { Cookie } });
  t.strictSame(body, {
    principal: 'token:viewer',
    role: 'viewer',
    permissions: ['read'],
    credential: 'cookie',
  });
});

test('in open mode GET /me says that nobody has a name', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body } = await client.get('/me');
  t.match(body, { principal: null, role: 'operator', credential: null });
  t.ok(body.permissions.includes('approvals.resolve'));
  t.notOk(body.permissions.includes('tokens'));
});
