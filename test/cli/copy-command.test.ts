import { type Test, test } from 'tap';
import { type CopyParts, runCopy } from '../../src/cli/copy.ts';

const FROM = 'sqlite:./log.db';
const TO = 'postgres://sally:secret@db/sallyport';
const COPIED = { head: 1234567, floor: 1000, rows: { events: 1200000, open: 3, keys: 4 } };

/** The command with a copy that does what it is told, and what it wrote. */
async function run(args: readonly string[], parts: Partial<CopyParts> = {}, isTTY = false) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const code = await runCopy(args, {
    copyLog: async () => COPIED,
    stdout: { write: (text) => stdout.push(text) },
    stderr: { isTTY, write: (text) => stderr.push(text) },
    now: () => 0,
    ...parts,
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

async function refusal(t: Test, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args);
  t.match({ code, stdout }, { code: 2, stdout: '' }, args.join(' '));
  t.notMatch(stderr, 'secret');
  return stderr.split('\n', 1)[0] as string;
}

test('help says how to use it, with examples', async (t) => {
  for (const args of [['--help'], ['-h'], [], ['--from', FROM, '--help']]) {
    t.match(await run(args), { code: 0, stdout: /^Usage: sallyport copy --from .*Examples:/s, stderr: '' });
  }
});

test('a wrong command is refused with a sentence, and without the password', async (t) => {
  t.equal(await refusal(t, '--from', FROM), "sallyport: 'copy' needs --to STORE");
  t.equal(await refusal(t, '--to', TO), "sallyport: 'copy' needs --from STORE");
  t.match(await refusal(t, FROM, TO), "'copy' takes no words besides --from STORE and --to STORE");
  t.match(await refusal(t, '--form', FROM), "Unknown option '--form'");
  t.match(await refusal(t, `--${TO}`, FROM), "Unknown option '--postgres://...@db/sallyport'");
  t.match(await refusal(t, '--from'), /argument missing$/);
  t.equal(await refusal(t, '--from', TO, '--to', TO), 'sallyport: --from and --to are the same');
  for (const store of ['sqlite:', 'sqlite::memory:', 'memory:', 'log.db', 'mysql://sally:secret@db/x', '']) {
    t.match(
      await refusal(t, '--from', store, '--to', TO),
      /^sallyport: --from must be sqlite:PATH or postgres:/,
    );
    t.match(
      await refusal(t, '--from', FROM, '--to', store),
      /^sallyport: --to must be sqlite:PATH or postgres:/,
    );
  }
  t.match(await refusal(t, '--from', FROM, '--to', 'db?password=secret&x=1'), "'db?password=...&x=1'");
});

test('what was copied is said, and what to do next', async (t) => {
  const { code, stdout, stderr } = await run(['--from', FROM, '--to', TO]);
  t.equal(code, 0);
  t.equal(stderr, '');
  t.equal(
    stdout,
    `Copied the log up to seq 1,234,567, with its events after 1,000, in 0.0 s: 1,200,000 events and
final approvals, 3 agents and pending approvals, 4 idempotency keys.
From here on postgres://...@db/sallyport is a log of its own, with a new epoch: clients start again from a snapshot.
Next, set SALLYPORT_STORE to it and start the service; do not serve sqlite:./log.db any more.
`,
  );
});

test('tokens that stay behind are named', async (t) => {
  const folder = t.testdir({ 'tokens.json': '' });
  const { stdout } = await run(['--from', `sqlite:${folder}/log.db`, '--to', TO]);
  t.match(stdout, `are not in the log but in ${folder}/tokens.json: name it, or a copy, in SALLYPORT_TOKENS`);
  const beside = await run(['--from', `sqlite:${folder}/log.db`, '--to', `sqlite:${folder}/new.db`]);
  t.notMatch(beside.stdout, 'The tokens are not');
  const back = await run(['--from', TO, '--to', `sqlite:${folder}/new.db`]);
  t.notMatch(back.stdout, 'The tokens are not');
});

test('progress is one line on a terminal, and a line now and then elsewhere', async (t) => {
  let now = 0;
  const copyLog: CopyParts['copyLog'] = async ({ progress }) => {
    for (const [at, done] of [
      [50, 1],
      [2500, 250_000],
      [2550, 255_000],
      [5000, 500_000],
      [10_000, 999_999],
    ] as const) {
      now = at;
      progress(done, 1_000_000);
    }
    return COPIED;
  };
  const parts = { copyLog, now: () => now };
  const plain = await run(['--from', FROM, '--to', TO], parts);
  t.equal(
    plain.stderr,
    `50 %: 500,000 of 1,000,000 rows, 100,000 a second, 5 s left
99 %: 999,999 of 1,000,000 rows, 100,000 a second, 1 s left
`,
  );
  now = 0;
  const terminal = await run(['--from', FROM, '--to', TO], parts, true);
  const lines = terminal.stderr.split('\r\u001b[K');
  t.match(lines, ['', /^25 %: 250,000 of/, /^50 %/, /^99 %/, ''], 'each takes the place of the one before');
  t.match(terminal.stdout, ' in 10.0 s: ');
});

test('a copy that fails is said in a sentence', async (t) => {
  const copyLog = async () => {
    throw new Error('the target cannot be used: it is full');
  };
  const { code, stdout, stderr } = await run(['--from', FROM, '--to', TO], { copyLog });
  t.match({ code, stdout }, { code: 1, stdout: '' });
  t.equal(stderr, 'sallyport: the target cannot be used: it is full\n');
});
