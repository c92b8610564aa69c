import type { ServerResponse } from 'node:http';
import { test } from 'tap';
import { cut, json, oddServer, text } from '../client/odd-server.ts';
import { until } from '../http/parts.ts';
import { Sallyport } from '../process/sallyport.ts';
import { Command, sallyport } from './command.ts';

const NODE = process.execPath;

test('the command runs without the service, and is registered when it comes', async (t) => {
  const odd = await oddServer(t, cut);
  const prints = ['--', NODE, '-e', 'console.log("ran")'];
  const run = (...args: string[]) =>
    sallyport(t, ['run', '--agent', 'b', ...args, ...prints], { url: odd.url });
  const [alone, required] = await Promise.all([run(), run('--required')]);
  t.match(alone, { code: 0, stdout: 'ran\n', stderr: /cannot be reached/ });
  t.match(required, { code: 3, stdout: '', stderr: /cannot be reached/ });

  const cwd = t.testdir({});
  const first = new Sallyport(t, { cwd, args: ['--port', '0', '--store', 'memory:'] });
  const url = await first.url();
  await first.stop();
  const script = `console.log('up'); process.stdin.once('data', () => process.exit(0))`;
  const running = new Command(t, ['run', '--agent', 'b', '--id', 'b1', '--', NODE, '-e', script], { url });
  await running.says(/up/);
  const live = () => new Sallyport(t, { cwd, args: ['--port', new URL(url).port, '--store', 'memory:'] });
  const second = live();
  await second.url();
  await isRunning(url);
  await second.stop();
  const third = live();
  await third.url();
  await isRunning(url);
  running.type('go');
  t.match(await running.exited, { code: 0, stderr: /Trying again\nsallyport: it can be reached/ });
  await third.stop();
});

async function isRunning(url: string): Promise<void> {
  await until(async () => {
    const response = await fetch(`${url}/agents/b1`);
    const { status } = (await response.json()) as { status: unknown };
    return status === 'running';
  });
}

test('what the service has forgotten is registered again, and what it refuses later is only said', async (t) => {
  const streams: ServerResponse[] = [];
  const answers = { get: [text('', 502), json({ id: 'b1' })] };
  let registered = 0;
  const odd = await oddServer(t, (request, response) => {
    const path = `${request.method} ${request.url}`;
    if (path.startsWith('GET /events')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('event: hello\ndata: {"seq":0,"gap":false}\n\n');
      streams.push(response);
    } else if (path.startsWith('GET /agents')) {
      answers.get.shift()?.(request, response);
    } else if (path.startsWith('POST /agents')) {
      registered += 1;
      const answer =
        registered < 3 ? json({ id: 'b1' }, 201) : json({ code: 'forbidden', detail: 'no more' }, 403);
      answer(request, response);
    } else {
      json({ id: 'b1' })(request, response);
    }
  });
  const script = `console.log('up'); process.stdin.once('data', () => process.exit(0))`;
  const running = new Command(t, ['run', '--agent', 'b', '--', NODE, '-e', script], { url: odd.url });
  await running.says(/up/);
  const unknown = json({ code: 'agent-not-found', detail: 'unknown' }, 404);
  streams[0]?.end();
  await running.says(/it can be reached/);
  t.equal(registered, 1, 'what is known is not registered again');
  answers.get = [unknown];
  streams[1]?.end();
  await until(() => registered === 2 && streams.length === 3);
  answers.get = [unknown];
  streams[2]?.end();
  await running.says(/no more/);
  running.type('go');
  t.equal((await running.exited).code, 0);
});
