import { test } from 'tap';
import type { Answer, Client } from '../client.ts';
import { start } from '../service.ts';
import { isProblem } from './problems.ts';

const ids = (answer: Answer): string[] => answer.body.approvals.map(({ id }: { id: string }) => id);
const actions = async (client: Client, query: string): Promise<string> =>
  (await client.get(`/approvals?${query}`)).body.approvals
    .map(({ action }: { action: string }) => action)
    .join('');

test('an approval is created with every default filled in', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const answer = await client.post('/approvals', { action: 'Run tests' }, { session: 'gate-1' });
  const { body } = answer;
  t.match(answer, { status: 201, headers: { 'sallyport-seq': '1', location: `/approvals/${body.id}` } });
  t.match(body.id, /^approval-[0-9a-f]{12,}$/);
  t.match(body.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  t.strictSame(body, {
    id: body.id,
    agent_id: null,
    client_id: 'gate-1',
    action: 'Run tests',
    details: null,
    options: ['approve', 'deny'],
    approve_label: 'approve',
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    created_at: body.created_at,
    resolved_at: null,
    expires_at: null,
    requested_by: { session_id: 'gate-1', principal: null },
    decided_by: null,
    resolve_requested: null,
  });
  t.strictSame((await client.get(answer.headers.location as string)).body, body);
  t.match((await client.get('/events')).body.events, [
    {
      seq: 1,
      kind: 'approval.requested',
      agent_id: null,
      message: 'Approval requested: Run tests',
      payload: body,
    },
  ]);
});

test('an approval keeps what was asked', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const asked = {
    agent_id: 'nobody-registered-it',
    action: 'deploy',
    details: { version: '1.4.2', steps: [1, null] },
    options: ['yes', 'later', 'no'],
    approve_label: 'yes',
  };
  const { body } = await client.post('/approvals', { ...asked, system_level: true, expires_in_ms: 60_000 });
  t.match(body, { ...asked, client_id: null, requested_by: { session_id: 'test' } });
  t.equal(Date.parse(body.expires_at) - Date.parse(body.created_at), 60_000);
  t.equal((await client.get('/events')).body.events[0].agent_id, 'nobody-registered-it');
  const empty = await client.post('/approvals', { action: 'a', options: [], system_level: false });
  t.match(empty.body, { options: ['approve', 'deny'], client_id: 'test' });
});

test('the label that means yes is one of the options', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const body of [
    { action: 'a', approve_label: 'yes' },
    { action: 'a', options: ['yes', 'no'] },
    { action: 'a', options: ['yes', 'no'], approve_label: 'Yes' },
  ]) {
    for (const path of ['/approvals', '/approvals/wait']) {
      const answer = await client.post(path, body);
      isProblem(t, answer, 400, 'validation-failed', ['approve_label']);
      t.match(answer.body.detail, /not one of the options '(approve|yes)', '(deny|no)'/);
    }
  }
  t.strictSame((await client.get('/approvals')).body.approvals, []);
});

test('an approval expires as the service is configured when nobody says', async (t) => {
  const { client } = await start(t, { store: 'memory:', defaultExpiresMs: 5000 });
  const expires = async (body: object) => {
    const { created_at, expires_at } = (await client.post('/approvals', { action: 'a', ...body })).body;
    return Date.parse(expires_at) - Date.parse(created_at);
  };
  t.equal(await expires({}), 5000);
  t.equal(await expires({ expires_in_ms: null }), 5000);
  t.equal(await expires({ expires_in_ms: 7000 }), 7000);
});

test('approvals are listed newest first, pending ones and history', async (t) => {
  const { client } = await start(t);
  const made: string[] = [];
  for (const action of 'abcde') {
    made.push((await client.post('/approvals', { action })).body.id);
  }
  const resolved = await client.post(`/approvals/${made[1]}/resolve`, { resolution: 'deny' });
  const listed = await client.get('/approvals');
  t.strictSame(ids(listed), made.toReversed());
  t.strictSame(listed.body.approvals[3], resolved.body);
  t.equal(listed.body.next_cursor, null);
  t.strictSame(ids(await client.get('/approvals?order=asc')), made);
  t.strictSame(ids(await client.get('/approvals?order=desc')), made.toReversed());
});

test('pages of approvals hold each once, in both orders, also while approvals are made and decided', async (t) => {
  const { client } = await start(t);
  const made: string[] = [];
  for (const action of 'abcdefg') {
    made.push((await client.post('/approvals', { action })).body.id);
  }
  for (const order of ['asc', 'desc']) {
    for (const limit of [1, 3, 6, 7, 8]) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Answer = await client.get(
          `/approvals?order=${order}&limit=${limit}${cursor && `&cursor=${cursor}`}`,
        );
        t.ok(ids(page).length === limit || page.body.next_cursor === null);
        t.ok(ids(page).length > 0, 'the last page is not empty');
        seen.push(...ids(page));
        cursor = page.body.next_cursor;
      }
      t.strictSame(seen, order === 'asc' ? made : made.toReversed(), `${order} by ${limit}`);
    }
  }
  const { next_cursor } = (await client.get('/approvals?limit=3')).body;
  await client.post('/approvals', { action: 'h' });
  await client.post(`/approvals/${made[3]}/resolve`, { resolution: 'approve' });
  t.strictSame(ids(await client.get(`/approvals?cursor=${next_cursor}`)), made.slice(0, 4).toReversed());
});

