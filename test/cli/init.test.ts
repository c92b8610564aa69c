import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { without } from '../process/built.ts';
import { Command, type CommandOptions, sallyport } from './command.ts';

const skip = without('script');

function init(t: Test, cwd: string, args: readonly string[], options: CommandOptions = {}) {
  return sallyport(t, ['init', 'claude-code', ...args], { cwd, url: 'http://127.0.0.1:7420', ...options });
}

test('init writes the settings of the project or of the user, after showing them', async (t) => {
  const cwd = t.testdir({ home: {} });
  const project = await init(t, cwd, ['--yes']);
  const path = join(cwd, '.claude', 'settings.json');
  t.match(project, { code: 0, stdout: `${path} is written.\n` });
  t.match(project.stderr, `${path}:\n+ {\n+   "hooks": {\n`);
  t.match(project.stderr, /\+ +"url": "http:\/\/127\.0\.0\.1:7420\/hooks\/claude-code\?wait_ms=3540000"/);
  t.match(project.stderr, /start Claude Code with SALLYPORT_TOKEN set/);
  t.equal(JSON.parse(readFileSync(path, 'utf8')).hooks.PreToolUse.length, 1);

  const again = await init(t, cwd, ['--project']);
  t.strictSame(again, {
    code: 0,
    signal: null,
    stdout: `${path} has the hook already; nothing has changed.\n`,
    stderr: '',
  });
  const home = join(cwd, 'home');
  const env = { HOME: home, SALLYPORT_TOKEN: 'spt_secret-1' };
  const user = await init(t, cwd, ['--user', '--yes', '--json'], { env });
  t.strictSame(JSON.parse(user.stdout), { path: join(home, '.claude', 'settings.json'), changed: true });
  t.notMatch(readFileSync(join(home, '.claude', 'settings.json'), 'utf8'), 'secret-1', 'the token stays out');
  t.strictSame(readdirSync(join(home, '.claude')), ['settings.json'], 'and nothing else is left');
});

test('nothing is written where nobody can be asked, or what is there is no settings', async (t) => {
  const cwd = t.testdir({ '.claude': { 'settings.json': '{"a":1}' } });
  const path = join(cwd, '.claude', 'settings.json');
  t.match(await init(t, cwd, []), { code: 3, stdout: '', stderr: /nothing is written: nobody can be asked/ });
  t.equal(readFileSync(path, 'utf8'), '{"a":1}');
  writeFileSync(path, '{"a":1,}');
  t.match(await init(t, cwd, ['--yes']), { code: 3, stderr: /settings\.json is not a JSON object/ });
  t.equal(readFileSync(path, 'utf8'), '{"a":1,}');
  t.match(await init(t, cwd, ['--user', '--project']), { code: 3, stderr: /exclude each other/ });
  t.match(await sallyport(t, ['init', 'other'], { cwd }), {
    code: 3,
    stderr: /Allowed choices are claude-code/,
  });
});

test('permissions and links stay, and a file that cannot be written is a sentence', async (t) => {
  const cwd = t.testdir({
    real: { 'settings.json': '{}' },
    '.claude': {},
    other: { '.claude': 'a file' },
    third: {},
  });
  const real = join(cwd, 'real', 'settings.json');
  chmodSync(real, 0o600);
  symlinkSync(real, join(cwd, '.claude', 'settings.json'));
  t.match(await init(t, cwd, ['--yes']), { code: 0, stdout: `${real} is written.\n` });
  t.equal(statSync(real).mode & 0o777, 0o600);
  t.match(await init(t, join(cwd, 'other'), ['--yes']), { code: 3, stderr: /cannot be read: ENOTDIR/ });
  // A folder in the place of the file.
  mkdirSync(join(cwd, 'third', '.claude', 'settings.json'), { recursive: true });
  t.match(await init(t, join(cwd, 'third'), ['--yes']), { code: 3, stderr: /cannot be read: EISDIR/ });
  const fourth = join(cwd, 'fourth');
  mkdirSync(fourth);
  symlinkSync(join(cwd, 'nowhere', 'x'), join(fourth, '.claude'));
  t.match(await init(t, fourth, ['--yes']), { code: 3, stderr: /cannot be written/ });
});

test('where hooks are switched off, that is said', async (t) => {
  const cwd = t.testdir({ '.claude': { 'settings.json': '{"disableAllHooks":true}' } });
  t.match(await init(t, cwd, ['--yes']), { code: 0, stderr: /'disableAllHooks' is true there/ });
});

test('on a terminal it asks, and only yes writes', { skip }, async (t) => {
  const cwd = t.testdir({});
  const path = join(cwd, '.claude', 'settings.json');
  for (const answer of ['n\r', '\r', '\u0004', '\u0003']) {
    const asked = new Command(t, ['init', 'claude-code'], { cwd, onTerminal: true });
    await asked.says(/Write this\? \[y\/N\] /);
    t.match(asked.stdout, '\u001b[32m+ {\u001b[0m');
    asked.type(answer);
    t.match(await asked.exited, { code: 3, stdout: /nothing is written/ });
    t.notOk(existsSync(path));
  }
  const asked = new Command(t, ['init', 'claude-code'], { cwd, onTerminal: true });
  await asked.says(/Write this/);
  asked.type('y\r');
  t.match(await asked.exited, { code: 0, stdout: /is written\./ });
  const changed = new Command(t, ['init', 'claude-code', '--yes'], {
    cwd,
    onTerminal: true,
    url: 'http://127.0.0.1:7421',
  });
  t.match((await changed.exited).stdout, '\u001b[31m-');
});
