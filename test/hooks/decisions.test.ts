import { test } from 'tap';
import { bearer, startGuarded } from '../access/guarded.ts';
import { start } from '../service.ts';
import { ask, decide, denial, hook, log, newest, permissionRequest, toolCall, waits } from './calls.ts';

const MEMORY = { store: 'memory:' };

test('a tool runs when a person has approved it, and the model reads who did and why', async (t) => {
  const { client } = await start(t, MEMORY);
  const { approval, answer } = await ask(client, toolCall());
  t.match(approval, {
    status: 'pending',
    client_id: null,
    agent_id: 'claude-code:sess-1',
    action: 'Bash: npm test',
    options: ['approve', 'deny'],
    approve_label: 'approve',
    requested_by: { session_id: 'claude-code:sess-1', principal: null },
    details: {
      command: 'npm test',
      tool_name: 'Bash',
      tool_input: { command: 'npm test', description: 'Run the tests' },
      cwd: '/srv/app',
      permission_mode: 'default',
    },
  });
  const { headers: decided } = await decide(client, approval.id, 'approve', 'looks right');
  const { status, body, headers } = await answer;
  t.equal(status, 200);
  t.strictSame(body, {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'allow',
      permissionDecisionReason: "approved by session 'ui': looks right",
    },
  });
  t.match(headers, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'sallyport-outcome': 'approved',
  });
  t.ok(Number(headers['sallyport-seq']) >= Number(decided['sallyport-seq']));
  t.equal(await waits(client), 0);
});

test('a call that names no folder is asked, and joined, like any other', async (t) => {
  const { client } = await start(t, MEMORY);
  const { approval, answer } = await ask(client, toolCall({ cwd: undefined }));
  t.notOk('cwd' in approval.details);
  const { approval: joined, answer: again } = await ask(client, toolCall({ cwd: null }));
  t.equal(joined.id, approval.id);
  await decide(client, approval.id, 'approve');
  t.match(await answer, { headers: { 'sallyport-outcome': 'approved' } });
  t.match(await again, { headers: { 'sallyport-outcome': 'approved' } });
});

test('a tool does not run when a person has denied it, and the model reads the comment', async (t) => {
  const service = await startGuarded(t);
  const agent = service.as('agent');
  const operator = service.as('operator');
  const { approval, answer } = await ask(agent, toolCall(), '', 'claude-code', service.client);
  t.match(approval.requested_by, { session_id: 'claude-code:sess-1', principal: 'token:agent' });
  await decide(operator, approval.id, 'deny', 'run the unit tests only');
  t.strictSame((await answer).body, {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: 'denied by token:operator: run the unit tests only',
    },
  });
  const silent = await ask(agent, toolCall({ tool_use_id: 'toolu_2' }), '', 'claude-code', service.client);
  await decide(operator, silent.approval.id, 'deny');
  t.equal(denial(await silent.answer), 'denied by token:operator');
});

test('a PermissionRequest is answered in its own form', async (t) => {
  const { client } = await start(t, MEMORY);
  const allowed = await ask(client, permissionRequest());
  await decide(client, allowed.approval.id, 'approve', 'fine');
  t.strictSame((await allowed.answer).body, {
    hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } },
  });
  const refused = await ask(client, permissionRequest());
  t.not(refused.approval.id, allowed.approval.id, 'nothing tells that it is the same: it is asked anew');
  await decide(client, refused.approval.id, 'deny', 'no');
  t.strictSame((await refused.answer).body, {
    hookSpecificOutput: {
      hookEventName: 'PermissionRequest',
      decision: { behavior: 'deny', message: "denied by session 'ui': no" },
    },
  });
});

