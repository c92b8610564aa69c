import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { APPROVED, approval, cut, ID, json, oddServer, text } from '../client/odd-server.ts';
import { type Started, start } from '../service.ts';
import { Command, type CommandOptions, sallyport } from './command.ts';

/** Asks, and somebody picks `resolution` as soon as it is there. */
async function decided(
  t: Test,
  service: Started,
  resolution: string,
  args: readonly string[] = ['Deploy?'],
  options: CommandOptions = {},
) {
  const stream = await service.stream('/events/stream?kind=approval.requested');
  await stream.hello();
  const asking = new Command(t, ['ask', ...args], { url: service.url, ...options });
  const { data } = await stream.frame((frame) => frame.data?.kind === 'approval.requested');
  await service.client.post(`/approvals/${data.payload.id}/resolve`, { resolution, comment: 'so be it' });
  return { exit: await asking.exited, approval: data.payload };
}

test('ask ends with 0 if a person approves, and says so', async (t) => {
  const service = await start(t);
  const { exit, approval } = await decided(t, service, 'approve');
  t.strictSame(exit, { code: 0, signal: null, stdout: 'approved by test: so be it\n', stderr: '' });
  t.match(approval, { action: 'Deploy?', details: null, agent_id: null, client_id: null, expires_at: null });
});

test('ask ends with 1 if a person denies', async (t) => {
  const { exit } = await decided(t, await start(t), 'deny');
  t.strictSame(exit, { code: 1, signal: null, stdout: 'denied by test: so be it\n', stderr: '' });
});

test('with options, only the one that means yes is 0', async (t) => {
  const service = await start(t);
  const flags = ['Where?', '--option', 'eu', '--option', 'us', '--option', 'none', '--approve-label', 'eu'];
  const yes = await decided(t, service, 'eu', flags);
  t.match(yes.exit, { code: 0, stdout: 'approved by test: so be it\n' });
  t.strictSame(yes.approval.options, ['eu', 'us', 'none']);
  const no = await decided(t, service, 'us', flags);
  t.match(no.exit, { code: 1, stdout: "denied ('us') by test: so be it\n" });
});

test('--json prints the answer as one line', async (t) => {
  const service = await start(t);
  const args = ['Deploy?', '--json', '--agent', 'builder', '--key', 'k1', '--expires', '2d'];
  const { exit, approval } = await decided(t, service, 'approve', args);
  t.equal(exit.code, 0);
  t.equal(exit.stdout.split('\n').length, 2);
  t.match(JSON.parse(exit.stdout), {
    outcome: 'approved',
    approval: { id: approval.id, agent_id: 'builder' },
  });
  const lasts = Date.parse(approval.expires_at) - Date.parse(approval.created_at);
  t.equal(lasts, 2 * 86_400_000);
  const again = await sallyport(t, ['ask', ...args], { url: service.url });
  t.equal(again.stdout, exit.stdout, 'the same key is the same approval');
});

test('details come as JSON, from a file or from standard input', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const cwd = t.testdir({ 'details.json': '{"from":"file"}' });
  const inline = await decided(t, service, 'approve', ['Deploy?', '--details', '[1,"é"]']);
  t.strictSame(inline.approval.details, [1, 'é']);
  const file = await decided(t, service, 'approve', ['Deploy?', '-d', '@details.json'], { cwd });
  t.strictSame(file.approval.details, { from: 'file' });
  const input = { input: '{"from":"input"}' };
  const piped = await decided(t, service, 'approve', ['Deploy?', '--details', '-'], input);
  t.strictSame(piped.approval.details, { from: 'input' });
  writeFileSync(join(cwd, 'text'), 'not JSON');
  for (const [args, message] of [
    [
      ['--details', 'plain'],
      /^sallyport: --details takes JSON, @FILE or -, and this is none: .*A text needs quotes/,
    ],
    [['--details', '@nothing'], /ENOENT/],
    [['--details', '@text'], /not valid JSON/],
    [['--details', '-'], /Unexpected end/],
  ] as const) {
    const exit = await sallyport(t, ['ask', 'Deploy?', ...args], { url: service.url, cwd });
    t.match(exit, { code: 3, stdout: '', stderr: message }, args.join(' '));
  }
});

test('ask ends with 2 when its time is up, and then the approval is final', async (t) => {
  const { url, client } = await start(t);
  const exit = await sallyport(t, ['ask', 'Deploy?', '--timeout', '300ms'], { url });
  t.strictSame(exit, { code: 2, signal: null, stdout: 'expired\n', stderr: '' });
  const { body } = await client.get('/approvals');
  t.match(body, { approvals: [{ status: 'expired' }] });
  const late = await client.post(`/approvals/${body.approvals[0].id}/resolve`, { resolution: 'approve' });
  t.equal(late.status, 409);
});

