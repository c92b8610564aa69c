import { test } from 'tap';
import { isProblem } from '../http/problems.ts';
import { bearer, startGuarded } from './guarded.ts';

const QUESTION = { action: 'Deploy?', system_level: true };

test('an agent cannot decide what it asked, by whatever way', async (t) => {
  const service = await startGuarded(t);
  const agent = service.as('agent');
  const call = { session: 'agent-1', headers: { 'Idempotency-Key': 'k' } };
  const { body: approval } = await agent.post('/approvals', QUESTION, call);
  const path = `/approvals/${approval.id}/resolve`;
  for (const session of ['agent-1', 'another', 'operator', null]) {
    for (const body of [{ resolution: 'approve' }, { resolution: 'deny' }, { resolution: 'x' }, {}]) {
      isProblem(t, await agent.post(path, body, { ...call, session }), 403, 'forbidden');
    }
  }
  const unknown = await agent.post('/approvals/approval-0123456789ab/resolve', { resolution: 'approve' });
  isProblem(t, unknown, 403, 'forbidden');
  const again = await agent.post('/approvals', QUESTION, call);
  t.match(
    again,
    { status: 200, body: { id: approval.id, status: 'pending' } },
    'the key only finds it again',
  );
  const waited = await agent.post('/approvals/wait', { action: 'Deploy?', timeout_ms: 0 }, call);
  t.match(waited.body, { outcome: 'timed_out', approval: { id: approval.id } });
  const stream = await service.stream('/events/stream?session_id=agent-1', bearer(service.tokens.agent));
  await stream.hello();
  isProblem(t, await agent.post(path, { resolution: 'approve' }, call), 403, 'forbidden');
  const { body: now } = await agent.get(`/approvals/${approval.id}`);
  t.strictSame(now, approval, 'nothing has changed');
  const decided = await service.as('operator').post(path, { resolution: 'deny' }, { session: 'ui' });
  t.match(decided, { status: 200, body: { outcome: 'denied', decided_by: { principal: 'token:operator' } } });
  isProblem(t, await agent.post(path, { resolution: 'deny' }, { session: 'ui' }), 403, 'forbidden');
});

test('a browser that an agent signs in with its token is an agent', async (t) => {
  const { client, as, tokens, url } = await startGuarded(t);
  const { body: approval } = await as('agent').post('/approvals', QUESTION);
  const nobody = client.as(null);
  const { headers } = await nobody.post('/login', { token: tokens.agent });
  const Cookie = String(headers['set-cookie']).split(';', 1)[0] as string;
  const signedIn = { headers: { Cookie, Origin: url } };
  isProblem(
    t,
    await nobody.post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' }, signedIn),
    403,
    'forbidden',
  );
  const { status } = await nobody.post(`/approvals/${approval.id}/cancel`, {}, signedIn);
  t.equal(status, 200, 'it may take back what it asked with the token');
});

test('an agent owns no question: it would be asked for the answer', async (t) => {
  const { as, client } = await startGuarded(t);
  for (const body of [{ action: 'a' }, { action: 'a', system_level: false }]) {
    const refused = await as('agent').post('/approvals', body);
    isProblem(t, refused, 403, 'forbidden');
    t.match(refused.body.detail, 'send "system_level": true');
    t.match((await as('operator').post('/approvals', body)).body, { client_id: 'test' });
  }
  t.equal((await client.get('/approvals')).body.approvals.length, 2);
});

test('an agent takes back its own questions only', async (t) => {
  const { as, create, client } = await startGuarded(t);
  const other = client.as(await create('other', 'agent'));
  const { body: approval } = await other.post('/approvals', QUESTION, { session: 'same' });
  const { body: owned } = await as('operator').post('/approvals', { action: 'a' }, { session: 'same' });
  for (const { id } of [approval, owned]) {
    const refused = await as('agent').post(`/approvals/${id}/cancel`, {}, { session: 'same' });
    isProblem(t, refused, 403, 'approval-requested-by-another-session');
  }
  const cancelled = await other.post(`/approvals/${approval.id}/cancel`, {}, { session: 'same' });
  t.match(cancelled.body, { status: 'cancelled', decided_by: { principal: 'token:other' } });
});
