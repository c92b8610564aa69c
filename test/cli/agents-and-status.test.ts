import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { json, oddServer, text } from '../client/odd-server.ts';
import { start } from '../service.ts';
import { sallyport } from './command.ts';

test('agents lists who is running', async (t) => {
  const { url, client, stream } = await start(t);
  t.match(await sallyport(t, ['agents'], { url }), { code: 0, stdout: '', stderr: 'There are none.\n' });
  await client.post('/agents', { id: 'r1', name: 'Researcher', kind: 'script', project: '/srv' });
  await client.put('/agents/r1/status', { status: 'running', current_task: 'read\u0007' });
  await client.post('/agents', { id: 'b1', name: 'Builder', kind: 'command' }, { session: 'build' });
  await (await stream('/events/stream?session_id=build')).hello();
  const all = await sallyport(t, ['agents'], { url });
  const [head, ...rows] = all.stdout.trimEnd().split('\n');
  t.match(head, /^ID +NAME +KIND +STATUS +CONNECTED +OWNER +TASK$/);
  t.match(rows[0], /^b1 +Builder +command +idle +yes +build$/);
  t.match(rows[1], /^r1 +Researcher +script +running +no +test +read\\x07$/);
  const filtered = ['agents', '--status', 'running', '--kind', 'script', '--project', '/srv', '--json'];
  t.match(JSON.parse((await sallyport(t, filtered, { url })).stdout), {
    agents: [{ id: 'r1' }],
    next_cursor: null,
  });
  t.match(await sallyport(t, ['agents', '--limit', '1'], { url }), { code: 0, stderr: /There are more/ });
});

test('status says whether it is up, who one is, and what goes on', async (t) => {
  const service = await startGuarded(t, { store: 'memory:' });
  await service.client.post('/approvals', { action: 'Deploy?', system_level: true });
  await service.client.post('/agents', { name: 'Builder', kind: 'command' });
  const env = { SALLYPORT_TOKEN: service.tokens.viewer, SALLYPORT_SESSION: 'desk' };
  const status = await sallyport(t, ['status'], { url: service.url, env });
  t.equal(status.code, 0, status.stderr);
  t.equal(
    status.stdout,
    `Sallyport test at ${service.url} is up.
You are desk (token:viewer), with the role 'viewer'.
1 approval pending, 1 agent, 0 waits, 0 streams; 2 events so far.
`,
  );
  const asJson = await sallyport(t, ['status', '--json'], { url: service.url, env });
  t.match(JSON.parse(asJson.stdout), {
    url: service.url,
    ready: true,
    version: 'test',
    session: 'desk',
    principal: 'token:viewer',
    credential: 'token',
    role: 'viewer',
    permissions: ['read'],
    pending: 1,
    agents: 1,
  });
  const none = await sallyport(t, ['status'], { url: service.url });
  t.match(none, { code: 3, stderr: /set SALLYPORT_TOKEN/ });
});

test('without credentials nobody is anybody in particular', async (t) => {
  const { url } = await start(t);
  const status = await sallyport(t, ['status'], { url });
  t.match(status, {
    code: 0,
    stdout: /^You are cli-[^ ]+, with the role 'operator'; no credential is needed\.$/m,
  });
});

test('a service that is not there, or takes no changes, is a failure', async (t) => {
  t.match(await sallyport(t, ['status']), {
    code: 3,
    stdout: '',
    stderr: /cannot be reached: .* 'sallyport' starts one/,
  });
  const problem = { code: 'storage-unavailable', detail: 'the disk is full' };
  const answers = async (path: string) => {
    const odd = await oddServer(t, (request, response) => {
      const url = String(request.url);
      const answer = url.startsWith('/health')
        ? json(problem, 503)
        : url === '/openapi.json'
          ? json({ info: { version: '1.2.3' } })
          : url === '/me'
            ? json({ principal: null, role: 'operator', permissions: [], credential: null })
            : text('');
      answer(request, response);
    });
    return sallyport(t, ['status', ...path.split(' ').filter(Boolean)], { url: odd.url });
  };
  t.match(await answers(''), { code: 3, stdout: /is not ready: the disk is full\./ });
  t.match(await answers('--json'), { code: 3, stdout: /"ready":false/ });
  const odd = await oddServer(t, json({ status: 'ok' }), text('', 500));
  t.match(await sallyport(t, ['status'], { url: odd.url }), { code: 3, stderr: /answered 500/ });
});
