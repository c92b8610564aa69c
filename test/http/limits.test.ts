import { test } from 'tap';
import type { Client } from '../client.ts';
import { start } from '../service.ts';
import { lastingStore } from '../streams/publish.ts';
import { isProblem } from './problems.ts';

const MEMORY = { store: 'memory:' };
const NAMED = { name: 'A', kind: 'test' };

function ask(client: Client, session: string, key?: string) {
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  return client.post('/approvals', { action: 'Deploy?', system_level: true }, { session, headers });
}

function askAndWait(client: Client, session: string, key?: string) {
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  return client.post('/approvals/wait', { action: 'Deploy?', timeout_ms: 0 }, { session, headers });
}

test('above the limit of a session it may ask nothing more, and others may', async (t) => {
  const { client } = await start(t, { ...MEMORY, maxPendingPerSession: 2 });
  const first = await ask(client, 'gate');
  await askAndWait(client, 'gate');
  for (const refused of [await ask(client, 'gate'), await askAndWait(client, 'gate')]) {
    isProblem(t, refused, 429, 'too-many-pending-approvals');
    t.equal(
      refused.body.detail,
      'this session has 2 approvals pending, as many as SALLYPORT_MAX_PENDING_PER_SESSION allows; decide or cancel some, then ask again',
    );
    t.ok(Number(refused.headers['retry-after']) > 0);
    t.equal(refused.headers['sallyport-seq'], '2');
  }
  t.equal((await client.get('/events')).body.events.length, 2, 'nothing was recorded');
  t.equal((await ask(client, 'other')).status, 201);
  await client.post(`/approvals/${first.body.id}/cancel`, {}, { session: 'gate' });
  t.equal((await askAndWait(client, 'gate')).status, 200, 'there is room again');
});

test('above the limits of all approvals nobody may ask, and who repeats a request gets its approval', async (t) => {
  for (const [limits, detail] of [
    [
      { maxPending: 2 },
      '2 approvals are pending, as many as SALLYPORT_MAX_PENDING allows; decide or cancel some, then ask again',
    ],
    [
      { maxPendingBytes: 1000 },
      "with this approval the pending ones would be larger than the 1000 bytes of SALLYPORT_MAX_PENDING_BYTES; send less in 'details', or decide or cancel some, then ask again",
    ],
  ] as const) {
    const { client } = await start(t, { ...MEMORY, ...limits });
    const first = await ask(client, 'a', 'key-1');
    const second = await askAndWait(client, 'b', 'key-2');
    for (const refused of [await ask(client, 'c', 'key-1'), await askAndWait(client, 'c')]) {
      isProblem(t, refused, 429, 'too-many-pending-approvals');
      t.equal(refused.body.detail, detail);
    }
    const again = await ask(client, 'a', 'key-1');
    t.strictSame([again.status, again.body], [200, first.body]);
    t.strictSame((await askAndWait(client, 'b', 'key-2')).body, second.body);
    t.strictSame((await askAndWait(client, 'a', 'key-1')).body.approval, first.body);
    const reused = await client.post(
      '/approvals',
      { action: 'Another?' },
      { session: 'a', headers: { 'Idempotency-Key': 'key-1' } },
    );
    isProblem(t, reused, 422, 'idempotency-key-reused');
    t.match((await client.get('/metrics')).text, /^sallyport_approvals_pending 2$/m);
  }
});

test('above the limit of agents nobody is registered anew', async (t) => {
  const { client } = await start(t, { ...MEMORY, maxAgents: 1 });
  t.equal((await client.post('/agents', { ...NAMED, id: 'a' })).status, 201);
  for (const body of [{ ...NAMED, id: 'b' }, NAMED]) {
    const refused = await client.post('/agents', body);
    isProblem(t, refused, 429, 'too-many-agents');
    t.equal(
      refused.body.detail,
      '1 agents are registered, as many as SALLYPORT_MAX_AGENTS allows; unregister some that are gone',
    );
    t.ok(Number(refused.headers['retry-after']) > 0);
  }
  t.equal((await client.post('/agents', { ...NAMED, id: 'a', name: 'B' })).status, 200);
  t.equal((await client.put('/agents/a/status', { status: 'running' })).status, 200);
  t.equal((await client.delete('/agents/a')).status, 204);
  t.equal((await client.post('/agents', { ...NAMED, id: 'b' })).status, 201);
});

test('of requests at the same moment exactly as many as fit get in', async (t) => {
  const { client } = await start(t, { maxPending: 5, maxAgents: 3 });
  const asked = Array.from({ length: 40 }, (_, index) => ask(client, `gate-${index}`));
  const registered = Array.from({ length: 20 }, () => client.post('/agents', NAMED));
  const count = async (answers: typeof asked) => {
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    return [201, 429].map((wanted) => statuses.filter((status) => status === wanted).length);
  };
  t.strictSame(
    [await count(asked), await count(registered)],
    [
      [5, 35],
      [3, 17],
    ],
  );
  t.equal((await client.get('/approvals')).body.approvals.length, 5);
  t.equal((await client.get('/agents')).body.agents.length, 3);
});

test('what was pending before a restart counts after it', async (t) => {
  const lasting = lastingStore(t);
  const first = await start(t, lasting);
  const hostile = { requested_by: { session_id: 'other', principal: null }, decided_by: null };
  await first.client.post('/approvals', { action: 'a', details: hostile }, { session: 'gate' });
  const { body: second } = await ask(first.client, 'gate', 'key-1');
  await first.stop();
  const { client } = await start(t, { ...lasting, maxPendingPerSession: 2 });
  isProblem(t, await ask(client, 'gate'), 429, 'too-many-pending-approvals');
  t.strictSame((await ask(client, 'gate', 'key-1')).body, second, 'its key joins it still');
  t.equal((await ask(client, 'other')).status, 201);
  await client.post(`/approvals/${second.id}/resolve`, { resolution: 'approve' });
  t.equal((await ask(client, 'gate')).status, 201);
});
