import { test } from 'tap';
import type { Answer } from '../client.ts';
import { start } from '../service.ts';
import { until } from './parts.ts';
import { isProblem } from './problems.ts';

const ALICE = { session: 'alice' };
const BOB = { session: 'bob' };

test('a system-level approval is resolved by any session', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const [resolution, outcome] of [
    ['yes', 'approved'],
    ['no', 'denied'],
    ['later', 'denied'],
  ]) {
    const options = ['no', 'yes', 'later'];
    const { body: asked } = await client.post(
      '/approvals',
      { action: 'Run tests', agent_id: 'a', options, approve_label: 'yes', system_level: true },
      ALICE,
    );
    const answer = await client.post(`/approvals/${asked.id}/resolve`, { resolution, comment: 'why' }, BOB);
    const { body } = answer;
    t.strictSame(body, {
      ...asked,
      status: 'resolved',
      outcome,
      resolution,
      comment: 'why',
      resolved_at: body.resolved_at,
      decided_by: { session_id: 'bob', principal: null },
    });
    t.equal(answer.status, 200);
    t.match((await client.get('/events?limit=1')).body.events, [
      {
        seq: Number(answer.headers['sallyport-seq']),
        kind: 'approval.resolved',
        agent_id: 'a',
        message: 'Approval resolved: Run tests',
        payload: body,
      },
    ]);
    t.strictSame((await client.get(`/approvals/${asked.id}`)).body, body);
  }
});

test('its owner resolves an approval, connected or not', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: asked } = await client.post('/approvals', { action: 'a' }, ALICE);
  const { status, body } = await client.post(
    `/approvals/${asked.id}/resolve`,
    { resolution: 'approve' },
    ALICE,
  );
  t.match({ status, body }, { status: 200, body: { outcome: 'approved', comment: null } });
});

test('the same decision of the same session is answered again; anything else is told what it became', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: asked } = await client.post('/approvals', { action: 'a', system_level: true });
  const resolve = (body: object, call = ALICE) => client.post(`/approvals/${asked.id}/resolve`, body, call);
  const first = await resolve({ resolution: 'deny', comment: 'no' });
  const again = await resolve({ resolution: 'deny', comment: 'another comment' });
  t.equal(again.status, 200);
  t.strictSame(again.body, first.body, 'a new comment is not kept');
  for (const answer of [
    await resolve({ resolution: 'deny' }, BOB),
    await resolve({ resolution: 'approve' }),
    await resolve({ resolution: 'approve' }, BOB),
  ]) {
    isProblem(t, answer, 409, 'approval-already-final');
    t.strictSame(answer.body.approval, first.body, 'the problem carries it');
    t.equal(answer.body.detail, `approval '${asked.id}' is already resolved; its outcome 'denied' stays`);
    t.equal(answer.headers['sallyport-seq'], '2');
  }
  t.equal((await client.get('/events?limit=1')).body.events[0].seq, 2, 'no second event');
});

test('a resolution that is not offered is 422, which lists what is, before anything else is looked at', async (t) => {
  const { client, clocks } = await start(t, { store: 'memory:' });
  const { body: final } = await client.post('/approvals', { action: 'a' });
  await client.post(`/approvals/${final.id}/cancel`);
  const { body: owned } = await client.post('/approvals', { action: 'a' }, ALICE);
  const { body: overdue } = await client.post('/approvals', { action: 'a', expires_in_ms: 3_600_000 });
  const { body: open } = await client.post('/approvals', { action: 'a' });
  for (const { id } of [final, owned, overdue, open]) {
    for (const resolution of ['yes', 'Approve', 'approve ', 'approved']) {
      const answer = await client.post(`/approvals/${id}/resolve`, { resolution });
      isProblem(t, answer, 422, 'resolution-not-offered');
      t.equal(
        answer.body.detail,
        `'${resolution}' is not an option of approval '${id}'; choose one of 'approve', 'deny'`,
      );
    }
  }
  t.equal((await client.get(`/approvals/${open.id}`)).body.status, 'pending');
  clocks.jump(3_600_000);
  const late = await client.post(`/approvals/${overdue.id}/resolve`, { resolution: 'yes' });
  isProblem(t, late, 422, 'resolution-not-offered');
});

test('an owner that is not connected is 409, and nothing changes', async (t) => {
  const { client, stream } = await start(t, { store: 'memory:' });
  const { body: asked } = await client.post('/approvals', { action: 'a' }, ALICE);
  await stream('/events/stream');
  await stream('/events/stream?session_id=bob');
  const answer = await client.post(`/approvals/${asked.id}/resolve`, { resolution: 'approve' }, BOB);
  isProblem(t, answer, 409, 'approval-owner-disconnected');
  t.equal(
    answer.body.detail,
    `approval '${asked.id}' is owned by session 'alice' which is not currently connected`,
  );
  t.strictSame(answer.body.approval, asked);
  t.strictSame((await client.get(`/approvals/${asked.id}`)).body, asked);
  t.equal((await client.get('/events')).body.events.length, 1);
});

