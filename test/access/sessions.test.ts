import { test } from 'tap';
import { isProblem } from '../http/problems.ts';
import { bearer, startGuarded } from './guarded.ts';

const QUESTION = { action: 'Deploy?', system_level: true };

test('the same name of two principals is two sessions in the list of who is connected', async (t) => {
  const { client, stream, tokens } = await startGuarded(t);
  const path = '/events/stream?session_id=ui';
  await (await stream(path, bearer(tokens.viewer))).hello();
  await (await stream(path, bearer(tokens.operator))).hello();
  const second = await stream(path, bearer(tokens.operator));
  t.match((await second.hello()).data, { session_id: 'ui' });
  t.match((await client.get('/sessions')).body.sessions, [
    { session_id: 'ui', principal: 'token:viewer', streams: 1 },
    { session_id: 'ui', principal: 'token:operator', streams: 2 },
  ]);
});

test('an owner is not connected because another principal uses its name', async (t) => {
  const { as, create, client, stream, tokens } = await startGuarded(t);
  const { body } = await as('operator').post('/approvals', { action: 'a' }, { session: 'ui' });
  const path = `/approvals/${body.id}/resolve`;
  const ann = client.as(await create('ann', 'operator'));
  await (await stream('/events/stream?session_id=ui', bearer(ann.token as string))).hello();
  const call = { session: 'ui' };
  isProblem(t, await ann.post(path, { resolution: 'approve' }, call), 409, 'approval-owner-disconnected');
  await (await stream('/events/stream?session_id=ui', bearer(tokens.operator))).hello();
  const passedOn = await ann.post(path, { resolution: 'approve' }, call);
  t.match(passedOn, { status: 202, body: { resolve_requested: { principal: 'token:ann' } } });
  t.equal((await as('operator').post(path, { resolution: 'approve' }, call)).status, 200);
});

test('the same idempotency key of two principals is two approvals', async (t) => {
  const { as } = await startGuarded(t);
  const call = { session: 's', headers: { 'Idempotency-Key': 'k' } };
  const first = await as('agent').post('/approvals', QUESTION, call);
  const second = await as('operator').post('/approvals', QUESTION, call);
  t.equal(first.status, 201);
  t.equal(second.status, 201);
  t.not(first.body.id, second.body.id);
  const again = await as('agent').post('/approvals', QUESTION, call);
  t.match(again, { status: 200, body: { id: first.body.id, requested_by: { principal: 'token:agent' } } });
});

test('only the principal that decided may say it again', async (t) => {
  const { as } = await startGuarded(t);
  const { body } = await as('agent').post('/approvals', QUESTION);
  const path = `/approvals/${body.id}/resolve`;
  const call = { session: 'ui' };
  const decided = await as('operator').post(path, { resolution: 'approve' }, call);
  t.equal(decided.status, 200);
  isProblem(t, await as('admin').post(path, { resolution: 'approve' }, call), 409, 'approval-already-final');
  const again = await as('operator').post(path, { resolution: 'approve' }, call);
  t.strictSame([again.status, again.body], [200, decided.body]);
});
