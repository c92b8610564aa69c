import { type Test, test } from 'tap';
import { noNginx, startNginx } from '../deploy/nginx.ts';
import { freePort } from '../postgres-server.ts';
import { Sallyport } from '../process/sallyport.ts';
import { Command, sallyport } from './command.ts';

/** A service on the same port, with the same log, each time. */
async function lives(t: Test) {
  const port = await freePort();
  const cwd = t.testdir({});
  const url = `http://127.0.0.1:${port}`;
  const live = async (...args: string[]) => {
    const service = new Sallyport(t, { cwd, args: ['--port', `${port}`, ...args] });
    await service.url();
    return service;
  };
  return { cwd, port, url, live };
}

/** The one approval there is, once it is there; throws if whoever asks has ended. */
async function pendingId(url: string, asking: Command): Promise<string> {
  for (;;) {
    const { approvals } = await get(url, '/approvals', asking).then((text) => JSON.parse(text));
    if (approvals.length > 0) return approvals[0].id;
  }
}

/** Until somebody is parked on an approval. */
async function isWaitedFor(url: string, asking: Command): Promise<void> {
  while (!/^sallyport_waits [1-9]/m.test(await get(url, '/metrics', asking)));
}

async function get(url: string, path: string, asking: Command): Promise<string> {
  const ended = asking.exited.then((exit) => {
    throw new Error(`it has ended: ${JSON.stringify(exit)}`);
  });
  const pause = new Promise((resolve) => setTimeout(resolve, 20));
  await Promise.race([ended, pause]);
  return (await fetch(url + path)).text();
}

test('ask begins before the service is there, and outlasts its kills and stops', async (t) => {
  const { url, live } = await lives(t);
  const asking = new Command(t, ['ask', 'Deploy?'], { url });
  await asking.says(/cannot be reached.*ECONNREFUSED.*Trying again/);
  const first = await live();
  const id = await pendingId(url, asking);
  await isWaitedFor(url, asking);
  await first.stop('SIGKILL');
  const second = await live();
  await isWaitedFor(url, asking);
  await second.stop('SIGTERM');
  const third = await live();
  await isWaitedFor(url, asking);
  t.match(await sallyport(t, ['approve', id, '--comment', 'at last'], { url }), { code: 0 });
  const exit = await asking.exited;
  t.match(exit, { code: 0, stdout: /^approved by .*: at last\n$/ });
  const { approvals } = (await (await fetch(`${url}/approvals`)).json()) as { approvals: unknown[] };
  t.equal(approvals.length, 1, 'it was one approval all the time');
  await third.stop();
});

test('a decision while nobody could wait is not lost', async (t) => {
  const { url, live } = await lives(t);
  const first = await live();
  const asking = new Command(t, ['ask', 'Deploy?'], { url });
  const id = await pendingId(url, asking);
  await isWaitedFor(url, asking);
  asking.child.kill('SIGSTOP');
  await first.stop('SIGKILL');
  const second = await live();
  t.match(await sallyport(t, ['deny', id], { url }), { code: 0 });
  asking.child.kill('SIGCONT');
  t.match(await asking.exited, { code: 1 });
  await second.stop();
});

test('ask outlasts a service that is down behind nginx', { skip: noNginx }, async (t) => {
  const { url, port, live } = await lives(t);
  const balancer = await startNginx(t, [port, port, port]);
  const asking = new Command(t, ['ask', 'Deploy?'], { url: balancer });
  // Without credentials a service takes nothing from a proxy, unless it is told to.
  await asking.says(/answered 50[24], and it is not Sallyport that says so/);
  const first = await live('--insecure', 'true');
  const id = await pendingId(url, asking);
  await isWaitedFor(url, asking);
  await first.stop('SIGKILL');
  const second = await live('--insecure', 'true');
  await isWaitedFor(url, asking);
  t.match(await sallyport(t, ['approve', id], { url: balancer }), { code: 0 });
  t.match(await asking.exited, { code: 0 });
  await second.stop();
});

test('watch goes on over a restart, with each event once, and says when events are missing', async (t) => {
  const { cwd, url, live } = await lives(t);
  const publish = (message: string) =>
    fetch(`${url}/events`, {
      method: 'POST',
      headers: { 'X-Session-Id': 'a', 'Content-Type': 'application/json' },
      body: JSON.stringify({ message }),
    });
  const watching = new Command(t, ['watch', '--json', '--after', '0'], { url });
  await watching.says(/cannot be reached/);
  const first = await live();
  await publish('one');
  await watching.says(/"message":"one"/);
  await first.stop('SIGKILL');
  const second = await live();
  await publish('two');
  await watching.says(/"message":"two"/);
  await second.stop('SIGTERM');
  const third = new Sallyport(t, { cwd, args: ['--port', new URL(url).port, '--store', 'memory:'] });
  await third.url();
  await watching.says(/"gap"/);
  await watching.says(/sallyport: events up to 0 were missed/);
  await publish('three');
  await watching.says(/"message":"three"/);
  watching.child.kill('SIGINT');
  const { signal, stdout } = await watching.exited;
  t.equal(signal, 'SIGINT');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(lines, [{ message: 'one' }, { message: 'two' }, { gap: { seq: 0 } }, { message: 'three' }]);
  t.equal(lines.length, 4);
  await third.stop();
});