test('a decision is passed on to an owner that is connected: 202, and again without a second event', async (t) => {
  const { client, stream, clocks } = await start(t, { store: 'memory:' });
  const owner = await stream('/events/stream?session_id=alice');
  await owner.hello();
  const { body: asked } = await client.post('/approvals', { action: 'Run tests', agent_id: 'x' }, ALICE);
  const resolve = (body: object, call = BOB) => client.post(`/approvals/${asked.id}/resolve`, body, call);

  const passed = await resolve({ resolution: 'deny', comment: 'no' });
  t.match(passed, { status: 202, headers: { 'sallyport-seq': '2' } });
  t.notOk('location' in passed.headers);
  t.strictSame(passed.body, {
    ...asked,
    resolve_requested: {
      resolution: 'deny',
      comment: 'no',
      session_id: 'bob',
      principal: null,
      at: passed.body.resolve_requested.at,
    },
  });
  t.match(await owner.seq(2), {
    kind: 'approval.resolve_requested',
    agent_id: 'x',
    message: 'Resolution requested for Run tests: deny',
    payload: {
      approval_id: asked.id,
      resolution: 'deny',
      comment: 'no',
      requesting_client_id: 'bob',
      owner_client_id: 'alice',
    },
  });
  clocks.jump(1000);
  const again = await resolve({ resolution: 'deny', comment: 'no' });
  t.equal(again.status, 202);
  t.strictSame(again.body, passed.body, 'the same again changes nothing');
  t.strictSame((await client.get(`/approvals/${asked.id}`)).body, passed.body);
  t.equal((await client.get('/events?limit=1')).body.events[0].seq, 2);

  const changed = await resolve({ resolution: 'approve' });
  t.match(changed, { status: 202, headers: { 'sallyport-seq': '3' } });
  t.match(changed.body, { status: 'pending', resolve_requested: { resolution: 'approve', comment: null } });
  const carol = await resolve({ resolution: 'approve' }, { session: 'carol' });
  t.match(carol, {
    status: 202,
    headers: { 'sallyport-seq': '4' },
    body: { resolve_requested: { session_id: 'carol' } },
  });

  const decided = await resolve({ resolution: 'approve', comment: 'fine' }, ALICE);
  t.match(decided, {
    status: 200,
    body: { status: 'resolved', decided_by: { session_id: 'alice' }, resolve_requested: null },
  });
  isProblem(t, await resolve({ resolution: 'approve' }), 409, 'approval-already-final');

  const { body: other } = await client.post('/approvals', { action: 'b' }, ALICE);
  owner.close();
  await until(async () => (await client.get('/sessions')).body.sessions.length === 0);
  const gone = await client.post(`/approvals/${other.id}/resolve`, { resolution: 'deny' }, BOB);
  isProblem(t, gone, 409, 'approval-owner-disconnected');
});

test('an overdue approval is recorded as expired first, then told as final', async (t) => {
  const { client, clocks } = await start(t, { store: 'memory:' });
  for (const what of ['resolve', 'cancel']) {
    const { body: asked } = await client.post('/approvals', {
      action: 'Run tests',
      expires_in_ms: 3_600_000,
    });
    clocks.jump(3_600_000);
    const body = what === 'resolve' ? { resolution: 'approve' } : {};
    const answer = await client.post(`/approvals/${asked.id}/${what}`, body);
    isProblem(t, answer, 409, 'approval-already-final');
    const { approval } = answer.body;
    t.strictSame(approval, {
      ...asked,
      status: 'expired',
      outcome: 'expired',
      resolved_at: approval.resolved_at,
    });
    t.ok(approval.resolved_at >= asked.expires_at, 'never before its time');
    const { events } = (await client.get(`/events?limit=1&kind=approval.expired`)).body;
    t.match(events, [
      {
        seq: Number(answer.headers['sallyport-seq']),
        message: 'Approval expired: Run tests',
        payload: approval,
      },
    ]);
    const again = await client.post(`/approvals/${asked.id}/resolve`, { resolution: 'deny' });
    isProblem(t, again, 409, 'approval-already-final');
    t.strictSame(again.body.approval, approval);
  }
  t.equal((await client.get('/events?kind=approval.expired')).body.events.length, 2);
});

test('an approval is answerable until its time, and as long as the clock goes back', async (t) => {
  const { client, clocks } = await start(t, { store: 'memory:' });
  const { body: asked } = await client.post('/approvals', { action: 'a', expires_in_ms: 3_600_000 });
  clocks.jump(3_500_000);
  t.equal((await client.get(`/approvals/${asked.id}`)).body.status, 'pending');
  clocks.jump(-7_200_000);
  const answer = await client.post(`/approvals/${asked.id}/resolve`, { resolution: 'approve' });
  t.match(answer, { status: 200, body: { outcome: 'approved' } });
});

test('of any number of decisions at the same moment exactly one wins', async (t) => {
  const { client } = await start(t);
  for (let round = 0; round < 5; round++) {
    const { body: asked } = await client.post('/approvals', { action: 'a', system_level: true });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const resolution = index % 2 === 0 ? 'approve' : 'deny';
        return client.post(`/approvals/${asked.id}/resolve`, { resolution }, { session: `s${index}` });
      }),
    );
    const [won, ...more] = answers.filter(({ status }) => status === 200);
    t.strictSame(more, []);
    const lost = answers.filter((answer) => answer !== won);
    t.equal(lost.length, 19);
    for (const answer of lost) {
      t.match(answer, { status: 409, body: { code: 'approval-already-final', approval: won?.body } });
    }
    t.equal(won?.body.decided_by.session_id, `s${answers.indexOf(won as Answer)}`);
    t.strictSame((await client.get(`/approvals/${asked.id}`)).body, won?.body);
  }
  t.equal((await client.get('/events?kind=approval.resolved')).body.events.length, 5);
});
