import { type Test, test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import type { Client } from '../client.ts';
import { startOver, TestJournal, until } from '../http/parts.ts';
import { start } from '../service.ts';
import { RawConnection } from '../streams/raw.ts';
import { ask, decide, denial, hook, log, newest, toolCall } from './calls.ts';

const MEMORY = { store: 'memory:' };

// biome-ignore lint/suspicious/noExplicitAny: a test looks into agents of every shape.
async function agents(client: Client): Promise<any[]> {
  return (await client.get('/agents')).body.agents;
}

async function untilStatus(client: Client, status: string): Promise<void> {
  await until(async () => (await agents(client))[0]?.status === status);
}

function event(name: string, overrides: object = {}) {
  const { tool_name: _name, tool_input: _input, tool_use_id: _id, ...call } = toolCall();
  return { ...call, hook_event_name: name, ...overrides };
}

test('an agent appears by itself, waits, goes on, rests, and goes', async (t) => {
  const { client } = await start(t, MEMORY);
  const { approval, answer } = await ask(client, toolCall());
  await untilStatus(client, 'waiting_for_approval');
  t.match(await agents(client), [
    {
      id: 'claude-code:sess-1',
      name: 'Claude Code in app',
      kind: 'claude-code',
      project: '/srv/app',
      session_id: 'claude-code:sess-1',
      principal: null,
      current_task: 'Bash: npm test',
    },
  ]);
  await decide(client, approval.id, 'approve');
  await answer;
  await untilStatus(client, 'running');
  t.match(await agents(client), [{ current_task: 'Bash: npm test' }]);
  t.equal((await hook(client, event('Stop'))).text, '{}');
  await untilStatus(client, 'idle');
  t.match(await agents(client), [{ current_task: null }]);
  t.equal((await hook(client, event('SessionEnd'))).text, '{}');
  t.strictSame(await agents(client), []);
  t.strictSame(await log(client), [
    'agent.registered',
    'approval.requested',
    'agent.status_changed',
    'approval.resolved',
    'agent.status_changed',
    'agent.status_changed',
    'agent.unregistered',
  ]);
});

test('an agent whose client has gone rests', async (t) => {
  const { client, url } = await start(t, MEMORY);
  const connection = new RawConnection(t, url);
  const body = JSON.stringify(toolCall());
  const headers = { 'Content-Type': 'application/json', 'Content-Length': `${body.length}` };
  connection.send('POST', '/hooks/claude-code', headers);
  connection.socket.write(body);
  await untilStatus(client, 'waiting_for_approval');
  connection.socket.destroy();
  await untilStatus(client, 'idle');
  t.match(await newest(client), { status: 'cancelled' });
});

test('an agent waits for as long as one of its calls does', async (t) => {
  const { client } = await start(t, MEMORY);
  const first = await ask(client, toolCall());
  const second = await ask(client, toolCall({ tool_use_id: 'toolu_2' }));
  await decide(client, first.approval.id, 'approve');
  await first.answer;
  await hook(client, event('Stop'));
  t.match(await agents(client), [{ status: 'waiting_for_approval' }]);
  await decide(client, second.approval.id, 'approve');
  await second.answer;
  await untilStatus(client, 'running');
});

test('events that do not ask say what the agent does, or nothing', async (t) => {
  const { client } = await start(t, MEMORY);
  for (const name of ['Notification', 'PostToolUse', 'PreCompact', 'Whatever', 'SessionEnd']) {
    const answer = await hook(client, event(name));
    t.match(answer, { status: 200, text: '{}', headers: { 'sallyport-outcome': 'noted' } }, name);
  }
  t.strictSame(await log(client), []);
  await hook(client, event('SessionStart'));
  await untilStatus(client, 'idle');
  await hook(client, event('UserPromptSubmit'));
  await untilStatus(client, 'running');
  t.equal((await log(client)).filter((kind) => kind === 'agent.registered').length, 1);
  const unmatched = await hook(client, toolCall({ tool_name: 'Read' }), '?tools=Bash');
  t.equal(unmatched.headers['sallyport-outcome'], 'unmatched');
});

test('the agent is named after its program and its folder', async (t) => {
  const { client } = await start(t, MEMORY);
  const names: [string | null, string, string | null][] = [
    ['/srv/app/', 'Codex in app', '/srv/app/'],
    ['C:\\work\\app', 'Codex in app', 'C:\\work\\app'],
    ['/', 'Codex', '/'],
    [null, 'Codex', null],
    ['/a\nb', 'Codex in a ⏎ b', '/a ⏎ b'],
    [`/${'x'.repeat(1200)}`, `Codex in ${'x'.repeat(190)}…`, `/${'x'.repeat(998)}…`],
  ];
  for (const [cwd, name, project] of names) {
    const session_id = `s${names.findIndex(([folder]) => folder === cwd)}`;
    await hook(client, event('SessionStart', { cwd, session_id }), '', 'codex');
    const { body } = await client.get(`/agents/codex:${session_id}`);
    t.match(body, { name, kind: 'codex', project }, name);
  }
});

test('an id that somebody else has is left to them', async (t) => {
  const service = await startGuarded(t);
  const { client, as } = service;
  const agent = as('agent');
  const id = 'claude-code:sess-1';
  const taken = { id, name: 'Mine', kind: 'k' };
  await client.post('/agents', taken, { session: 'other' });
  const { approval, answer } = await ask(agent, toolCall(), '', 'claude-code', client);
  t.match(approval.agent_id, /^claude-code:[0-9a-f]{32}$/);
  t.match((await client.get(`/agents/${approval.agent_id}`)).body, { principal: 'token:agent' });
  t.match((await client.get(`/agents/${id}`)).body, { name: 'Mine', status: 'idle' });
  await decide(client, approval.id, 'deny');
  await answer;
  await hook(agent, event('SessionEnd'));
  t.strictSame(
    (await agents(client)).map((one) => one.id),
    [id],
  );
  const second = await ask(agent, toolCall({ tool_use_id: 'toolu_2' }), '', 'claude-code', client);
  t.equal(second.approval.agent_id, approval.agent_id, 'the same each time');
  await decide(client, second.approval.id, 'deny');
  await second.answer;
  await hook(agent, event('SessionEnd'));
  await client.post('/agents', { ...taken, id: approval.agent_id }, { session: 'other' });
  const third = await ask(agent, toolCall({ tool_use_id: 'toolu_3' }), '', 'claude-code', client);
  t.equal(third.approval.agent_id, null, 'it is about no agent rather than about another one');
  await decide(client, third.approval.id, 'deny');
  t.match(denial(await third.answer), /denied by/);
  await hook(agent, event('Stop'));
  t.match(await agents(client), [{ status: 'idle' }, { status: 'idle' }]);
});

test('a question does not depend on its agent', async (t) => {
  const full = await start(t, { ...MEMORY, maxAgents: 0 });
  const first = await ask(full.client, toolCall());
  t.equal(first.approval.agent_id, 'claude-code:sess-1');
  t.strictSame(await agents(full.client), []);
  await decide(full.client, first.approval.id, 'approve');
  t.match((await first.answer).body, { hookSpecificOutput: { permissionDecision: 'allow' } });

  const { client } = await startOver(t, new BrokenAgents());
  const second = await ask(client, toolCall());
  t.equal(second.approval.agent_id, null);
  await decide(client, second.approval.id, 'approve');
  t.match((await second.answer).body, { hookSpecificOutput: { permissionDecision: 'allow' } });
});

/** Fails in a way that nobody has thought of whenever an agent is written. */
class BrokenAgents extends TestJournal {
  override append(change: Parameters<TestJournal['append']>[0]) {
    return change.entity?.type === 'agent' ? Promise.reject(new Error('broken')) : super.append(change);
  }
}

test('an agent that is unregistered meanwhile is registered by its next question', async (t: Test) => {
  const { client } = await start(t, MEMORY);
  const first = await ask(client, toolCall());
  await untilStatus(client, 'waiting_for_approval');
  await client.delete('/agents/claude-code:sess-1', { session: 'claude-code:sess-1' });
  await decide(client, first.approval.id, 'approve');
  await first.answer;
  t.strictSame(await agents(client), []);
  await ask(client, toolCall({ tool_use_id: 'toolu_2' }));
  t.match(await agents(client), [{ id: 'claude-code:sess-1' }]);
});
