import { test } from 'tap';
import { APPROVED, approval, cut, ID, json, oddServer, text } from '../client/odd-server.ts';
import { start } from '../service.ts';
import { metric, until } from '../streams/publish.ts';
import { Command, sallyport } from './command.ts';

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
    await until(async () => (await metric(service, 'sallyport_waits')) === 1);
    asking.child.kill(signal);
    t.match(await asking.exited, {
      code: 3,
      stdout: '',
      stderr: `sallyport: stopped by ${signal}; ${id} is still pending: 'sallyport cancel ${id}' ends it\n`,
    });
    t.equal((await service.client.get(`/approvals/${id}`)).body.status, 'pending');
    await until(async () => (await metric(service, 'sallyport_waits')) === 0);
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