test('ask ends with 2 when the approval expires or is cancelled, or stays open beyond its time', async (t) => {
  const { url, client } = await start(t);
  t.match(await sallyport(t, ['ask', 'Deploy?', '--expires', '200ms'], { url }), {
    code: 2,
    stdout: 'expired\n',
  });
  const stays = await sallyport(t, ['ask', 'Deploy?', '--timeout', '200ms', '--expires', '1h'], { url });
  t.match(stays, { code: 2, stdout: /^timed out after 0s; approval-\w+ is still pending until 2\d{3}-/ });
  const env = { SALLYPORT_SESSION: 'gate' };
  const asking = new Command(t, ['ask', 'Deploy?', '--key', 'x'], { url, env });
  const same = { action: 'Deploy?', system_level: true };
  const { body } = await client.post('/approvals', same, {
    session: 'gate',
    headers: { 'Idempotency-Key': 'x' },
  });
  await client.post(`/approvals/${body.id}/cancel`, { comment: 'not needed' }, { session: 'gate' });
  t.match(await asking.exited, { code: 2, stdout: 'cancelled by gate: not needed\n' });
});

test('a decision of the last moment decides, however late it is learnt', async (t) => {
  const slow = (request: Parameters<typeof cut>[0]) => setTimeout(() => request.socket.destroy(), 250);
  const final = json({ outcome: 'approved', approval: approval({ ...APPROVED, comment: 'just' }) });
  const odd = await oddServer(t, json(approval()), slow, text('', 502), final);
  t.match(await sallyport(t, ['ask', 'Deploy?', '--timeout', '200ms'], { url: odd.url }), {
    code: 0,
    stdout: 'approved: just\n',
  });
});

test('what is wrong with the command ends with 3, never as a decision', async (t) => {
  const { url } = await start(t);
  const cases: [string[], RegExp][] = [
    [['ask'], /missing required argument 'question'\nSee 'sallyport ask --help'/],
    [['ask', 'Deploy', 'now?'], /too many arguments/],
    [['ask', 'Deploy?', '--colour'], /unknown option '--colour'/],
    [['ask', 'Deploy?', '--timeout'], /argument missing/],
    [['ask', 'Deploy?', '--timeout', '10'], /--timeout must be a number and a unit, such as 500ms, 90s, 10m/],
    [['ask', 'Deploy?', '--expires', '400d'], /--expires must be .* at most 365d/],
    [['ask', 'Deploy?', '--token', 'spt_abcdef'], /unknown option '--token'\nA token is never a word/],
    [['aks', 'Deploy?'], /unknown command 'aks'\n\(Did you mean ask\?\)/],
    [['--json', 'ask', 'Deploy?'], /--json is not a flag/],
    [['--port', '0', 'ask'], /'ask' is not a command here; a command comes first/],
    [['ask', ''], /action/],
    [['ask', 'Deploy?', '--option', 'yes'], /approve_label/],
    [['ask', 'Deploy?', '--agent', 'no such name'], /agent_id/],
  ];
  for (const [args, message] of cases) {
    const exit = await sallyport(t, args, { url });
    t.match(exit, { code: 3, signal: null, stdout: '', stderr: message }, args.join(' '));
    t.match(exit.stderr, /^sallyport: /, `${args.join(' ')}: ${exit.stderr}`);
    t.notMatch(exit.stderr, /spt_abcdef|error:|\n {4}at /);
  }
});

test('a question that looks like a call for help is no approval', async (t) => {
  const { url } = await start(t);
  for (const title of ['--help', '-h']) {
    t.equal((await sallyport(t, ['ask', title], { url })).code, 3, title);
  }
  const { exit, approval } = await decided(t, await start(t, { store: 'memory:' }), 'approve', [
    '--',
    '--help',
  ]);
  t.equal(exit.code, 0);
  t.equal(approval.action, '--help');
});

test('a refusal of the service ends with 3 and says what to do', async (t) => {
  const { url, tokens } = await startGuarded(t);
  const as = (SALLYPORT_TOKEN: string, ...args: string[]) =>
    sallyport(t, ['ask', 'Deploy?', ...args], { url, env: { SALLYPORT_TOKEN } });
  t.match(await as(''), {
    code: 3,
    stdout: '',
    stderr: /: set SALLYPORT_TOKEN to a token, which 'sallyport token/,
  });
  const wrong = await as('spt_wrong', '--json');
  t.match(wrong, { code: 3, stderr: /the credential in SALLYPORT_TOKEN is not taken/ });
  t.match(JSON.parse(wrong.stdout), { error: { code: 'unauthenticated', status: 401, detail: /not taken/ } });
  t.match(await as(tokens.viewer), { code: 3, stderr: /the role 'viewer' does not include/ });
  t.match(await as(' \n'), { code: 3, stderr: /set SALLYPORT_TOKEN/ });
  const broken = await as(`${tokens.agent} x`);
  t.match(broken, { code: 3, stderr: /SALLYPORT_TOKEN must be one token/ });
  t.notMatch(broken.stderr, tokens.agent);
});