test('a page of approvals holds 50 unless asked for', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await Promise.all(Array.from({ length: 51 }, () => client.post('/approvals', { action: 'a' })));
  const first = await client.get('/approvals');
  t.equal(ids(first).length, 50);
  t.equal(ids(await client.get(`/approvals?cursor=${first.body.next_cursor}`)).length, 1);
});

test('approvals are filtered by status, agent, decider and time, all of them', async (t) => {
  const { client, clocks } = await start(t);
  clocks.jump(Date.parse('2030-01-01T00:00:00.000Z') - Date.now());
  const make = async (action: string, body: object = {}) => {
    const { id, created_at } = (await client.post('/approvals', { action, system_level: true, ...body }))
      .body;
    clocks.jump(60_000);
    return { id, created_at };
  };
  const a = await make('a');
  const b = await make('b', { agent_id: 'x' });
  await make('c', { agent_id: 'x' });
  const d = await make('d', { agent_id: 'y', expires_in_ms: 1 });
  await client.post(`/approvals/${a.id}/resolve`, { resolution: 'approve' }, { session: 'ui-1' });
  await client.post(`/approvals/${b.id}/cancel`);
  t.equal(
    (await client.post(`/approvals/${d.id}/resolve`, { resolution: 'approve' })).status,
    409,
    'd is expired',
  );
  await make('e', { agent_id: 'y' });
  for (const [query, found] of [
    ['status=pending', 'ec'],
    ['status=resolved', 'a'],
    ['status=cancelled', 'b'],
    ['status=expired', 'd'],
    ['status=resolved&status=expired', 'da'],
    ['status=resolved&status=resolved', 'a'],
    ['status=pending&status=resolved&status=cancelled&status=expired', 'edcba'],
    ['agent_id=x', 'cb'],
    ['agent_id=nobody', ''],
    ['agent_id=x&status=pending', 'c'],
    ['decided_by=ui-1', 'a'],
    ['decided_by=test', 'b'],
    ['decided_by=nobody', ''],
    [`created_after=${b.created_at}`, 'edc'],
    [`created_before=${b.created_at}`, 'a'],
    [`created_after=${a.created_at}&created_before=${d.created_at}`, 'cb'],
    [`created_after=${b.created_at.replace('Z', '%2B00:00')}`, 'edc'],
    [`created_after=${b.created_at}&agent_id=y&status=pending&order=asc&limit=1`, 'e'],
    ['agent_id=x&order=asc', 'bc'],
  ] as const) {
    t.equal(await actions(client, query), found, query);
  }
  const page = await client.get('/approvals?agent_id=x&limit=1');
  t.equal(
    await actions(client, `agent_id=x&limit=1&cursor=${page.body.next_cursor}`),
    'b',
    'pages of a filter go on',
  );
});

test('the session that asked takes its question back, once', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const system_level of [true, false]) {
    const { body: asked } = await client.post('/approvals', { action: 'Run tests', system_level });
    const other = await client.post(`/approvals/${asked.id}/cancel`, {}, { session: 'other' });
    isProblem(t, other, 403, 'approval-requested-by-another-session');
    t.strictSame(other.body.approval, asked, 'the problem carries it');
    t.match(other.body.detail, new RegExp(`^approval '${asked.id}' was requested by another session`));

    const cancelled = await client.post(`/approvals/${asked.id}/cancel`, { comment: 'not needed' });
    t.match(cancelled, {
      status: 200,
      body: { status: 'cancelled', outcome: 'cancelled', comment: 'not needed' },
    });
    t.strictSame(cancelled.body, {
      ...asked,
      status: 'cancelled',
      outcome: 'cancelled',
      comment: 'not needed',
      resolved_at: cancelled.body.resolved_at,
      decided_by: { session_id: 'test', principal: null },
    });
    t.ok(Date.parse(cancelled.body.resolved_at) >= Date.parse(asked.created_at));
    const seq = cancelled.headers['sallyport-seq'];
    const { events } = (await client.get('/events?limit=1')).body;
    t.match(events, [
      {
        seq: Number(seq),
        kind: 'approval.cancelled',
        message: 'Approval cancelled: Run tests',
        payload: cancelled.body,
      },
    ]);
    const again = await client.post(`/approvals/${asked.id}/cancel`, { comment: 'another' });
    t.match(again, { status: 200, headers: { 'sallyport-seq': seq } });
    t.strictSame(again.body, cancelled.body, 'no second event, and no new comment');

    const late = await client.post(`/approvals/${asked.id}/resolve`, { resolution: 'approve' });
    isProblem(t, late, 409, 'approval-already-final');
    t.strictSame(late.body.approval, cancelled.body);
    const stranger = await client.post(`/approvals/${asked.id}/cancel`, {}, { session: 'other' });
    isProblem(t, stranger, 403, 'approval-requested-by-another-session');
  }
});

test('what is decided otherwise cannot be taken back', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: asked } = await client.post('/approvals', { action: 'a' });
  const { body: resolved } = await client.post(`/approvals/${asked.id}/resolve`, { resolution: 'deny' });
  const answer = await client.post(`/approvals/${asked.id}/cancel`);
  isProblem(t, answer, 409, 'approval-already-final');
  t.strictSame(answer.body.approval, resolved);
  t.equal(answer.headers['sallyport-seq'], '2');
});
