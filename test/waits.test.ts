import { once } from 'node:events';
import { test } from 'tap';
import { Wait, Waits } from '../src/host/waits.ts';
import type { Answer } from './client.ts';
import { type Started, start } from './service.ts';
import { lastingStore, metric, publish, times, until } from './streams/publish.ts';
import { RawConnection } from './streams/raw.ts';

const MEMORY = { store: 'memory:' };
const ACTION = { action: 'Deploy to production?' };
const PATIENT = { ...ACTION, timeout_ms: 60_000 };

const parked = (service: Started) => metric(service, 'sallyport_waits');

async function untilParked(service: Started, count: number): Promise<void> {
  await until(async () => (await parked(service)) === count);
}

/** Parks a new question and returns its approval, and the answer to come. */
async function ask(service: Started, body: object = {}, headers: Record<string, string> = {}) {
  const before = await parked(service);
  const answer = service.client.post('/approvals/wait', { ...PATIENT, ...body }, { headers });
  await untilParked(service, before + 1);
  const { body: page } = await service.client.get('/approvals?limit=1');
  return { id: page.approvals[0].id as string, answer };
}

function resolve({ client }: Started, id: string, resolution = 'approve'): Promise<Answer> {
  return client.post(`/approvals/${id}/resolve`, { resolution });
}

test('a new question waits, is system-level, and is answered by the decision', async (t) => {
  const service = await start(t);
  for (const [resolution, outcome] of [
    ['approve', 'approved'],
    ['deny', 'denied'],
  ] as const) {
    const { id, answer } = await ask(service, { details: { version: 1 }, agent_id: 'a' });
    const { body: pending } = await service.client.get(`/approvals/${id}`);
    t.match(pending, {
      status: 'pending',
      client_id: null,
      agent_id: 'a',
      requested_by: { session_id: 'test' },
    });
    const { status, body: decided } = await resolve(service, id, resolution);
    t.equal(status, 200);
    const { status: waited, body, headers } = await answer;
    t.equal(waited, 200);
    t.same(body, { outcome, approval: decided });
    t.match(body.approval, { id, status: 'resolved', outcome, resolution, details: { version: 1 } });
    const { body: log } = await service.client.get('/events?limit=1');
    t.equal(headers['sallyport-seq'], `${log.events[0].seq}`, 'the answer includes the decision');
  }
  t.equal(await parked(service), 0);
});

test('approved is only what the approve_label says', async (t) => {
  const service = await start(t, MEMORY);
  const custom = { options: ['ship it', 'approve', 'hold'], approve_label: 'ship it' };
  for (const [resolution, outcome] of [
    ['ship it', 'approved'],
    ['approve', 'denied'],
    ['hold', 'denied'],
  ] as const) {
    const { id, answer } = await ask(service, custom);
    await resolve(service, id, resolution);
    t.match((await answer).body, { outcome, approval: { outcome, resolution } }, resolution);
  }
});

test('a wait is answered when its approval is cancelled or expires', async (t) => {
  const service = await start(t, MEMORY);
  const cancelled = await ask(service);
  await service.client.post(`/approvals/${cancelled.id}/cancel`, { comment: 'no longer' });
  t.match((await cancelled.answer).body, {
    outcome: 'cancelled',
    approval: { status: 'cancelled', comment: 'no longer' },
  });
  const expiring = await ask(service, { expires_in_ms: 60_000 });
  service.clocks.pass(60_000);
  const { body } = await expiring.answer;
  t.match(body, { outcome: 'expired', approval: { status: 'expired', resolution: null, decided_by: null } });
  t.ok(body.approval.resolved_at >= body.approval.expires_at);
});

test('a wait that has timed out has the pending approval, which can still be resolved', async (t) => {
  const service = await start(t, MEMORY);
  const { client } = service;
  const { status, body } = await client.post('/approvals/wait', { ...ACTION, timeout_ms: 20 });
  t.match({ status, body }, { status: 200, body: { outcome: 'timed_out', approval: { status: 'pending' } } });
  const path = `/approvals/${body.approval.id}/wait`;
  t.match((await client.get(`${path}?timeout_ms=0`)).body, { outcome: 'timed_out', approval: body.approval });
  t.match((await client.post('/approvals/wait', { ...ACTION, timeout_ms: 0 })).body, {
    outcome: 'timed_out',
  });
  t.equal(await parked(service), 0);
  const again = client.get(path);
  await untilParked(service, 1);
  await resolve(service, body.approval.id);
  t.match((await again).body, { outcome: 'approved', approval: { status: 'resolved' } });
});

