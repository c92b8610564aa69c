import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test } from 'tap';
import { EventStream } from '../event-stream.ts';
import { build, without } from './built.ts';
import { Load, readLog, readStatuses } from './load.ts';
import { BUILT, Sallyport, UNMEASURED } from './sallyport.ts';

const KILLS = 20;
const CLIENTS = 16;

test('the service builds', async (t) => {
  build();
  const { code, stdout } = await new Sallyport(t, { main: BUILT, args: ['--version'] }).exited;
  t.equal(code, 0);
  t.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('the code of the service is beside it, and this Node.js takes it', (t) => {
  const programs = new URL('../../dist/programs/', import.meta.url);
  const program = fileURLToPath(new URL('../program.js', programs));
  const script = `import(${JSON.stringify(program)}).then(({ compileProgram }) => console.log(compileProgram(process.argv[1]).cachedDataRejected))`;
  const taken = (name: string) => {
    const [command = '', ...args] = [...UNMEASURED, process.execPath, '-e', script];
    return execFileSync(command, [...args, fileURLToPath(new URL(name, programs))], {
      encoding: 'utf8',
    }).trim();
  };
  t.equal(taken('run.cjs'), 'false');
  t.equal(taken('cli-token.cjs'), 'undefined', 'what is used now and then has none');
  t.end();
});

test('where nothing can be written but the log it starts as well, and without its code', async (t) => {
  const folder = t.testdir({ data: {} });
  const dist = join(folder, 'app/dist');
  cpSync(fileURLToPath(new URL('.', pathToFileURL(BUILT))), dist, { recursive: true });
  copyFileSync(
    fileURLToPath(new URL('../../package.json', import.meta.url)),
    join(folder, 'app/package.json'),
  );
  symlinkSync(
    fileURLToPath(new URL('../../node_modules', import.meta.url)),
    join(folder, 'app/node_modules'),
  );
  for (const isWithout of [false, true]) {
    if (isWithout) rmSync(join(dist, 'programs/run.cjs.code'));
    const before = filesIn(join(folder, 'app/dist'));
    const sallyport = new Sallyport(t, {
      main: join(dist, 'main.js'),
      through: [...UNMEASURED],
      cwd: join(folder, 'data'),
      args: ['--port', '0'],
      env: { HOME: '/nonexistent', TMPDIR: '/nonexistent' },
    });
    t.equal((await fetch(`${await sallyport.url()}/docs/static/swagger-ui.css`)).status, 200);
    t.equal((await sallyport.stop()).code, 0);
    t.strictSame(filesIn(join(folder, 'app/dist')), before, 'nothing was written beside it');
  }
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

test(`killed ${KILLS} times under load, it has everything it answered and no gap`, async (t) => {
  const cwd = t.testdir({});
  const approvals = new Map<string, 'pending' | 'resolved'>();
  const events = new Map<number, string>();
  /** Of the life before. */
  let newIds: string[] = [];
  for (let round = 1; round <= KILLS; round++) {
    const sallyport = new Sallyport(t, { main: BUILT, cwd, args: ['--port', '0'] });
    const url = await sallyport.url();
    await verify(url, round);

    const load = new Load(url);
    const running = load.run(CLIENTS, round);
    // At another point of the work each time.
    await load.answered(50 + 37 * round);
    sallyport.child.kill('SIGKILL');
    await running;
    await sallyport.exited;
    t.same(load.unexpected, [], `round ${round}: until it was killed, everything was answered well`);
    newIds = [...load.acknowledged.approvals.keys()];
    for (const [id, status] of load.acknowledged.approvals) {
      approvals.set(id, status);
    }
    for (const [seq, id] of load.acknowledged.events) {
      events.set(seq, id);
    }
  }
  const last = new Sallyport(t, { main: BUILT, cwd, args: ['--port', '0'] });
  await verify(await last.url(), KILLS + 1);
  t.comment(`${approvals.size} approvals and ${events.size} notifications were answered in ${KILLS} lives`);
  t.equal((await last.stop()).code, 0);

  async function verify(url: string, round: number): Promise<void> {
    const log = await readLog(url);
    t.ok(
      log.every(({ seq }, index) => seq === index + 1),
      `round ${round}: seq has no gap in ${log.length} events`,
    );
    const lostEvents = [...events].filter(([seq, id]) => log[seq - 1]?.id !== id);
    t.same(lostEvents, [], `round ${round}: every event that was answered is there`);
    const statuses = await readStatuses(url);
    const lost: string[] = [];
    for (const id of newIds) {
      const response = await fetch(`${url}/approvals/${id}`);
      const { status } = (await response.json()) as { status: string };
      if (status !== statuses.get(id)) {
        lost.push(`${id} is ${status} by itself and ${statuses.get(id)} in the list`);
      }
    }
    for (const [id, answered] of approvals) {
      const status = statuses.get(id);
      // What was answered as pending may have been resolved in the moment of the kill.
      if (status !== answered && !(answered === 'pending' && status === 'resolved')) {
        lost.push(`${id} was answered as ${answered} and is ${status}`);
      }
    }
    t.same(
      lost,
      [],
      `round ${round}: every approval that was answered is as it was answered, or decided since`,
    );
  }
});

test('the answer to a change comes after its fsync', { skip: without('strace') }, async (t) => {
  const cwd = t.testdir({});
  const trace = join(cwd, 'trace');
  const calls = 'trace=read,fsync,fdatasync,write,writev';
  const sallyport = new Sallyport(t, {
    main: BUILT,
    cwd,
    args: ['--port', '0'],
    through: ['strace', '-f', '-s', '2000', '-e', calls, '-o', trace],
  });
  const url = await sallyport.url();
  for (let number = 1; number <= 5; number++) {
    const response = await fetch(`${url}/events`, {
      method: 'POST',
      headers: { 'X-Session-Id': 'a', 'Content-Type': 'application/json' },
      body: JSON.stringify({ message: `traced-${number}` }),
    });
    t.equal(response.status, 201);
    await response.arrayBuffer();
  }
  await stopTraced(sallyport, trace);

  const lines = readFileSync(trace, 'utf8').split('\n');
  for (let number = 1; number <= 5; number++) {
    const asked = lines.findIndex((line) => /read/.test(line) && line.includes(`traced-${number}`));
    const answered = lines.findIndex(
      (line, index) => index > asked && /write/.test(line) && line.includes('HTTP/1.1 201'),
    );
    const synced = lines.findIndex(
      (line, index) => index > asked && /f(data)?sync(\(\d+\)| resumed>\))\s+= 0/.test(line),
    );
    t.ok(asked >= 0 && answered > asked, `request ${number} and its answer are in the trace`);
    t.ok(synced > asked && synced < answered, `request ${number}: an fsync is done between them`);
  }
});

test('an fsync that fails ends the process, and it has what it answered', {
  skip: without('strace'),
}, async (t) => {
  const cwd = t.testdir({});
  const trace = join(cwd, 'trace');
  const inject = 'inject=fsync,fdatasync:error=EIO:when=30+';
  const through = ['strace', '-f', '-e', 'trace=fsync,fdatasync', '-e', inject, '-o', trace];
  const sallyport = new Sallyport(t, { cwd, args: ['--port', '0'], through });
  const load = new Load(await sallyport.url());
  await load.run(1, 1);
  const { code, stdout } = await sallyport.exited;
  t.equal(code, 1);
  t.match(stdout, /this node cannot go on with its log/);
  t.ok(load.acknowledged.approvals.size > 0, 'some requests were answered before');

  const next = new Sallyport(t, { main: BUILT, cwd, args: ['--port', '0'] });
  const log = await readLog(await next.url());
  const lost = [...load.acknowledged.events].filter(([seq, id]) => log[seq - 1]?.id !== id);
  t.same(lost, []);
});

test('SIGTERM ends it with 0 while 1,000 streams are open, each of them cleanly', async (t) => {
  const sallyport = new Sallyport(t, { main: BUILT, args: ['--port', '0'] });
  const url = await sallyport.url();
  const streams = await Promise.all(
    Array.from({ length: 1000 }, (_, index) =>
      EventStream.open(`${url}/events/stream?session_id=s-${index}`),
    ),
  );
  await Promise.all(streams.map((stream) => stream.hello()));
  const exit = await sallyport.stop();
  t.equal(exit.code, 0);
  const clean = await Promise.all(streams.map((stream) => stream.ended));
  t.equal(clean.filter(Boolean).length, 1000);
  const retries = streams.map(({ frames }) => Number(frames.at(-1)?.retry));
  t.ok(
    retries.every((retry) => retry >= 2000 && retry <= 6000),
    'each is told to come back after 2-6 s',
  );
  t.ok(new Set(retries).size > 100, 'spread');
});

/** `strace` passes no signal on: the traced process is told by its own id, which begins the first line of the trace. */
async function stopTraced(sallyport: Sallyport, trace: string): Promise<void> {
  const pid = Number(/^\d+/.exec(readFileSync(trace, 'utf8'))?.[0]);
  process.kill(pid, 'SIGTERM');
  await sallyport.exited;
}
