import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { Sallyport, type StartOptions } from './sallyport.ts';

function start(t: Test, options: StartOptions = {}): Sallyport {
  return new Sallyport(t, { ...options, args: ['--port', '0', ...(options.args ?? [])] });
}

test('it comes up with nothing but a free port and says where to look', async (t) => {
  const cwd = t.testdir({});
  const sallyport = new Sallyport(t, { cwd, env: { SALLYPORT_PORT: '0' } });
  const url = await sallyport.url();
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const ready = await fetch(`${url}/health/ready`);
  t.equal(ready.status, 200);
  t.ok(existsSync(join(cwd, 'data', 'sallyport.db')), 'the log is where the default says');

  const { code, stdout } = await sallyport.stop();
  t.equal(code, 0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.ok(
    lines.some(({ msg }) => msg === `Try: curl -N ${url}/events/stream`),
    'there is a first command to try',
  );
  t.strictSame(
    lines.filter(({ level }) => level > 30).map(({ level, msg }) => ({ level, msg })),
    [
      {
        level: 40,
        msg: "No credentials: every program on this machine may decide. Make a token with 'sallyport token create --name NAME --role admin'",
      },
    ],
  );
  const listening = lines.filter(({ msg }) => /listening/i.test(msg));
  t.strictSame(listening, [], 'where it listens is said once, as where it is up');
});

test('a public URL is what it shows', async (t) => {
  const sallyport = start(t, { args: ['--public-url', 'https://sallyport.example/'] });
  t.equal(await sallyport.url(), 'https://sallyport.example');
  await sallyport.line(
    /\(listening on http:\/\/127\.0\.0\.1:\d+, documentation: https:\/\/sallyport\.example\/docs\)/,
  );
  t.equal((await sallyport.stop()).code, 0);
});

test('on all addresses, what it shows can be opened', async (t) => {
  const sallyport = start(t, { args: ['--host', '0.0.0.0'] });
  const { port } = new URL(await sallyport.url());
  await sallyport.line(new RegExp(`documentation: http://127\\.0\\.0\\.1:${port}/docs`));
  await sallyport.line(new RegExp(`Try: curl [^\n]*http://127\\.0\\.0\\.1:${port}/events/stream`));
});

test('--help and --version print and end', async (t) => {
  const help = await new Sallyport(t, { args: ['serve', '--help'] }).exited;
  t.equal(help.code, 0);
  t.match(help.stdout, /SALLYPORT_RETAIN_APPROVALS_DAYS/);
  t.match(help.stdout, /Examples:/);
  const version = await new Sallyport(t, { args: ['--version'] }).exited;
  t.equal(version.code, 0);
  t.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('a wrong setting stops the start with a sentence that names it', async (t) => {
  const { code, stdout, stderr } = await new Sallyport(t, { env: { SALLYPORT_PORT: '70000' } }).exited;
  t.equal(code, 1);
  t.equal(stdout, '');
  t.match(stderr, /^sallyport: .*SALLYPORT_PORT.*70000/);
  t.notMatch(stderr, /\n\s+at /, 'and no stack');
});

test('a port that is taken is a sentence, and the log is free again', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const { code, stderr } = await start(t, { args: ['--port', `${port}`] }).exited;
  t.equal(code, 1);
  t.match(
    stderr,
    new RegExp(`^sallyport: .*${port}.*stop it, or choose another port with SALLYPORT_PORT\n$`),
  );
});

test('an address that this machine does not have is a sentence that says what to do', async (t) => {
  for (const [host, why] of [
    ['192.0.2.1', 'this machine has no such address'],
    ['no-such-name.invalid', 'the name has no address'],
  ] as const) {
    const { code, stderr } = await start(t, { args: ['--host', host] }).exited;
    t.equal(code, 1);
    t.match(
      stderr,
      new RegExp(`^sallyport: cannot listen on [^\n]*; ${why}: set SALLYPORT_HOST to [^\n]*\n$`),
    );
  }
});

test('a second process on the same log fails at once, the first goes on', async (t) => {
  const cwd = t.testdir({});
  const first = start(t, { cwd });
  const url = await first.url();
  const second = await start(t, { cwd }).exited;
  t.equal(second.code, 1);
  t.match(second.stderr, /^sallyport: .*another process/);
  t.equal((await fetch(`${url}/health/ready`)).status, 200);
});

test('an older Node is told so in one sentence', async (t) => {
  const older = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})';
  const { code, stderr } = await start(t, { nodeArgs: ['--import', `data:text/javascript,${older}`] }).exited;
  t.equal(code, 1);
  t.match(
    stderr,
    /^sallyport needs Node\.js 24 or newer[^\n]* Use 'npm start', or 'node_modules\/\.bin\/node dist\/main\.js'\.\n$/,
  );
});

test('on a terminal the log is for people, in colour unless NO_COLOR is set', async (t) => {
  const esc = String.fromCharCode(27);
  for (const [env, colourful] of [
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
  ] as const) {
    const through = ['sh', '-c', 'script -qfec "exec $*" /dev/null', 'sh'];
    const terminal = start(t, { env: { ...env }, through });
    await terminal.line(/Sallyport \d\S* is up: http/);
    // Ctrl-C, as from a keyboard.
    terminal.child.stdin?.write('\x03');
    const { stdout } = await terminal.exited;
    t.match(stdout, /INFO.*Sallyport/);
    t.equal(stdout.includes(`${esc}[3`), colourful);
  }
});
