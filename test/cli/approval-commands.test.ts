import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { start } from '../service.ts';
import { sallyport } from './command.ts';

test('approvals lists what is pending, and what has been asked', async (t) => {
  const { url, client } = await start(t);
  const none = await sallyport(t, ['approvals'], { url });
  t.match(none, { code: 0, stdout: '', stderr: 'There are none.\n' });
  const ask = async (body: object) => (await client.post('/approvals', { system_level: true, ...body })).body;
  const old = await ask({ action: 'Old' });
  await client.post(`/approvals/${old.id}/resolve`, { resolution: 'deny' });
  const evil = await ask({ action: 'Evil\u001b[2J', agent_id: 'builder' });
  const plain = await ask({ action: 'Plain' });

  const pending = await sallyport(t, ['approvals'], { url });
  t.equal(pending.code, 0);
  const [head, ...rows] = pending.stdout.trimEnd().split('\n');
  t.match(head, /^ID +STATUS +AGE +ASKED BY +ACTION$/);
  t.equal(rows.length, 2);
  t.match(rows[0], new RegExp(`^${plain.id}  pending  \\d+s +test +Plain$`));
  t.match(rows[1], /Evil\\x1b\[2J$/);

  const all = ['approvals', '--status', 'resolved', '--status', 'pending', '--limit', '2', '--json'];
  const page = JSON.parse((await sallyport(t, all, { url })).stdout);
  t.strictSame(
    page.approvals.map(({ id }: { id: string }) => id),
    [plain.id, evil.id],
  );
  const shown = await sallyport(
    t,
    ['approvals', '--status', 'resolved', '--status', 'pending', '--limit', '2'],
    { url },
  );
  t.match(shown.stderr, /There are more: --limit/);
  const denied = await sallyport(t, ['approvals', '--status', 'resolved'], { url });
  t.match(denied.stdout, new RegExp(`${old.id}  denied `));
  const ofAgent = await sallyport(t, ['approvals', '--agent', 'builder', '--json'], { url });
  t.match(JSON.parse(ofAgent.stdout).approvals, [{ id: evil.id }]);
  t.match(await sallyport(t, ['approvals', '--limit', '501'], { url }), {
    code: 3,
    stderr: /--limit must be/,
  });
  t.match(await sallyport(t, ['approvals', '--status', 'open'], { url }), {
    code: 3,
    stderr: /Allowed choices/,
  });
});

test('approvals with an id shows all of one', async (t) => {
  const { url, client } = await start(t);
  const details = { command: 'rm\u001b[2J', list: [1] };
  const body = { action: 'Delete?', details, agent_id: 'b1', expires_in_ms: 60_000, system_level: true };
  const { id, created_at, expires_at } = (await client.post('/approvals', body)).body;
  const shown = await sallyport(t, ['approvals', id], { url });
  t.match(shown, { code: 0, stderr: '' });
  t.equal(
    shown.stdout,
    `action    Delete?
status    pending
asked by  test
agent     b1
created   ${created_at}
expires   ${expires_at}
options   approve (yes), deny
details
{
  "command": "rm\\u001b[2J",
  "list": [
    1
  ]
}
`,
  );
  await client.post(`/approvals/${id}/resolve`, { resolution: 'deny', comment: 'no' });
  t.match((await sallyport(t, ['approvals', id], { url })).stdout, /^status {4}denied by test: no$/m);
  t.match(JSON.parse((await sallyport(t, ['approvals', id, '--json'], { url })).stdout), { id, details });
  t.match(await sallyport(t, ['approvals', 'nothing'], { url }), {
    code: 3,
    stderr: /an approval's id looks like/,
  });
});

test('approve, deny and resolve decide, and say it again the same', async (t) => {
  const { url, client } = await start(t);
  const ask = async (body: object = {}) =>
    (await client.post('/approvals', { action: 'Deploy?', system_level: true, ...body })).body.id as string;
  const env = { SALLYPORT_SESSION: 'ann' };
  const run = (...args: string[]) => sallyport(t, args, { url, env });

  const first = await ask();
  t.match(await run('approve', first, '--comment', 'fine'), {
    code: 0,
    stdout: 'approved by ann: fine\n',
    stderr: '',
  });
  t.equal((await run('approve', first)).code, 0, 'the same once more');
  t.match(await run('deny', first), {
    code: 3,
    stdout: '',
    stderr: /is final already: approved by ann: fine\n$/,
  });
  t.match(JSON.parse((await run('deny', first, '--json')).stdout), {
    error: {
      code: 'approval-already-final',
      status: 409,
      detail: /is final already: approved by ann: fine$/,
    },
  });

  const where = { options: ['eu', 'us', 'none'], approve_label: 'eu' };
  const second = await ask(where);
  t.match(await run('deny', second), {
    code: 3,
    stderr: `sallyport: several options are no yes; say which one: sallyport resolve ${second} OPTION, with one of 'eu', 'us', 'none'\n`,
  });
  t.match(await run('resolve', second, 'asia'), { code: 3, stderr: /'asia' is not an option of approval/ });
  t.match(await run('resolve', second, 'us', '--json'), { code: 0, stdout: /^\{.*"resolution":"us".*\}\n$/ });
  const third = await ask(where);
  t.match(await run('approve', third), { code: 0, stdout: 'approved by ann\n' });
  const fourth = await ask({ options: ['yes', 'no'], approve_label: 'yes' });
  t.match(await run('deny', fourth), { code: 0, stdout: 'denied by ann\n' });
  const only = await ask({ options: ['ok'], approve_label: 'ok' });
  t.match(await run('deny', only), { code: 3, stderr: /there is no option that means no/ });

  t.match(await run('approve', 'spt_secret'), { code: 3, stderr: /an approval's id looks like approval-/ });
  t.notMatch((await run('approve', 'spt_secret', '--json')).stderr, 'spt_secret');
  t.match(await run('deny', 'approval-000000000000'), { code: 3, stderr: /unknown approval/ });
});

test('a decision that is passed on ends with 4', async (t) => {
  const service = await start(t);
  const stream = await service.stream('/events/stream?session_id=owner');
  await stream.hello();
  const { body } = await service.client.post('/approvals', { action: 'Deploy?' }, { session: 'owner' });
  const env = { SALLYPORT_SESSION: 'ann' };
  const passed = await sallyport(t, ['approve', body.id], { url: service.url, env });
  t.match(passed, {
    code: 4,
    stdout: `passed on to owner, which owns it and has to decide; ${body.id} is still pending\n`,
  });
  stream.close();
  await stream.ended;
  const env2 = { SALLYPORT_SESSION: 'bob' };
  const alone = await sallyport(t, ['approve', body.id], { url: service.url, env: env2 });
  t.match(alone, { code: 3, stderr: /which is not currently connected/ });
});

test('cancel withdraws what this session has asked for', async (t) => {
  const { url, client } = await start(t);
  const { body } = await client.post('/approvals', { action: 'Deploy?' }, { session: 'ann' });
  const as = (SALLYPORT_SESSION: string, ...args: string[]) =>
    sallyport(t, ['cancel', body.id, ...args], { url, env: { SALLYPORT_SESSION } });
  t.match(await as('bob'), { code: 3, stderr: /was requested by another session/ });
  t.match(await as('ann', '--comment', 'never mind'), { code: 0, stdout: 'cancelled by ann: never mind\n' });
});

test('who may not decide is told, and who did is named with their credential', async (t) => {
  const { url, client, tokens } = await startGuarded(t);
  const { body } = await client.post('/approvals', { action: 'Deploy?', system_level: true });
  const as = (SALLYPORT_TOKEN: string) =>
    sallyport(t, ['approve', body.id], { url, env: { SALLYPORT_TOKEN, SALLYPORT_SESSION: 'desk' } });
  t.match(await as(tokens.agent), {
    code: 3,
    stderr: /the role 'agent' does not include 'approvals.resolve'/,
  });
  t.match(await as(tokens.operator), { code: 0, stdout: 'approved by desk (token:operator)\n' });
});