test('an outcome that is not known, or contradicts itself, is not taken for an approval', async (t) => {
  const ask = async (answer: object, ...args: string[]) => {
    const odd = await oddServer(t, json(approval()), json(answer));
    return sallyport(t, ['ask', 'Deploy?', ...args], { url: odd.url });
  };
  const unknown = await ask({ outcome: 'approved_by_robot\u001b', approval: approval(APPROVED) });
  t.match(unknown, { code: 3, stderr: /the outcome 'approved_by_robot\\x1b' is not known here/ });
  const inherited = await ask({ outcome: 'constructor', approval: approval(APPROVED) });
  t.match(inherited, { code: 3, stderr: /is not known here/ });
  const torn = await ask({ outcome: 'approved', approval: approval({ ...APPROVED, resolution: 'deny' }) });
  t.match(torn, { code: 3, stderr: /contradicts itself/ });
  const open = await ask({ outcome: 'approved', approval: approval() }, '--json');
  t.equal(open.code, 3);
});

test('a service that cannot be reached is said once, and tried until the time is up', async (t) => {
  const odd = await oddServer(t, cut);
  const exit = await sallyport(t, ['ask', 'Deploy?', '--timeout', '1s', '--json'], { url: odd.url });
  t.equal(exit.code, 3);
  t.ok(odd.asked.length > 1, `${odd.asked.length} tries`);
  const lines = exit.stderr.trimEnd().split('\n');
  t.equal(lines.length, 2, exit.stderr);
  t.match(
    lines[0],
    /cannot be reached: .* Is the service running, and SALLYPORT_URL right\? .* Trying again$/,
  );
  t.match(JSON.parse(exit.stdout), { error: { code: 'unreachable', status: 0 } });
  odd.answers = [cut, text('', 502), json(approval()), json({ outcome: 'denied', approval: approval() })];
  const found = await sallyport(t, ['ask', 'Deploy?'], { url: odd.url });
  t.match(found, { code: 1, stderr: /Trying again\n.*502.*Trying again\nsallyport: it can be reached\n$/ });
});

test('what answers but is no Sallyport ends it at once', async (t) => {
  const odd = await oddServer(t, text('<h1>Sign in</h1>'));
  t.match(await sallyport(t, ['ask', 'Deploy?'], { url: odd.url }), {
    code: 3,
    stderr: /is the URL right\?/,
  });
  odd.answers = [text('', 302, { Location: 'https://sso.example/' })];
  const moved = await sallyport(t, ['ask', 'Deploy?'], { url: odd.url });
  t.match(moved, { code: 3, stderr: /redirects to https:\/\/sso\.example/ });
});

test('a signal leaves the approval pending and ends with 3', async (t) => {
  const service = await start(t);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const stream = await service.stream('/events/stream?kind=approval.requested');
    await stream.hello();
    const asking = new Command(t, ['ask', `Deploy ${signal}?`], { url: service.url });
    const { data } = await stream.frame((frame) => frame.data?.kind === 'approval.requested');
    const { id } = data.payload;
    // The command has the answer when it waits.
    while (!/^sallyport_waits 1$/m.test((await service.client.get('/metrics')).text));
    asking.child.kill(signal);
    t.match(await asking.exited, {
      code: 3,
      stdout: '',
      stderr: `sallyport: stopped by ${signal}; ${id} is still pending: 'sallyport cancel ${id}' ends it\n`,
    });
    t.equal((await service.client.get(`/approvals/${id}`)).body.status, 'pending');
    while (!/^sallyport_waits 0$/m.test((await service.client.get('/metrics')).text));
  }
  const odd = await oddServer(t, cut);
  const trying = new Command(t, ['ask', 'Deploy?'], { url: odd.url });
  await trying.says(/Trying again/);
  trying.child.kill('SIGTERM');
  t.match(await trying.exited, { code: 3, stderr: /stopped by SIGTERM, before the service had said/ });
});

test('a crash is no decision, and neither is a Node.js that is too old', async (t) => {
  const { url } = await start(t);
  const running = (script: string) => ({ url, nodeArgs: ['--import', `data:text/javascript,${script}`] });
  const crash = running('setTimeout(()=>{throw new Error("out of luck")},800)');
  const crashed = await sallyport(t, ['ask', 'Deploy?'], crash);
  t.match(crashed, { code: 3, stdout: '', stderr: /^sallyport: Error: out of luck/ });
  const old = running(
    'Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})',
  );
  t.match(await sallyport(t, ['ask', 'Deploy?'], old), { code: 3, stderr: /needs Node\.js 24/ });
});

test('an outcome that nobody gets is not one', async (t) => {
  const odd = await oddServer(t, json(approval()), (request, response) => {
    setTimeout(() => json({ outcome: 'approved', approval: approval(APPROVED) })(request, response), 200);
  });
  const asking = new Command(t, ['ask', 'Deploy?'], { url: odd.url });
  asking.child.stdout?.destroy();
  asking.child.stderr?.destroy();
  t.equal((await asking.exited).code, 3);
  t.equal(odd.asked.at(-1), `GET /approvals/${ID}/wait?timeout_ms=55000`);
});
