import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { startOver, TestJournal, until } from '../http/parts.ts';
import { start } from '../service.ts';
import { McpClient, textOf } from './mcp-client.ts';

const INPUT = {
  command: 'rm -rf "build"\n  dist',
  description: 'Clean',
  nested: { list: [1, 2.5, null, 'ü'], empty: {} },
};

test('approve answers in the words of Claude Code: one text, and nothing else', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const mcp = await McpClient.connect(t, service.url, undefined, 'claude-code');
  const args = { tool_name: 'Bash', input: INPUT, tool_use_id: 'toolu_1', something_new: 1 };
  const allowed = mcp.call('approve', args);
  const id = await allowed.asked;
  t.match((await service.client.get(`/approvals/${id}`)).body, {
    action: 'Bash: rm -rf "build" dist',
    details: { tool_name: 'Bash', input: INPUT, tool_use_id: 'toolu_1' },
    options: ['approve', 'deny'],
    agent_id: 'mcp:claude-code',
    client_id: null,
    requested_by: { session_id: 'mcp:claude-code' },
  });
  await service.client.post(`/approvals/${id}/resolve`, { resolution: 'approve', comment: 'fine' });
  const got = await allowed.answer;
  t.strictSame(Object.keys(got), ['content']);
  t.equal(textOf(got), JSON.stringify({ behavior: 'allow', updatedInput: INPUT }));

  const denied = mcp.call('approve', args);
  await service.client.post(`/approvals/${await denied.asked}/resolve`, {
    resolution: 'deny',
    comment: 'keep dist',
  });
  const message =
    'denied: a person chose "deny" for "Bash: rm -rf \\"build\\" dist". Do not do it. They said: "keep dist"';
  t.equal(textOf(await denied.answer), JSON.stringify({ behavior: 'deny', message }));

  const cancelled = mcp.call('approve', args);
  await service.client.post(`/approvals/${await cancelled.asked}/cancel`, {}, { session: 'mcp:claude-code' });
  t.match(JSON.parse(textOf(await cancelled.answer)), { behavior: 'deny', message: /taken back/ });
});

test('the same use of a tool is asked for each time: an old answer is none', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const mcp = await McpClient.connect(t, service.url);
  const args = { tool_name: 'Bash', input: {}, tool_use_id: 'toolu_1' };
  const first = mcp.call('approve', args);
  await service.client.post(`/approvals/${await first.asked}/resolve`, { resolution: 'approve' });
  await first.answer;
  const second = mcp.call('approve', args);
  t.not(await second.asked, await first.asked);
  await service.client.post(`/approvals/${await second.asked}/resolve`, { resolution: 'deny' });
  t.match(textOf(await second.answer), '"behavior":"deny"');
});

test('a line says what the tool is about, and is never longer than a person reads', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const mcp = await McpClient.connect(t, service.url);
  const long = '𝄞'.repeat(300);
  for (const [tool_name, input, action] of [
    ['Write', { file_path: '/a b', content: 'x' }, 'Write: /a b'],
    ['Task', { prompt: 'x' }, 'Task'],
    ['Bash', { command: 5, description: 'five' }, 'Bash: five'],
    ['Bash', { command: long }, `Bash: ${'𝄞'.repeat(193)}…`],
    ['T'.repeat(600), {}, `${'T'.repeat(199)}…`],
  ] as const) {
    const { asked, answer } = mcp.call('approve', { tool_name, input });
    const { body } = await service.client.get(`/approvals/${await asked}`);
    t.equal(body.action, action);
    await service.client.post(`/approvals/${body.id}/resolve`, { resolution: 'deny' });
    await answer;
  }
});

test('whatever is wrong with a call of approve is a deny', async (t) => {
  const service = await start(t, { store: 'memory:', maxJsonBytes: 1000 });
  const mcp = await McpClient.connect(t, service.url);
  for (const [args, why] of [
    [{}, /tool_name is required/],
    [{ tool_name: 'Bash' }, /input is required/],
    [{ tool_name: '', input: {} }, /tool_name must not/],
    [{ tool_name: 5, input: {} }, /tool_name must be string/],
    [{ tool_name: 'Bash', input: null }, /input must be object/],
    [{ tool_name: 'Bash', input: [1] }, /input must be object/],
    [{ tool_name: 'Bash', input: 'ls' }, /input must be object/],
    [{ tool_name: 'Bash', input: { command: 'x'.repeat(1000) } }, /input must not be longer than 1000 char/],
  ] as const) {
    const got = await mcp.told('approve', args);
    t.strictSame(Object.keys(got), ['content']);
    const answer = JSON.parse(textOf(got));
    t.strictSame(Object.keys(answer), ['behavior', 'message']);
    t.match(answer, { behavior: 'deny', message: why });
    t.match(answer.message, /^not approved: .* Do not do it\.$/);
  }
  t.strictSame((await service.client.get('/approvals')).body.approvals, []);
});

test('a service that cannot ask denies, and says why', async (t) => {
  const journal = new TestJournal();
  const { url, client, host, logged } = await startOver(t, journal, { maxWaits: 1 });
  const mcp = await McpClient.connect(t, url);
  const waiting = mcp.call('approve', { tool_name: 'Bash', input: {} });
  const rejected = t.rejects(waiting.answer);
  await waiting.asked;
  const full = await mcp.told('approve', { tool_name: 'Bash', input: {} });
  t.match(JSON.parse(textOf(full)), { behavior: 'deny', message: /SALLYPORT_MAX_WAITS allows/ });
  const other = await McpClient.connect(t, url);
  await mcp.client.close();
  await rejected;
  await until(() => host.figures.waits === 0);
  for (const call of [1, 2]) {
    const { asked, answer } = other.call('approve', { tool_name: 'Bash', input: {} });
    await client.post(`/approvals/${await asked}/resolve`, { resolution: 'approve' });
    t.match(textOf(await answer), 'allow', `there is room again, ${call}`);
  }

  const broken = new TestJournal();
  const second = await startOver(t, broken);
  const asker = await McpClient.connect(t, second.url);
  broken.appendError = new Error('spt_secret is broken');
  const failed = await asker.told('approve', { tool_name: 'Bash', input: {} });
  t.match(JSON.parse(textOf(failed)), { behavior: 'deny', message: /^not approved: / });
  t.notMatch(textOf(failed), 'secret');
  t.match(
    second.logged.filter(({ level }) => level === 50),
    [{ err: { message: 'spt_secret is broken' } }],
  );
  t.strictSame(
    logged.filter(({ level }) => level === 50),
    [],
  );
});

test('where credentials are needed the answer is bound to them', async (t) => {
  const service = await startGuarded(t);
  const mcp = await McpClient.connect(t, service.url, service.tokens.agent);
  const { asked, answer } = mcp.call('approve', { tool_name: 'Bash', input: {} });
  const id = await asked;
  const { body } = await service.client.get(`/approvals/${id}`);
  t.strictSame(body.requested_by, { session_id: 'mcp:test-client', principal: 'token:agent' });
  const self = await service.as('agent').post(`/approvals/${id}/resolve`, { resolution: 'approve' });
  t.equal(self.status, 403);
  await service.as('operator').post(`/approvals/${id}/resolve`, { resolution: 'approve' });
  t.equal(textOf(await answer), '{"behavior":"allow","updatedInput":{}}');
});