test('a decision between two waits is not lost', async (t) => {
  const service = await start(t, MEMORY);
  const { client } = service;
  const headers = { 'Idempotency-Key': 'deploy-1' };
  const { body } = await client.post('/approvals/wait', { ...ACTION, timeout_ms: 0 }, { headers });
  await resolve(service, body.approval.id, 'deny');
  const byId = await client.get(`/approvals/${body.approval.id}/wait`, { session: null });
  const byKey = await client.post('/approvals/wait', PATIENT, { headers });
  t.same(byId.body, byKey.body);
  t.match(byId.body, { outcome: 'denied', approval: { id: body.approval.id } });
});

test('what is final answers at once, also when it is long out of memory, and after a restart', async (t) => {
  const lasting = lastingStore(t);
  const first = await start(t, lasting);
  const headers = { 'Idempotency-Key': 'deploy-1' };
  const { body } = await first.client.post('/approvals/wait', { ...ACTION, timeout_ms: 0 }, { headers });
  const { body: open } = await first.client.post('/approvals/wait', { ...ACTION, timeout_ms: 0 });
  await resolve(first, body.approval.id);
  // Some megabytes of final approvals are kept in memory at most.
  const details = 'x'.repeat(125_000);
  await times(40, async () => {
    const { body: other } = await first.client.post('/approvals', { ...ACTION, details });
    await first.client.post(`/approvals/${other.id}/cancel`);
  });
  const path = `/approvals/${body.approval.id}/wait`;
  const answers = [
    await first.client.get(path),
    await first.client.post('/approvals/wait', PATIENT, { headers }),
  ];
  await first.stop();
  const second = await start(t, lasting);
  answers.push(
    await second.client.get(path),
    await second.client.post('/approvals/wait', PATIENT, { headers }),
  );
  for (const answer of answers) {
    t.match(answer.body, { outcome: 'approved', approval: { id: body.approval.id, resolution: 'approve' } });
    t.same(answer.body, answers[0]?.body);
  }
  const waiting = second.client.get(`/approvals/${open.approval.id}/wait`);
  await untilParked(second, 1);
  await resolve(second, open.approval.id, 'deny');
  t.match((await waiting).body, { outcome: 'denied' }, 'what is pending is waited for after a restart too');
});

test('any number of waits on one approval get the same answer, those on others none', async (t) => {
  const service = await start(t, MEMORY);
  const { id, answer } = await ask(service);
  const other = await ask(service);
  const more = Array.from({ length: 50 }, () => service.client.get(`/approvals/${id}/wait?timeout_ms=60000`));
  await untilParked(service, 52);
  await resolve(service, id);
  const answers = await Promise.all([answer, ...more]);
  t.same(new Set(answers.map(({ text }) => text)).size, 1);
  t.match(answers[0]?.body, { outcome: 'approved' });
  t.equal(await parked(service), 1);
  await resolve(service, other.id, 'deny');
  t.match((await other.answer).body, { outcome: 'denied' });
});

test('the same key joins the approval that is there, whatever the timeout', async (t) => {
  const service = await start(t, MEMORY);
  const headers = { 'Idempotency-Key': 'deploy-1' };
  const { id, answer } = await ask(service, { details: { a: 1, b: 2 } }, headers);
  const joining = ask(service, { details: { b: 2, a: 1 }, timeout_ms: 50_000, options: [] }, headers);
  const joined = await joining;
  t.equal(joined.id, id);
  const { client } = service;
  const brief = await client.post(
    '/approvals/wait',
    { ...ACTION, details: { a: 1, b: 2 }, timeout_ms: 0 },
    { headers },
  );
  t.match(brief.body, { outcome: 'timed_out', approval: { id } });
  const reused = await client.post('/approvals/wait', { action: 'Something else' }, { headers });
  t.match(reused, { status: 422, body: { code: 'idempotency-key-reused' } });
  const other = await client.post(
    '/approvals/wait',
    { ...ACTION, timeout_ms: 0 },
    { headers, session: 'other' },
  );
  t.not(other.body.approval.id, id, 'the key is of its session');
  await resolve(service, id);
  t.same((await joined.answer).body, (await answer).body);
  const { body } = await client.get('/events?kind=approval.requested');
  t.equal(body.events.length, 2);
});

test('when the client goes away its wait ends, and the approval stays', async (t) => {
  const service = await start(t, MEMORY);
  const { id, answer } = await ask(service);
  for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
    const raw = new RawConnection(t, service.url);
    raw.send('GET', `/approvals/${id}/wait`);
    await untilParked(service, 2);
    raw.socket[leave]();
    await untilParked(service, 1);
  }
  const { body } = await service.client.get(`/approvals/${id}`);
  t.equal(body.status, 'pending');
  await resolve(service, id);
  t.match((await answer).body, { outcome: 'approved' });
});