test('Codex is answered {} for yes, and exactly three fields for no', async (t) => {
  const { client } = await start(t, MEMORY);
  const call = toolCall({ turn_id: 'turn-1', model: 'gpt', tool_use_id: 'call_1' });
  const allowed = await ask(client, call, '', 'codex');
  t.match(allowed.approval, { agent_id: 'codex:sess-1', requested_by: { session_id: 'codex:sess-1' } });
  await decide(client, allowed.approval.id, 'approve', 'fine');
  t.equal((await allowed.answer).text, '{}');
  const refused = await ask(client, { ...call, tool_use_id: 'call_2' }, '', 'codex');
  await decide(client, refused.approval.id, 'deny', 'no');
  t.strictSame((await refused.answer).body, {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: "denied by session 'ui': no",
    },
  });
  const permission = await ask(client, permissionRequest(), '', 'codex');
  await decide(client, permission.approval.id, 'approve');
  t.strictSame((await permission.answer).body, {
    hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } },
  });
});

test('what has expired or was cancelled is denied', async (t) => {
  const service = await start(t, MEMORY);
  const { client } = service;
  const expiring = await ask(client, toolCall());
  // An hour after its wait: nobody asks for what is left open any more.
  service.clocks.pass(540_000 + 3_600_000);
  t.match(denial(await expiring.answer), /nobody decided before the question expired at .+approval-/);
  const cancelled = await ask(client, toolCall({ tool_use_id: 'toolu_2' }));
  const cancel = { comment: 'changed my mind' };
  await client.post(`/approvals/${cancelled.approval.id}/cancel`, cancel, { session: 'claude-code:sess-1' });
  t.match(
    denial(await cancelled.answer),
    /cancelled by session 'claude-code:sess-1': changed my mind \(approval-/,
  );
});

test('the same call again joins the same approval, final or not; another one by its id is denied', async (t) => {
  const { client } = await start(t, MEMORY);
  const first = await ask(client, toolCall());
  const second = await ask(client, toolCall({ prompt_id: 'another', permission_mode: 'plan' }));
  t.equal(second.approval.id, first.approval.id);
  const other = await hook(client, toolCall({ tool_input: { command: 'rm -rf /' } }));
  t.match(denial(other), /tool_use_id was used for another call/);
  t.equal(other.headers['sallyport-outcome'], 'idempotency-key-reused');
  t.match(denial(await hook(client, toolCall({ tool_name: 'Write' }))), /another call/);
  t.match(denial(await hook(client, toolCall({ cwd: '/' }))), /another call/);
  await decide(client, first.approval.id, 'approve');
  t.strictSame((await first.answer).body, (await second.answer).body);
  t.strictSame((await hook(client, toolCall())).body, (await first.answer).body);
  t.equal((await log(client)).filter((kind) => kind === 'approval.requested').length, 1);
  const elsewhere = await ask(client, toolCall({ session_id: 'sess-2' }));
  t.not(elsewhere.approval.id, first.approval.id, 'another session has its own');
  const byCodex = await ask(client, toolCall(), '', 'codex');
  t.not(byCodex.approval.id, first.approval.id);
});

test('a wait that has lasted long enough is a deny that says how to go on', async (t) => {
  const { client } = await start(t, MEMORY);
  const answer = await hook(client, toolCall(), '?wait_ms=20');
  const { id, status } = await newest(client);
  t.equal(answer.headers['sallyport-outcome'], 'timed_out');
  t.match(denial(answer), new RegExp(`within 0 s.+stays open as ${id}: make exactly the same call again`));
  t.equal(status, 'pending');
  const again = toolCall({ tool_use_id: 'toolu_2' });
  const { approval, answer: waiting } = await ask(client, again);
  t.equal(approval.id, id, 'the person is not asked twice');
  await decide(client, id, 'approve');
  t.match((await waiting).body, { hookSpecificOutput: { permissionDecision: 'allow' } });
  const later = await ask(client, toolCall({ tool_use_id: 'toolu_3' }));
  t.not(later.approval.id, id, 'an approval is good for one more call only');
});

test('a decision between two waits is for the same call of the same session only', async (t) => {
  const { client } = await start(t, MEMORY);
  await hook(client, toolCall(), '?wait_ms=0');
  const { id } = await newest(client);
  await decide(client, id, 'approve', 'go');
  for (const other of [
    { tool_input: { command: 'npm test -- --all' } },
    { tool_name: 'Write' },
    { cwd: '/srv' },
    { session_id: 'sess-2' },
  ]) {
    const tool_use_id = JSON.stringify(other);
    const { approval } = await ask(client, toolCall({ tool_use_id, ...other }));
    t.not(approval.id, id, JSON.stringify(other));
  }
  const same = await hook(client, toolCall({ tool_use_id: 'toolu_3' }));
  t.match(same.body, {
    hookSpecificOutput: {
      permissionDecision: 'allow',
      permissionDecisionReason: "approved by session 'ui': go",
    },
  });
});

test('a wait may last longer than other waits may', async (t) => {
  const { client } = await start(t, MEMORY);
  const { approval, answer } = await ask(client, toolCall(), '?wait_ms=86400000');
  await decide(client, approval.id, 'approve');
  t.match((await answer).body, { hookSpecificOutput: { permissionDecision: 'allow' } });
  const long = await hook(client, toolCall({ tool_use_id: 'toolu_2' }), '?wait_ms=86400001');
  t.match(denial(long), /wait_ms must be <= 86400000/);
});

test('some tools need a person, the others do not', async (t) => {
  const { client } = await start(t, MEMORY);
  const read = toolCall({ tool_name: 'Read', tool_input: { file_path: '/etc/hosts' } });
  const decisionOf = async (query: string, body = read) =>
    (await hook(client, body, query)).body.hookSpecificOutput?.permissionDecision;
  t.equal(await decisionOf('?tools=Bash,Write'), 'ask');
  t.equal(await decisionOf('?tools=Bash&tools=Write&unmatched=ask'), 'ask');
  t.equal(await decisionOf('?tools=Bash,Write&unmatched=allow'), 'allow');
  t.equal(await decisionOf('?tools=Rea,Reads,mcp__*&unmatched=allow'), 'allow');
  const permission = permissionRequest({ tool_name: 'Read' });
  t.strictSame((await hook(client, permission, '?tools=Bash')).body, {}, 'it is about to ask its user');
  t.match((await hook(client, permission, '?tools=Bash&unmatched=allow')).body, {
    hookSpecificOutput: { decision: { behavior: 'allow' } },
  });
  t.strictSame((await hook(client, read, '?tools=Bash', 'codex')).body, {});
  t.strictSame((await hook(client, read, '?tools=Bash&unmatched=allow', 'codex')).body, {});
  t.match(
    denial(await hook(client, read, '?tools=Bash&unmatched=ask', 'codex')),
    /unmatched must be one of allow/,
  );
  t.strictSame(await log(client), [], 'nobody was asked');
  for (const tools of ['Read', 'Bash,Read', 'R*', '*', 'Bash,Re*']) {
    const { answer } = await ask(client, { ...read, tool_use_id: tools }, `?tools=${tools}`);
    await decide(client, (await newest(client)).id, 'deny');
    t.match(denial(await answer), /denied by/, tools);
  }
});

test('an agent cannot decide what its hook asked, and its hook does not say who it is', async (t) => {
  const service = await startGuarded(t);
  const agent = service.as('agent');
  const body = toolCall({
    principal: 'token:admin',
    decided_by: { principal: 'token:admin' },
    role: 'admin',
  });
  const { approval, answer } = await ask(agent, body, '', 'claude-code', service.client);
  t.match(approval.requested_by, { session_id: 'claude-code:sess-1', principal: 'token:agent' });
  for (const session of ['claude-code:sess-1', 'ui']) {
    const call = { session };
    const refused = await agent.post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' }, call);
    t.equal(refused.status, 403);
  }
  const other = service.client.as(await service.create('other', 'agent'));
  const theirs = await ask(other, toolCall(), '', 'claude-code', service.client);
  t.not(theirs.approval.id, approval.id, 'the same call under another principal is another one');
  const call = { session: 'claude-code:sess-1', headers: bearer(other.token as string) };
  t.equal((await other.post(`/approvals/${approval.id}/cancel`, {}, call)).status, 403);
  await decide(service.as('operator'), approval.id, 'deny');
  t.match(denial(await answer), /denied by token:operator/);
});
