import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { test } from 'tap';
import { asked, idempotencyKey } from '../../src/http/asked-approval.ts';
import type { Actor } from '../../src/model/session.ts';
import type { Answer, Client } from '../client.ts';
import { doneOf, openHost } from '../host/open-host.ts';
import { by, ask as command } from '../host/samples.ts';
import { start } from '../service.ts';
import { isProblem } from './problems.ts';

const SESSION = 'test';

/** Asks with the key `k`, unless told otherwise. */
function ask(
  client: Client,
  body: object,
  { path = '/approvals', session = SESSION, key = 'k' } = {},
): Promise<Answer> {
  return client.post(path, body, { session, headers: { 'Idempotency-Key': key } });
}

const WAIT = { path: '/approvals/wait' };

test('the same key means the same approval: 200 instead of 201, and no second event', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const first = await ask(client, { action: 'a' });
  const again = await ask(client, { action: 'a' });
  t.equal(first.status, 201);
  t.match(again, { status: 200, headers: { 'sallyport-seq': '1' } });
  t.notOk('location' in again.headers);
  t.strictSame(again.body, first.body);
  await client.post('/events', {});
  t.equal(
    (await ask(client, { action: 'a' })).headers['sallyport-seq'],
    '2',
    'the state it is answered from',
  );
  t.equal((await client.get('/approvals')).body.approvals.length, 1);
});

test('many requests with one key at the same moment make one approval', async (t) => {
  const { client } = await start(t);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(client, { action: 'a' })));
  t.strictSame(answers.map(({ status }) => status).sort(), [...Array(19).fill(200), 201]);
  t.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
});

test('what is compared is the approval that would result', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const asked = {
    agent_id: null,
    action: 'a',
    details: { b: [{ y: 1, x: 2 }], a: null, 10: 1, 9: 2 },
    options: ['approve', 'deny'],
    approve_label: 'approve',
    system_level: false,
    expires_in_ms: null,
  };
  const { body: first } = await ask(client, asked);
  const { agent_id, options, approve_label, system_level, expires_in_ms, ...least } = asked;
  for (const same of [
    asked,
    least,
    { ...least, details: { 9: 2, 10: 1, a: null, b: [{ x: 2, y: 1 }] } },
    { ...least, options: [] },
    { expires_in_ms: null, ...least },
  ]) {
    const answer = await ask(client, same);
    t.match(answer, { status: 200, body: { id: first.id } }, JSON.stringify(same));
  }
  for (const other of [
    { ...asked, action: 'b' },
    { ...asked, agent_id: 'x' },
    { ...asked, details: null },
    { ...asked, details: { ...asked.details, a: 0 } },
    { ...asked, details: { ...asked.details, b: [{ y: 1 }] } },
    { ...asked, options: ['deny', 'approve'] },
    { ...asked, options: ['approve', 'deny', 'later'] },
    { ...asked, approve_label: 'deny' },
    { ...asked, system_level: true },
    { ...asked, expires_in_ms: 1000 },
  ]) {
    const answer = await ask(client, other);
    isProblem(t, answer, 422, 'idempotency-key-reused');
    t.equal(answer.headers['sallyport-seq'], '1');
  }
  t.equal((await client.get('/events')).body.events.length, 1);
});

test('the order of a list counts, and expires_in_ms as it was given', async (t) => {
  const { client, clocks } = await start(t, { store: 'memory:', defaultExpiresMs: 3_600_000 });
  const { body: first } = await ask(client, { action: 'a', details: [1, 2], expires_in_ms: 7_200_000 });
  clocks.jump(60_000);
  const again = await ask(client, { action: 'a', details: [1, 2], expires_in_ms: 7_200_000 });
  t.match(again, { status: 200, body: { expires_at: first.expires_at } }, 'the first one counts');
  isProblem(
    t,
    await ask(client, { action: 'a', details: [2, 1], expires_in_ms: 7_200_000 }),
    422,
    'idempotency-key-reused',
  );
  await ask(client, { action: 'a' }, { key: 'default' });
  t.equal((await ask(client, { action: 'a' }, { key: 'default' })).status, 200);
  isProblem(
    t,
    await ask(client, { action: 'a', expires_in_ms: 3_600_000 }, { key: 'default' }),
    422,
    'idempotency-key-reused',
  );
});

