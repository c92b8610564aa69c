import { join } from 'node:path';
import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { startOver, TestJournal, until } from '../http/parts.ts';
import { Clocks, start } from '../service.ts';
import { McpClient, textOf } from './mcp-client.ts';

const A_DAY_MS = 86_400_000;
const WITH_KEY = { action: 'a', idempotency_key: 'key-1' };

test('a cancelled call ends, and its question is taken back, unless it has a key', async (t) => {
  const { url, client, host } = await startOver(t, new TestJournal());
  const mcp = await McpClient.connect(t, url);
  for (const [args, status] of [
    [{ action: 'a' }, 'cancelled'],
    [WITH_KEY, 'pending'],
  ] as const) {
    const stop = new AbortController();
    const { asked, answer } = mcp.call('request_approval', args, { signal: stop.signal });
    const id = await asked;
    t.equal(host.figures.waits, 1);
    stop.abort('no longer needed');
    await t.rejects(answer, { message: /no longer needed/ });
    await until(() => host.figures.waits === 0);
    await until(async () => (await client.get(`/approvals/${id}`)).body.status === status);
  }
  const { approvals } = (await client.get('/approvals?status=cancelled')).body;
  t.match(approvals, [
    { comment: 'the agent stopped waiting', decided_by: { session_id: 'mcp:test-client' } },
  ]);
  const again = mcp.call('request_approval', WITH_KEY);
  await client.post(`/approvals/${await again.asked}/resolve`, { resolution: 'approve' });
  t.match(textOf(await again.answer), /^approved/, 'the same key finds it');
});

test('a call that is cancelled on another node ends too', async (t) => {
  const one = await startOver(t, new TestJournal());
  const { buildOn } = one;
  const other = await buildOn(t);
  const mcp = await McpClient.connect(t, one.url);
  const kept = mcp.call('request_approval', WITH_KEY);
  const keptId = await kept.asked;
  const bystander = mcp.call('request_approval', { action: 'b' });
  const bystanderId = await bystander.asked;
  const { asked, answer } = mcp.call('request_approval', { action: 'a' });
  const id = await asked;
  const headers = {
    'Content-Type': 'application/json',
    'Mcp-Session-Id': mcp.transport.sessionId as string,
  };
  // The SDK numbers its requests: initialize was 0.
  const cancel = (requestId: unknown, more: Record<string, string> = headers) =>
    fetch(`${other}/mcp`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...more },
      body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }),
    });
  for (const [requestId, more] of [[1], [3, {}], [undefined], ['3'], [99]] as const) {
    t.equal((await cancel(requestId, more)).status, 202, 'nothing that is to be cancelled');
  }
  t.equal(one.host.figures.waits, 3);
  t.equal((await cancel(3)).status, 202);
  t.match(textOf(await answer), /^not approved: the question was taken back/);
  const statuses = async () => {
    const ids = [keptId, bystanderId, id];
    const answers = await Promise.all(ids.map((each) => one.client.get(`/approvals/${each}`)));
    return answers.map(({ body }) => body.status);
  };
  t.strictSame(await statuses(), ['pending', 'pending', 'cancelled']);
  await one.client.post(`/approvals/${keptId}/resolve`, { resolution: 'approve' });
  await one.client.post(`/approvals/${bystanderId}/resolve`, { resolution: 'approve' });
  t.match(textOf(await kept.answer), /^approved/);
  t.match(textOf(await bystander.answer), /^approved/);
});

test('a client that goes away ends its calls', async (t) => {
  const { url, client, host } = await startOver(t, new TestJournal());
  for (const [args, status] of [
    [{ action: 'a' }, 'cancelled'],
    [WITH_KEY, 'pending'],
  ] as const) {
    const mcp = await McpClient.connect(t, url);
    const { asked, answer } = mcp.call('request_approval', args);
    const rejected = t.rejects(answer);
    const id = await asked;
    await mcp.client.close();
    await rejected;
    await until(() => host.figures.waits === 0);
    await until(async () => (await client.get(`/approvals/${id}`)).body.status === status);
  }
});

test('a client that goes away before its question is there takes it back all the same', async (t) => {
  const journal = new TestJournal();
  const { app, url, client, host } = await startOver(t, journal);
  journal.gate = Promise.withResolvers();
  const gone = new Promise<void>((resolve) => {
    app.server.once('request', (request) => request.socket.once('close', () => resolve()));
  });
  const leave = new AbortController();
  const sent = fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"request_approval","arguments":{"action":"a"}}}',
    signal: leave.signal,
  });
  const response = await sent;
  // The agent that asks, and the question.
  await until(() => journal.appends === 2);
  leave.abort();
  await t.rejects(response.text());
  await gone;
  journal.gate.resolve();
  await until(async () => (await client.get('/approvals')).body.approvals[0]?.status === 'cancelled');
  t.equal(host.figures.waits, 0);
});

