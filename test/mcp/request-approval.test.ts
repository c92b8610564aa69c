import { test } from 'tap';
import { startOver, TestJournal, until } from '../http/parts.ts';
import { start } from '../service.ts';
import { McpClient, textOf } from './mcp-client.ts';

test('the tools ask; none decides, and there is nothing else', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  const { client } = await McpClient.connect(t, url);
  const { tools } = await client.listTools();
  t.strictSame(
    tools.map(({ name }) => name),
    ['request_approval', 'approve'],
  );
  for (const { description, inputSchema, annotations } of tools) {
    t.match(description, /person/);
    t.equal(inputSchema.type, 'object');
    t.match(annotations, { readOnlyHint: false, destructiveHint: false, idempotentHint: false });
  }
  t.strictSame(Object.keys(tools[0]?.inputSchema.properties ?? {}), [
    'action',
    'details',
    'options',
    'approve_label',
    'expires_in_ms',
    'idempotency_key',
  ]);
  t.strictSame(client.getServerCapabilities(), { tools: {} });
  t.match(client.getInstructions(), 'no tool that decides');
  t.match(client.getServerVersion(), { name: 'sallyport', version: 'test' });
  for (const name of ['resolve', 'constructor', '__proto__', 'resolve_approval']) {
    await t.rejects(client.callTool({ name }), { code: -32602, message: /there is no tool/ });
  }
  await t.rejects(client.listResources(), { code: -32601 });
});

test('a question is answered by a person, and the text says what follows', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const mcp = await McpClient.connect(t, service.url);
  const question = { action: 'Deploy "1.4.2"?', details: { version: '1.4.2' } };
  for (const { resolution, comment, outcome, text } of [
    {
      resolution: 'approve',
      comment: undefined,
      outcome: 'approved',
      text: 'approved: a person chose "approve" for "Deploy \\"1.4.2\\"?". You may do it, once.',
    },
    {
      resolution: 'deny',
      comment: 'not on a Friday',
      outcome: 'denied',
      text: 'denied: a person chose "deny" for "Deploy \\"1.4.2\\"?". Do not do it. They said: "not on a Friday"',
    },
  ]) {
    const { asked, answer } = mcp.call('request_approval', question);
    const id = await asked;
    const pending = await service.client.get(`/approvals/${id}`);
    t.match(pending.body, {
      status: 'pending',
      client_id: null,
      details: { version: '1.4.2' },
      agent_id: 'mcp:test-client',
      requested_by: { session_id: 'mcp:test-client', principal: null },
    });
    const resolved = await service.client.post(`/approvals/${id}/resolve`, { resolution, comment });
    const got = await answer;
    t.notOk(got.isError);
    t.equal(textOf(got), text);
    t.strictSame(got.structuredContent, { outcome, approval: resolved.body });
  }
});

test('an option that is not the one that means yes is no approval', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const mcp = await McpClient.connect(t, service.url);
  const question = { action: 'Where?', options: ['staging', 'production'], approve_label: 'staging' };
  const { asked, answer } = mcp.call('request_approval', question);
  await service.client.post(`/approvals/${await asked}/resolve`, { resolution: 'production' });
  t.match(textOf(await answer), /^denied: a person chose "production" for "Where\?"\. Do not do it\.$/);
});

test('what nobody decides, or somebody takes back, is not approved', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const mcp = await McpClient.connect(t, service.url);
  const expiring = mcp.call('request_approval', { action: 'a', expires_in_ms: 3_600_000 });
  const id = await expiring.asked;
  service.clocks.jump(3_600_000);
  await service.client.post(`/approvals/${id}/resolve`, { resolution: 'approve' });
  const expired = await expiring.answer;
  t.equal(textOf(expired), 'not approved: nobody decided in time. Do not do it.');
  t.equal(expired.structuredContent.outcome, 'expired');

  const cancelling = mcp.call('request_approval', { action: 'a' });
  const session = 'mcp:test-client';
  await service.client.post(`/approvals/${await cancelling.asked}/cancel`, { comment: 'no' }, { session });
  const cancelled = await cancelling.answer;
  t.equal(textOf(cancelled), 'not approved: the question was taken back. Do not do it. They said: "no"');
  t.equal(cancelled.structuredContent.outcome, 'cancelled');
});

test('a call that waits says so every interval, and outlives the timeout of its client', async (t) => {
  const { url, client } = await startOver(t, new TestJournal(), { mcpProgressMs: 20 });
  const mcp = await McpClient.connect(t, url);
  const options = { timeout: 200, resetTimeoutOnProgress: true };
  const { asked, answer, progress } = mcp.call('request_approval', { action: 'a' }, options);
  const id = await asked;
  const begunAt = performance.now();
  await until(() => performance.now() - begunAt > 400);
  await client.post(`/approvals/${id}/resolve`, { resolution: 'approve' });
  t.match(textOf(await answer), /^approved/);
  t.ok(progress.length > 5, `${progress.length} times`);
  const told = progress.map(({ progress: seconds }) => seconds);
  t.strictSame(
    told,
    [...new Set(told)].sort((a, b) => a - b),
    'it grows',
  );
  t.equal(told[1], 0.02);
  t.equal(progress[1]?.message, `waiting for a person to decide ${id}`);
  const count = progress.length;
  await mcp.client.ping();
  t.equal(progress.length, count, 'and ends with the call');
});

test('a call without a token for progress is told nothing, and is kept alive by comments', async (t) => {
  const { url, client, host } = await startOver(t, new TestJournal(), { mcpProgressMs: 20 });
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"request_approval","arguments":{"action":"a"}}}',
  });
  t.equal(response.status, 200, 'the head comes at once');
  t.match(Object.fromEntries(response.headers), {
    'content-type': 'text/event-stream',
    'cache-control': /no-cache/,
    'x-accel-buffering': 'no',
  });
  await until(() => host.figures.waits === 1);
  const reader = (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let text = '';
  while (!text.includes('keepalive')) {
    text += (await reader.read()).value;
  }
  t.match(text, /^: ok\n\n(: keepalive\n\n)+$/);
  const { approvals } = (await client.get('/approvals')).body;
  t.equal(approvals[0].requested_by.session_id, 'mcp:client', 'nor does it need a session');
  await client.post(`/approvals/${approvals[0].id}/resolve`, { resolution: 'deny' });
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
  }
  t.match(text, /"text":"denied: .*"id":7\}\n\n$/);
});