test('a client that goes before its wait is parked leaves none behind', async (t) => {
  const service = await start(t);
  const { client } = service;
  const { body: approval } = await client.post('/approvals', { ...ACTION, system_level: true });
  const body = JSON.stringify(PATIENT);
  for (let round = 0; round < 20; round++) {
    const raw = new RawConnection(t, service.url);
    await once(raw.socket, 'connect');
    raw.send('GET', `/approvals/${approval.id}/wait`, { 'Sallyport-Min-Seq': `${round + 2}` });
    const asking = new RawConnection(t, service.url);
    await once(asking.socket, 'connect');
    asking.send('POST', '/approvals/wait', {
      'X-Session-Id': 'gone',
      'Idempotency-Key': `key-${round}`,
      'Content-Type': 'application/json',
      'Content-Length': `${body.length}`,
    });
    asking.socket.write(body, () => asking.socket.destroy());
    raw.socket.destroy();
    await publish(service, 1);
  }
  await until(async () => (await metric(service, 'sallyport_approvals_pending')) === 21);
  await untilParked(service, 0);
});

test('an approval that is not there, or a wait of the wrong form, is refused', async (t) => {
  const { client } = await start(t, MEMORY);
  const unknown = await client.get('/approvals/approval-0123456789ab/wait');
  t.match(unknown, { status: 404, body: { code: 'approval-not-found' } });
  t.equal(unknown.body.detail, "unknown approval 'approval-0123456789ab'");
  const { body } = await client.post('/approvals', ACTION);
  for (const [timeout, field] of [
    ['timeout_ms=600001', 'timeout_ms'],
    ['timeout_ms=-1', 'timeout_ms'],
    ['timeout_ms=1.5', 'timeout_ms'],
    ['timeout_ms=', 'timeout_ms'],
    ['timeout=1', 'timeout'],
  ] as const) {
    const answer = await client.get(`/approvals/${body.id}/wait?${timeout}`);
    t.match(answer, { status: 400, body: { code: 'validation-failed', errors: [{ field }] } }, timeout);
  }
  for (const [wrong, field] of [
    [{ timeout_ms: 600_001 }, 'timeout_ms'],
    [{ timeout_ms: '1' }, 'timeout_ms'],
    [{ timeout_ms: null }, 'timeout_ms'],
    [{ system_level: false }, 'system_level'],
    [{ approve_label: 'yes' }, 'approve_label'],
  ] as const) {
    const answer = await client.post('/approvals/wait', { ...ACTION, ...wrong });
    t.match(answer, { status: 400, body: { errors: [{ field }] } }, JSON.stringify(wrong));
  }
  const { body: page } = await client.get('/approvals');
  t.equal(page.approvals.length, 1, 'none was created');
});

test('waits answer their own methods only, and only a new question needs a session', async (t) => {
  const { client } = await start(t, MEMORY);
  const { body } = await client.post('/approvals', ACTION);
  for (const [method, path, allow] of [
    ['HEAD', '/approvals/wait', 'POST'],
    ['GET', '/approvals/wait', 'POST'],
    ['HEAD', `/approvals/${body.id}/wait`, 'GET'],
    ['POST', `/approvals/${body.id}/wait`, 'GET'],
  ] as const) {
    const { status, headers } = await client.call(method, path);
    t.same([status, headers.allow], [405, allow], `${method} ${path}`);
  }
  const path = `/approvals/${body.id}/wait?timeout_ms=0`;
  t.match(await client.get(path, { session: null }), { status: 200, body: { outcome: 'timed_out' } });
  const nobody = await client.post('/approvals/wait', ACTION, { session: null });
  t.match(nobody, { status: 400, body: { code: 'session-required' } });
});

test('an approval that nobody waits for has nobody to tell', (t) => {
  const waits = new Waits();
  const told: string[] = [];
  const wait = new Wait('approval-a', ({ type }) => told.push(type));
  waits.park(wait, 60_000, () => t.fail('it is told before'));
  waits.tellAll('approval-b', { type: 'answer', json: '{}' });
  t.same([told, waits.size, waits.has('approval-a')], [[], 1, true]);
  waits.tellAll('approval-a', { type: 'answer', json: '{}' });
  waits.tellAll('approval-a', { type: 'answer', json: '{}' });
  waits.end(wait);
  t.same([told, waits.size, waits.has('approval-a')], [['answer'], 0, false]);
  t.end();
});

