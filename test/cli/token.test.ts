import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { runToken } from '../../src/cli/token.ts';
import { newToken, readToken } from '../../src/credentials/token.ts';
import { TokenFile } from '../../src/credentials/token-file.ts';

function cli(t: Test) {
  const path = join(t.testdir({}), 'data', 'tokens.json');
  const run = (line: string) =>
    runToken(line.split(' '), { SALLYPORT_STORE: `sqlite:${join(path, '..', 'log.db')}` });
  return { path, run, file: new TokenFile(path) };
}

test('create prints the token alone, and what to know beside it', async (t) => {
  const { run, path, file } = cli(t);
  const { code, stdout, stderr } = await run('create --name ann --role operator');
  t.equal(code, 0);
  const token = stdout.replace(/\n$/, '');
  t.strictSame(readToken(token), { token });
  t.match(stderr, `Token 'ann' (operator) made. It never expires. Its hash is in ${path}.\n`);
  t.notMatch(stderr, token);
  t.match(await file.list(), [{ name: 'ann', role: 'operator', expires_at: null }]);

  const again = await run('create --name ann --role operator');
  t.strictSame([again.code, again.stdout], [1, '']);
  t.match(again.stderr, /^sallyport: there is a token 'ann' already; .*'token rotate ann'\n$/);
});

test('a token expires so many days from now', async (t) => {
  const { run, file } = cli(t);
  const before = Date.now();
  const { stderr } = await run('create --name ann --role agent --expires 90');
  const [entry] = await file.list();
  const days = (Date.parse(String(entry?.expires_at)) - before) / 86_400_000;
  t.ok(days >= 90 && days < 90.01, `${days}`);
  t.match(stderr, `It expires at ${entry?.expires_at}.`);
});

test('rotate prints another token, revoke ends it', async (t) => {
  const { run } = cli(t);
  const created = await run('create --name ann --role agent');
  const rotated = await run('rotate ann');
  t.equal(rotated.code, 0);
  t.match(rotated.stdout, /^spt_\S+\n$/);
  t.not(rotated.stdout, created.stdout);
  t.match(
    rotated.stderr,
    /^Token 'ann' \(agent\) has a new secret, and the old one has ended\. It never expires\./,
  );
  t.match((await run('rotate --name ann --expires 1')).stderr, / It expires at /);
  t.match(await run('revoke ann'), { code: 0, stdout: /^'ann' is revoked since \S+Z\.\n$/, stderr: '' });
  t.match(await run('revoke --name ann'), { code: 0 });
  t.match(await run('rotate ann'), { code: 1, stdout: '', stderr: /^sallyport: token 'ann' is revoked/ });
  t.match(await run('revoke bob'), {
    code: 1,
    stdout: '',
    stderr: /there is no token 'bob' in .*; 'token list' shows/,
  });
});

test('list is a table without secrets', async (t) => {
  const { run, file, path } = cli(t);
  t.strictSame(await run('list'), {
    code: 0,
    stdout: '',
    stderr: `There are no tokens in ${path} yet. Make one: sallyport token create --name NAME --role ROLE\n`,
  });
  t.notOk(existsSync(join(path, '..')), 'looking makes nothing');
  const past = new TokenFile(path, () => Date.UTC(2026, 0, 2, 3, 4, 5));
  await past.create({ name: 'ann', role: 'operator', expiresAt: null });
  await past.create({ name: 'build-server@example.org', role: 'agent', expiresAt: Date.UTC(2026, 1, 1) });
  await past.create({ name: 'old', role: 'viewer', expiresAt: null });
  await file.revoke('old');
  const { code, stdout } = await run('list');
  t.equal(code, 0);
  t.strictSame(stdout.split('\n'), [
    'NAME                      ROLE      CREATED            EXPIRES            STATE',
    'ann                       operator  2026-01-02 03:04Z  never              active',
    'build-server@example.org  agent     2026-01-02 03:04Z  2026-02-01 00:00Z  expired',
    'old                       viewer    2026-01-02 03:04Z  never              revoked',
    '',
  ]);
  for (const { sha256 } of await file.list()) {
    t.notMatch(stdout, sha256.slice(0, 8));
  }
});

test('--json prints JSON', async (t) => {
  const { run } = cli(t);
  t.equal((await run('list --json')).stdout, '{"tokens":[]}\n');
  const created = JSON.parse((await run('create --name ann --role agent --json')).stdout);
  t.match(created, {
    name: 'ann',
    role: 'agent',
    state: 'active',
    expires_at: null,
    revoked_at: null,
    token: /^spt_/,
  });
  const { token, ...shown } = created;
  t.strictSame(JSON.parse((await run('list --json')).stdout), { tokens: [shown] });
  t.not(JSON.parse((await run('rotate ann --json')).stdout).token, token);
  t.match(JSON.parse((await run('revoke ann --json')).stdout), {
    name: 'ann',
    state: 'revoked',
    revoked_at: /Z$/,
  });
});