test('another session or another key means another approval', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const answers = [
    await ask(client, { action: 'a' }),
    await ask(client, { action: 'a' }, { session: 'other' }),
    await ask(client, { action: 'a' }, { key: 'K' }),
    await client.post('/approvals', { action: 'a' }),
    await client.post('/approvals', { action: 'a' }),
  ];
  t.strictSame(
    answers.map(({ status }) => status),
    Array(5).fill(201),
  );
  t.equal(new Set(answers.map(({ body }) => body.id)).size, 5);
});

test('the same session name of another principal means another approval', async (t) => {
  const { host } = await openHost(t);
  const approval = asked({ action: 'a' }, false);
  const request = { headers: { 'idempotency-key': 'k' } } as unknown as FastifyRequest;
  const askAs = async (session: Actor) =>
    doneOf(await host.execute(command(session, approval, idempotencyKey(request, session, approval))));
  const sessions = [by('ui-1'), by('ui-1', 'token:ann'), by('ui-1', 'token:bob'), by('ui-1', 'null')];
  const made = [];
  for (const session of sessions) {
    made.push(await askAs(session));
  }
  t.strictSame(
    made.map(({ outcome }) => outcome),
    Array(4).fill('created'),
  );
  for (const [index, session] of sessions.entries()) {
    t.hasStrict(await askAs(session), { outcome: 'changed', id: made[index]?.id }, 'its own is joined');
  }
});

test('a key still means its approval when that is final', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: first } = await ask(client, { action: 'a' });
  const { body: resolved } = await client.post(`/approvals/${first.id}/resolve`, { resolution: 'deny' });
  const again = await ask(client, { action: 'a' });
  t.match(again, { status: 200, headers: { 'sallyport-seq': '2' } });
  t.strictSame(again.body, resolved);
  isProblem(t, await ask(client, { action: 'b' }), 422, 'idempotency-key-reused');
});

test('a wait joins the approval that is there, whatever its timeout', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: first } = await ask(client, { action: 'a', system_level: true });
  for (const timeout_ms of [0, 1]) {
    const answer = await ask(client, { action: 'a', timeout_ms }, WAIT);
    t.match(answer, { status: 200, body: { outcome: 'timed_out', approval: first } });
  }
  t.equal((await client.get('/events')).body.events.length, 1);
  await client.post(`/approvals/${first.id}/resolve`, { resolution: 'approve' });
  const joined = await ask(client, { action: 'a' }, WAIT);
  t.match(joined, { status: 200, body: { outcome: 'approved', approval: { id: first.id } } });
});

test('a wait is system-level: without that it is another approval', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await ask(client, { action: 'a' });
  isProblem(t, await ask(client, { action: 'a', timeout_ms: 0 }, WAIT), 422, 'idempotency-key-reused');
  const waited = await ask(client, { action: 'b', timeout_ms: 0 }, { ...WAIT, key: 'w' });
  t.equal(waited.body.approval.client_id, null);
  const created = await ask(client, { action: 'b', system_level: true }, { key: 'w' });
  t.match(created, { status: 200, body: { id: waited.body.approval.id } });
  isProblem(t, await ask(client, { action: 'b' }, { key: 'w' }), 422, 'idempotency-key-reused');
});

test('a key outlives a restart', async (t) => {
  const store = `sqlite:${join(t.testdir({}), 'log.db')}`;
  let first: Answer | undefined;
  let final: Answer | undefined;
  await t.test('before', async (t) => {
    const { client, stop } = await start(t, { store });
    first = await ask(client, { action: 'a', details: { x: 1, y: 2 } });
    const { body } = await ask(client, { action: 'b' }, { key: 'final' });
    final = await client.post(`/approvals/${body.id}/cancel`);
    t.equal(final.status, 200);
    await stop();
  });
  await t.test('after', async (t) => {
    const { client } = await start(t, { store });
    const again = await ask(client, { action: 'a', details: { y: 2, x: 1 } });
    t.match(again, { status: 200, headers: { 'sallyport-seq': '3' } });
    t.strictSame(again.body, first?.body);
    t.strictSame((await ask(client, { action: 'b' }, { key: 'final' })).body, final?.body);
    isProblem(t, await ask(client, { action: 'c' }), 422, 'idempotency-key-reused');
  });
});
