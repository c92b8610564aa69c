import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { without } from '../process/built.ts';
import { start } from '../service.ts';
import { Command, sallyport } from './command.ts';

const NODE = process.execPath;

test('run is an agent for as long as its command runs', async (t) => {
  const service = await start(t);
  const stream = await service.stream('/events/stream?kind=agent.*');
  await stream.hello();
  const script = `process.stdin.once('data', () => process.exit(7)); console.log(JSON.stringify(process.env))`;
  const args = [
    'run',
    '--agent',
    'Big Builder',
    '--kind',
    'script',
    '--task',
    'build',
    '--',
    NODE,
    '-e',
    script,
  ];
  const running = new Command(t, args, { url: service.url, env: { SALLYPORT_SESSION: 'ci' } });
  await running.says(/\n/);
  const environment = JSON.parse(running.stdout);
  const { body } = await service.client.get('/agents');
  t.match(body.agents, [
    {
      id: /^Big-Builder-[0-9a-f]{8}$/,
      name: 'Big Builder',
      kind: 'script',
      status: 'running',
      current_task: 'build',
      session_id: 'ci',
      connected: true,
      pid: running.child.pid,
      project: process.cwd(),
    },
  ]);
  const { id } = body.agents[0];
  t.match(environment, { SALLYPORT_URL: service.url, SALLYPORT_SESSION: 'ci', SALLYPORT_AGENT: id });
  running.type('go');
  t.match(await running.exited, { code: 7, stderr: '' });
  t.strictSame((await service.client.get('/agents')).body.agents, []);
  t.strictSame(
    stream.events.map(({ kind, payload }) => `${kind} ${payload?.status}`),
    [
      'agent.registered idle',
      'agent.status_changed running',
      'agent.status_changed errored',
      'agent.unregistered undefined',
    ],
  );
  const good = ['run', '--agent', 'b', '--id', 'b1', NODE, '-e', '0', '--', '--json'];
  t.equal((await sallyport(t, good, { url: service.url })).code, 0);
  const { data } = await stream.frame((frame) => frame.data?.payload?.status === 'completed');
  t.equal(data.agent_id, 'b1');
});

test('an ask within run says which agent asks', async (t) => {
  const service = await start(t);
  const stream = await service.stream('/events/stream?kind=approval.requested');
  await stream.hello();
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const args = ['run', '--agent', 'b', '--id', 'b1', '--', NODE, main, 'ask', 'Deploy?'];
  const running = new Command(t, args, { url: service.url });
  const { data } = await stream.frame((frame) => frame.data?.kind === 'approval.requested');
  t.equal(data.payload.agent_id, 'b1');
  await service.client.post(`/approvals/${data.payload.id}/resolve`, { resolution: 'deny' });
  t.equal((await running.exited).code, 1);
});

test('signals go to the command, and how it ends is how run ends', async (t) => {
  const { url } = await start(t);
  const wait = `process.on('SIGTERM', () => process.exit(9)); console.log('up'); setInterval(() => 0, 1000)`;
  const caught = new Command(t, ['run', '--agent', 'b', '--', NODE, '-e', wait], { url });
  await caught.says(/up/);
  caught.child.kill('SIGTERM');
  t.equal((await caught.exited).code, 9);
  const killed = new Command(t, ['run', '--agent', 'b', '--', NODE, '-e', wait], { url });
  await killed.says(/up/);
  killed.child.kill('SIGINT');
  t.equal((await killed.exited).code, 130);
  const nothing = await sallyport(t, ['run', '--agent', 'b', '--', '/no/such/program'], { url });
  t.match(nothing, { code: 127, stderr: /^sallyport: '\/no\/such\/program' cannot be run: / });
  t.equal((await sallyport(t, ['run', '--agent', 'b', '--', '/'], { url })).code, 126);
});

test('a Ctrl-C on a terminal reaches the command once', { skip: without('script') }, async (t) => {
  const { url } = await start(t);
  const count = `let n = 0; process.on('SIGINT', () => { n += 1; setTimeout(() => process.exit(40 + n), 300) }); console.log('up'); setInterval(() => 0, 1000)`;
  const running = new Command(t, ['run', '--agent', 'b', '--', NODE, '-e', count], { url, onTerminal: true });
  await running.says(/up/);
  running.type('\u0003');
  t.equal((await running.exited).code, 41);
});

test('a refusal of the service ends run before the command starts', async (t) => {
  const { url, tokens, client } = await startGuarded(t);
  const run = (SALLYPORT_TOKEN: string, ...flags: string[]) =>
    sallyport(t, ['run', '--agent', 'b', ...flags, '--', NODE, '-e', 'console.log("ran")'], {
      url,
      env: { SALLYPORT_TOKEN },
    });
  t.match(await run(''), { code: 3, stdout: '', stderr: /set SALLYPORT_TOKEN/ });
  t.match(await run(tokens.viewer), { code: 3, stdout: '', stderr: /the role 'viewer' does not include/ });
  await client.post('/agents', { id: 'taken', name: 'Other', kind: 'test' });
  const taken = await run(tokens.agent, '--id', 'taken');
  t.match(taken, { code: 3, stdout: '', stderr: /agent 'taken' is owned by another session/ });
});
