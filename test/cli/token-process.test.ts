import { join } from 'node:path';
import { type Test, test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { Sallyport } from '../process/sallyport.ts';

function run(t: Test, cwd: string, ...args: string[]) {
  return new Sallyport(t, { cwd, args: ['token', ...args] }).exited;
}

test('the command works as a process: output, errors and exit codes', async (t) => {
  const cwd = t.testdir({});
  const created = await run(t, cwd, 'create', '--name', 'ann', '--role', 'operator');
  t.equal(created.code, 0, created.stderr);
  t.match(created.stdout, /^spt_[A-Za-z0-9_-]{49}\n$/);
  t.match(created.stderr, 'Its hash is in data/tokens.json.');
  const listed = await run(t, cwd, 'list');
  t.match(listed, { code: 0, stdout: /\nann +operator +.* never +active\n$/, stderr: '' });
  t.match(await run(t, cwd, 'revoke', 'bob'), {
    code: 1,
    stdout: '',
    stderr: /^sallyport: there is no token 'bob'/,
  });
  t.match(await run(t, cwd, 'mint'), { code: 2, stdout: '', stderr: /^sallyport: the commands are/ });
});

test('processes that change the file at the same moment lose none of their changes', async (t) => {
  const cwd = t.testdir({});
  const names = Array.from({ length: 6 }, (_, index) => `t${index}`);
  const exits = await Promise.all(
    names.map((name) => run(t, cwd, 'create', '--name', name, '--role', 'agent')),
  );
  t.strictSame(
    exits.map(({ code }) => code),
    names.map(() => 0),
  );
  const file = new TokenFile(join(cwd, 'data', 'tokens.json'));
  t.strictSame((await file.list()).map(({ name }) => name).sort(), names);
  const same = await Promise.all(
    [1, 2, 3].map(() => run(t, cwd, 'create', '--name', 'one', '--role', 'agent')),
  );
  t.strictSame(same.map(({ code }) => code).sort(), [0, 1, 1], 'one of them gets the name');
});