test('a wrong command is told what is wrong with it', async (t) => {
  const { run, path } = cli(t);
  const cases: [string, RegExp][] = [
    ['mint', /: the commands are: token create, token list, token rotate, token revoke\n/],
    ['constructor', /: the commands are: /],
    ['--json', /: the commands are: /],
    ['create', /: 'token create' needs a name: --name NAME\n/],
    ['create --name ann', /: --role must be one of viewer, agent, operator, admin\n/],
    ['create --name ann --role root', /: --role must be one of viewer, agent, operator, admin, not 'root'\n/],
    ['create --name a/b --role agent', /: the name of a token must be 1-64 characters/],
    [`create --name ${newToken()} --role agent`, /: the name of a token must be 1-64 characters/],
    [
      'create --name ann --role agent --expires 0',
      /: --expires must be a whole number of days from 1 to 3650, not '0'/,
    ],
    ['create --name ann --role agent --expires 3651', /not '3651'/],
    ['create --name ann --role agent --expires 1.5', /not '1.5'/],
    ['create --name ann --role agent --expires soon', /not 'soon'/],
    ['create --name ann --role', /: Option '--role <value>' argument missing\n/],
    ['create --nmae ann --role agent', /: Unknown option '--nmae'\n/],
    ['create ann bob --role agent', /: 'token create' got more words than it takes\n/],
    ['create ann --name bob --role agent', /: 'token create' got more words than it takes\n/],
    ['list ann', /: 'token list' got more words than it takes\n/],
    ['list --role agent', /: 'token list' takes no --role\n/],
    ['rotate', /: 'token rotate' needs a name: token rotate NAME\n/],
    ['rotate ann --role agent', /: 'token rotate' takes no --role\n/],
    ['revoke ann --expires 1', /: 'token revoke' takes no --expires\n/],
    [`revoke ${newToken()}`, /: the name of a token must be /],
    ['list --store postgres', /: --store, or SALLYPORT_STORE, must be `sqlite:` and a path/],
    [
      'list --store memory:',
      /: a store in memory has no folder for tokens; say where they are with --tokens-file/,
    ],
  ];
  for (const [line, expected] of cases) {
    const { code, stdout, stderr } = await run(line);
    t.strictSame([code, stdout], [2, ''], line);
    t.match(stderr, expected, line);
    t.match(stderr, /^sallyport: .*\nSee 'sallyport token --help'\.\n$/, line);
    t.notMatch(stderr, /spt_[^ ]{20}/, line);
  }
  t.notOk(existsSync(path));
});

test('--help, -h and nothing at all print the help', async (t) => {
  const help = await runToken(['--help'], {});
  t.match(help, { code: 0, stderr: '' });
  t.match(help.stdout, /^Usage: sallyport token create .*Examples:.*--expires 90/s);
  t.match(help.stdout, 'else sqlite:./data/sallyport.db\n');
  t.strictSame(await runToken(['create', '-h'], {}), help);
  t.strictSame(await runToken([], {}), help);
});

test('the file is where the service looks for it', async (t) => {
  const folder = t.testdir({ a: {}, b: {}, c: {}, d: {} });
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const create = ['create', '--name', 'ann', '--role', 'viewer'];
  const environment = { SALLYPORT_STORE: `sqlite:${a}/log.db`, SALLYPORT_TOKENS_FILE: '' };
  await runToken(create, environment);
  t.ok(existsSync(join(a, 'tokens.json')));
  await runToken([...create, '--store', `sqlite:${b}/log.db`], environment);
  t.ok(existsSync(join(b, 'tokens.json')));
  await runToken(create, { ...environment, SALLYPORT_TOKENS_FILE: join(c, 'mine') });
  t.ok(existsSync(join(c, 'mine')));
  await runToken([...create, '--tokens-file', join(d, 'mine')], {
    ...environment,
    SALLYPORT_TOKENS_FILE: join(c, 'x'),
  });
  t.ok(existsSync(join(d, 'mine')));
});

test('a damaged file is an error and stays as it is', async (t) => {
  const { run, path } = cli(t);
  mkdirSync(join(path, '..'));
  writeFileSync(path, '{"version":1');
  for (const line of ['list', 'create --name ann --role admin', 'rotate ann', 'revoke ann']) {
    t.match(await run(line), {
      code: 1,
      stdout: '',
      stderr: `sallyport: the token file '${path}' is damaged: it is not JSON; put back a copy of it (deleting it opens the service)\n`,
    });
  }
  t.equal(readFileSync(path, 'utf8'), '{"version":1');
});

test('a file that cannot be written is a sentence that says what to do', async (t) => {
  const { run, path } = cli(t);
  writeFileSync(join(path, '..'), '');
  for (const line of ['create --name ann --role admin', 'rotate ann', 'revoke ann']) {
    const { code, stdout, stderr } = await run(line);
    t.match({ code, stdout }, { code: 1, stdout: '' });
    t.match(
      stderr,
      /^sallyport: cannot write '.*tokens\.json': [A-Z]+: .*; run this where the file can be written\n$/,
    );
  }
});