test('a credential that is revoked ends its calls within a second, as not approved', async (t) => {
  const service = await startGuarded(t);
  const { url, client, create, credentials, file } = service;
  const token = await create('ann', 'agent');
  const mcp = await McpClient.connect(t, url, token);
  const calls = [
    mcp.call('request_approval', { action: 'a' }),
    mcp.call('request_approval', WITH_KEY),
    mcp.call('approve', { tool_name: 'Bash', input: { command: 'ls' } }),
  ];
  const ids = await Promise.all(calls.map(({ asked }) => asked));
  await file.revoke('ann');
  await credentials.check();
  const begunAt = performance.now();
  const answers = await Promise.all(calls.map(({ answer }) => answer));
  t.ok(performance.now() - begunAt < 1000);
  const sentence = 'not approved: the credential of this call is no longer good. Do not do it.';
  t.strictSame(answers.map(textOf), [
    sentence,
    sentence,
    JSON.stringify({ behavior: 'deny', message: sentence }),
  ]);
  t.strictSame(
    answers.map(({ isError }) => isError),
    [true, true, undefined],
  );
  const statuses = await Promise.all(
    ids.map(async (id) => (await client.get(`/approvals/${id}`)).body.status),
  );
  t.strictSame(statuses, ['cancelled', 'pending', 'cancelled']);
  await t.rejects(mcp.client.ping(), { code: 401 });
});

test('a service that stops answers its calls, and after its start the same key joins', async (t) => {
  const store = `sqlite:${join(t.testdir({}), 'log.db')}`;
  const first = await start(t, { store });
  const mcp = await McpClient.connect(t, first.url);
  const keyed = mcp.call('request_approval', WITH_KEY);
  const keyless = mcp.call('request_approval', { action: 'b' });
  const prompt = mcp.call('approve', { tool_name: 'Bash', input: {} });
  const ids = await Promise.all([keyed, keyless, prompt].map(({ asked }) => asked));
  const begunAt = performance.now();
  await first.stop();
  t.ok(performance.now() - begunAt < 5000);
  t.match(
    textOf(await keyed.answer),
    /^not approved: Sallyport is restarting, and the question stays open; .* Do not do it\.$/,
  );
  t.match(
    textOf(await keyless.answer),
    /^not approved: Sallyport is restarting, and nobody waits .* Do not do it\.$/,
  );
  t.match(JSON.parse(textOf(await prompt.answer)), { behavior: 'deny', message: /restarting.*ask again/ });
  await mcp.client.close();

  const second = await start(t, { store });
  const again = await McpClient.connect(t, second.url);
  const joined = again.call('request_approval', WITH_KEY);
  t.equal(await joined.asked, ids[0]);
  await second.client.post(`/approvals/${ids[0]}/resolve`, { resolution: 'approve' });
  t.match(textOf(await joined.answer), /^approved/);
  const late = await again.told('request_approval', WITH_KEY);
  t.match(textOf(late), /^approved/, 'also when it is decided already');
  const other = await again.told('request_approval', { ...WITH_KEY, action: 'another' });
  t.match(textOf(other), /^not approved: this Idempotency-Key was used for another approval/);
  t.equal(other.isError, true);
});

test('a question without a key ends after a day, as nobody may be left to take it back', async (t) => {
  const store = `sqlite:${join(t.testdir({}), 'log.db')}`;
  const first = await start(t, { store });
  const mcp = await McpClient.connect(t, first.url);
  const calls = [
    mcp.call('request_approval', { action: 'a' }),
    mcp.call('approve', { tool_name: 'Bash', input: {} }),
    mcp.call('request_approval', { action: 'a', expires_in_ms: 60_000 }),
    mcp.call('request_approval', WITH_KEY),
  ];
  const ids = await Promise.all(calls.map(({ asked }) => asked));
  const lastsFor = async ({ client }: typeof first, id: string) => {
    const { expires_at, created_at } = (await client.get(`/approvals/${id}`)).body;
    return expires_at === null ? null : Date.parse(expires_at) - Date.parse(created_at);
  };
  const lasting = await Promise.all(ids.map((id) => lastsFor(first, id)));
  t.strictSame(lasting, [A_DAY_MS, A_DAY_MS, 60_000, null]);
  await first.stop();
  await Promise.all(calls.map(({ answer }) => answer));
  const clocks = new Clocks();
  clocks.jump(A_DAY_MS);
  const second = await start(t, { store }, clocks);
  const statuses = ids.map(async (id) => (await second.client.get(`/approvals/${id}`)).body.status);
  t.strictSame(await Promise.all(statuses), ['expired', 'expired', 'expired', 'pending']);

  const set = await start(t, { store: 'memory:', defaultExpiresMs: 3_600_000 });
  const other = await McpClient.connect(t, set.url);
  for (const args of [{ action: 'a' }, WITH_KEY]) {
    const { asked, answer } = other.call('request_approval', args);
    const id = await asked;
    t.equal(await lastsFor(set, id), 3_600_000, 'the setting says');
    await set.client.post(`/approvals/${id}/resolve`, { resolution: 'deny' });
    await answer;
  }
});

test('a session outlives the node that began it', async (t) => {
  const store = `sqlite:${join(t.testdir({}), 'log.db')}`;
  const first = await start(t, { store });
  const mcp = await McpClient.connect(t, first.url);
  await first.stop();
  const second = await start(t, { store });
  const response = await fetch(`${second.url}/mcp`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Mcp-Session-Id': mcp.transport.sessionId as string },
    body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  });
  t.equal(response.status, 200);
  t.match(await response.text(), '"result":{}');
});
