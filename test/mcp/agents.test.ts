import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { startOver, TestJournal, until } from '../http/parts.ts';
import { McpClient, textOf } from './mcp-client.ts';

test('a client that asks is in the list of agents, and waits until the last of its questions is answered', async (t) => {
  const { url, client } = await startOver(t, new TestJournal());
  const mcp = await McpClient.connect(t, url, undefined, 'My Agent/ü');
  t.strictSame((await client.get('/agents')).body.agents, [], 'not before it asks');
  const is = async (status: string, task: string | null) => {
    await until(async () => (await client.get('/agents')).body.agents[0]?.status === status);
    const { agents } = (await client.get('/agents')).body;
    t.match(agents, [
      {
        id: 'mcp:My-Agent-',
        name: 'My Agent/ü 1.2.3',
        kind: 'mcp',
        session_id: 'mcp:My-Agent-',
        current_task: task,
      },
    ]);
  };
  const one = mcp.call('request_approval', { action: 'one' });
  await is('waiting_for_approval', 'one');
  const two = mcp.call('request_approval', { action: 'two' });
  await client.post(`/approvals/${await one.asked}/resolve`, { resolution: 'approve' });
  await one.answer;
  await is('waiting_for_approval', 'two');
  await client.post(`/approvals/${await two.asked}/resolve`, { resolution: 'deny' });
  await two.answer;
  await is('running', null);
  const gone = mcp.call('request_approval', { action: 'three' });
  const rejected = t.rejects(gone.answer);
  await gone.asked;
  await is('waiting_for_approval', 'three');
  await mcp.client.close();
  await rejected;
  await is('idle', null);
});

test('two principals that use one program are two agents', async (t) => {
  const { url, client, tokens } = await startGuarded(t);
  const calls = await Promise.all(
    (['agent', 'operator'] as const).map(async (role) => {
      const mcp = await McpClient.connect(t, url, tokens[role]);
      const call = mcp.call('request_approval', { action: role });
      return { id: await call.asked, answer: call.answer };
    }),
  );
  await until(async () => (await client.get('/agents')).body.agents.length === 2);
  const { agents } = (await client.get('/agents')).body;
  t.match(agents.map(({ principal }: { principal: string }) => principal).sort(), [
    'token:agent',
    'token:operator',
  ]);
  for (const { id, answer } of calls) {
    const { body } = await client.post(`/approvals/${id}/resolve`, { resolution: 'approve' });
    t.ok(agents.some((agent: { id: string }) => agent.id === body.agent_id));
    t.match(textOf(await answer), /^approved/);
  }
});

test('an agent that cannot be shown asks all the same', async (t) => {
  const { url, client } = await startOver(t, new TestJournal());
  const taken = { id: 'mcp:test-client', name: 'n', kind: 'k' };
  await client.post('/agents', taken, { session: 'somebody-else' });
  const mcp = await McpClient.connect(t, url);
  const { asked, answer } = mcp.call('request_approval', { action: 'a' });
  await client.post(`/approvals/${await asked}/resolve`, { resolution: 'approve' });
  t.match(textOf(await answer), /^approved/);
  const { agents } = (await client.get('/agents')).body;
  t.match(agents, [{ id: 'mcp:test-client', session_id: 'somebody-else', status: 'idle' }]);
});