test('at a shutdown waits are told to come back, with their approval, and find it again', async (t) => {
  const lasting = lastingStore(t);
  const first = await start(t, lasting);
  const headers = { 'Idempotency-Key': 'deploy-1' };
  const { id, answer } = await ask(first, {}, headers);
  const second = first.client.get(`/approvals/${id}/wait`);
  const other = await ask(first);
  await untilParked(first, 3);
  await first.stop();
  for (const [waiting, approvalId] of [
    [answer, id],
    [second, id],
    [other.answer, other.id],
  ] as const) {
    const { status, headers: head, body } = await waiting;
    t.match({ status, body }, { status: 503, body: { code: 'shutting-down', status: 503 } });
    t.match(body.approval, { id: approvalId, status: 'pending', outcome: null });
    t.ok(Number(head['retry-after']) > 0);
  }
  const again = await start(t, lasting);
  const joined = await ask(again, {}, headers);
  await resolve(again, id);
  t.match((await joined.answer).body, { outcome: 'approved', approval: { id } });
});

test('no more than so many wait at once; the limit frees up again, and nothing is created above it', async (t) => {
  const service = await start(t, { ...MEMORY, maxWaits: 2 });
  const { client } = service;
  const first = await ask(service);
  const second = await ask(service);
  const refused = [
    await client.post('/approvals/wait', PATIENT),
    await client.get(`/approvals/${first.id}/wait`),
  ];
  for (const { status, headers, body } of refused) {
    t.match({ status, body }, { status: 429, body: { code: 'too-many-requests' } });
    t.ok(Number(headers['retry-after']) > 0);
  }
  t.equal((await client.get('/approvals')).body.approvals.length, 2);
  await resolve(service, first.id);
  await first.answer;
  const third = await ask(service);
  await resolve(service, second.id);
  await resolve(service, third.id);
  t.same([(await second.answer).body.outcome, (await third.answer).body.outcome], ['approved', 'approved']);
});

test('the limit holds for waits that arrive at the same moment', async (t) => {
  const { client } = await start(t, { ...MEMORY, maxWaits: 2 });
  const statuses: number[] = [];
  const allRefused = Promise.withResolvers<void>();
  for (let wait = 1; wait <= 50; wait++) {
    client.post('/approvals/wait', PATIENT).then(({ status }) => {
      statuses.push(status);
      if (statuses.length === 48) {
        allRefused.resolve();
      }
    }, allRefused.reject);
  }
  await allRefused.promise;
  t.same(new Set(statuses), new Set([429]));
  t.match((await client.get('/metrics')).text, /^sallyport_waits 2$/m);
  t.equal((await client.get('/approvals')).body.approvals.length, 2, 'those that were refused asked nothing');
});

test('an answer begins with its outcome, so that a script can read it without a JSON parser', async (t) => {
  const { client } = await start(t, MEMORY);
  const { text } = await client.post('/approvals/wait', { ...PATIENT, timeout_ms: 0 });
  t.match(text, /^\{"outcome":"timed_out","approval":\{/);
});

test('a decision in the moment in which a wait is parked is never lost', async (t) => {
  const service = await start(t, MEMORY);
  const { client } = service;
  await times(300, async (index) => {
    const headers = { 'Idempotency-Key': `key-${index}` };
    const create = { ...ACTION, system_level: true };
    const { body: approval } = await client.post('/approvals', create, { headers });
    const waits = () => [
      client.get(`/approvals/${approval.id}/wait?timeout_ms=20000`),
      client.post('/approvals/wait', { ...ACTION, timeout_ms: 20_000 }, { headers }),
    ];
    const before = index % 2 === 0 ? waits() : [];
    const resolving = resolve(service, approval.id);
    const answers = await Promise.all([...before, ...waits()]);
    await resolving;
    for (const { body } of answers) {
      if (body.outcome !== 'approved' || body.approval.status !== 'resolved') {
        t.fail(`${body.outcome} ${body.approval.status}`);
      }
    }
  });
  t.equal(await parked(service), 0);
});

test('outcome and approval are of the same moment, however close a timeout and a decision come', async (t) => {
  const service = await start(t, MEMORY);
  const seen = new Set<string>();
  await times(300, async (index) => {
    const { body: approval } = await service.client.post('/approvals', { ...ACTION, system_level: true });
    const timeoutMs = index % 30 === 29 ? 60_000 : index % 30;
    const waiting = service.client.get(`/approvals/${approval.id}/wait?timeout_ms=${timeoutMs}`);
    await (timeoutMs === 0 ? waiting : service.client.get('/health/live'));
    await resolve(service, approval.id, 'deny');
    const { outcome, approval: then } = (await waiting).body;
    seen.add(outcome);
    if (outcome !== (then.status === 'pending' ? 'timed_out' : then.outcome)) {
      t.fail(`${outcome} with an approval that is ${then.status}`);
    }
  });
  t.same([...seen].sort(), ['denied', 'timed_out']);
});
