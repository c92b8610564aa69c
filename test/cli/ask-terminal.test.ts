import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { APPROVED, approval, cut, json, oddServer, text } from '../client/odd-server.ts';
import { without } from '../process/built.ts';
import { type Started, start } from '../service.ts';
import { Command, type CommandOptions } from './command.ts';

const skip = without('script');
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CLEARED = '\r\u001b[K';

/** An `ask` in a terminal that waits already, and its approval. */
async function asking(t: Test, service: Started, options: CommandOptions = {}, question = 'Deploy?') {
  const command = new Command(t, ['ask', question], { url: service.url, onTerminal: true, ...options });
  await command.says(/waiting for a person/);
  const { body } = await service.client.get('/approvals?status=pending');
  return { command, id: body.approvals[0].id as string };
}

test('on a terminal it shows what is asked, where it is decided, and that it waits', { skip }, async (t) => {
  const service = await start(t, { store: 'memory:' });
  const cwd = t.testdir({});
  const question = 'Deploy\u001b]0;owned\u0007 \u202eevil?';
  const { command, id } = await asking(t, service, { outputFile: 'out', cwd }, question);
  t.match(command.stdout, '\u001b[1mDeploy\\x1b]0;owned\\x07 \\u202eevil?\u001b[0m');
  t.match(command.stdout, `Decide here: ${service.url}/#/approvals/${id}`);
  t.match(command.stdout, `${CLEARED}⠋ waiting for a person to decide, 0s (Ctrl-C: stop waiting)`);
  await command.says(/⠹ waiting/);
  await service.client.post(`/approvals/${id}/resolve`, { resolution: 'approve' });
  const { code, stdout } = await command.exited;
  t.equal(code, 0);
  t.ok(stdout.endsWith(CLEARED), 'the line is free at the end');
  t.equal(readFileSync(join(cwd, 'out'), 'utf8'), 'approved by test\n', 'the outcome alone, without colours');
});

test('colours are for terminals, and NO_COLOR takes them away', { skip }, async (t) => {
  const service = await start(t);
  for (const [env, ink] of [
    [{}, '\u001b[31mdenied by test\u001b[0m'],
    [{ NO_COLOR: '1' }, '\r\u001b[Kdenied by test'],
  ] as const) {
    const { command, id } = await asking(t, service, { env });
    await service.client.post(`/approvals/${id}/resolve`, { resolution: 'deny' });
    const { code, stdout } = await command.exited;
    t.equal(code, 1);
    t.match(stdout, ink);
    t.equal(stdout.includes('\u001b[0m'), !('NO_COLOR' in env));
  }
});

test('Ctrl-C asks, and y cancels the approval and ends with 2', { skip }, async (t) => {
  const service = await start(t);
  const { command, id } = await asking(t, service);
  command.type(CTRL_C);
  await command.says(/Cancel approval-\w+\? \[y\/N\] /);
  command.type('y\r');
  const { code, stdout } = await command.exited;
  t.equal(code, 2);
  t.match(stdout, /cancelled by .*: stopped by who asked/);
  t.equal((await service.client.get(`/approvals/${id}`)).body.status, 'cancelled');
});

test('Ctrl-C and no, the end of the input or another Ctrl-C leave it pending and end with 3', {
  skip,
}, async (t) => {
  const service = await start(t);
  for (const answer of ['n\r', '\r', CTRL_D, CTRL_C]) {
    const { command, id } = await asking(t, service);
    command.type(CTRL_C);
    await command.says(/Cancel approval-/);
    command.type(answer);
    const { code, stdout } = await command.exited;
    t.equal(code, 3);
    t.match(stdout, `; ${id} is still pending: 'sallyport cancel ${id}' ends it`);
    t.equal((await service.client.get(`/approvals/${id}`)).body.status, 'pending');
  }
});

test('after Ctrl-C nothing ends with 0', { skip }, async (t) => {
  const service = await start(t);
  const { command, id } = await asking(t, service);
  command.type(CTRL_C);
  await command.says(/Cancel approval-/);
  await service.client.post(`/approvals/${id}/resolve`, { resolution: 'approve' });
  t.match(await command.exited, {
    code: 3,
    stdout: /approved while you were stopping it, so this does not count/,
  });

  const late: Parameters<typeof oddServer>[1] = (request, response) => {
    if (request.method === 'GET') {
      waits.push(() =>
        json({ outcome: 'denied', approval: approval({ ...APPROVED, outcome: 'denied' }) })(
          request,
          response,
        ),
      );
    } else {
      json({ code: 'approval-already-final', detail: 'final', approval: approval() }, 409)(request, response);
      // Later, so that it is the cancellation that hears of the decision first.
      setTimeout(() => waits.forEach((end) => void end()), 500);
    }
  };
  const waits: (() => void)[] = [];
  const odd = await oddServer(t, json(approval()), late);
  const raced = new Command(t, ['ask', 'Deploy?'], { url: odd.url, onTerminal: true });
  await raced.says(/waiting for a person/);
  raced.type(CTRL_C);
  await raced.says(/Cancel approval-/);
  raced.type('yes\r');
  t.equal((await raced.exited).code, 1, 'what was decided before the cancellation stays decided');
});

test('what cannot be cancelled stays, and that is said', { skip }, async (t) => {
  const odd = await oddServer(t, json(approval()), (request, response) => {
    if (request.method === 'POST') text('', 403)(request, response);
  });
  const command = new Command(t, ['ask', 'Deploy?'], { url: odd.url, onTerminal: true });
  await command.says(/waiting for a person/);
  command.type(CTRL_C);
  await command.says(/Cancel approval-/);
  command.type('y\r');
  t.match(await command.exited, {
    code: 3,
    stdout: /could not be cancelled: .*403.*; approval-\w+ is still pending/,
  });
});

test('trouble is said above the spinner, and Ctrl-C before the question is asked just ends it', {
  skip,
}, async (t) => {
  const odd = await oddServer(t, json(approval()), cut, (request, response) => {
    setTimeout(() => json({ outcome: 'denied', approval: approval() })(request, response), 500);
  });
  const waiting = new Command(t, ['ask', 'Deploy?'], { url: odd.url, onTerminal: true });
  const { code, stdout } = await waiting.exited;
  t.equal(code, 1);
  t.match(stdout, `${CLEARED}sallyport: ${odd.url} cannot be reached: `);
  t.match(stdout, `Trying again\r\n${CLEARED}`);

  odd.answers = [cut];
  const trying = new Command(t, ['ask', 'Deploy?'], { url: odd.url, onTerminal: true });
  await trying.says(/Trying again/);
  trying.type(CTRL_C);
  t.match(await trying.exited, { code: 3, stdout: /stopped by SIGINT, before the service had said/ });
});
