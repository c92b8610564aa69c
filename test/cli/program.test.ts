import { test } from 'tap';
import { HELP } from '../../src/cli/client-help.ts';
import { SETTINGS } from '../../src/settings.ts';
import { sallyport } from './command.ts';

const COMMANDS = Object.keys(HELP.commands);

test('--help lists every command, and says where the settings of the service are', async (t) => {
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { code, stdout, stderr } = await sallyport(t, args);
    t.equal(code, 0);
    t.equal(stderr, '');
    for (const name of [...COMMANDS, 'serve', 'token', 'copy']) {
      t.match(stdout, new RegExp(`^  ${name}\\b`, 'm'), name);
    }
    t.match(stdout, "'sallyport serve --help' lists its settings");
  }
  const settings = await sallyport(t, ['serve', '--help']);
  t.equal(settings.code, 0);
  for (const { name } of SETTINGS) {
    t.match(settings.stdout, name);
  }
});

test('each command has a help with examples', async (t) => {
  for (const name of COMMANDS) {
    const { code, stdout } = await sallyport(t, [name, '--help']);
    t.equal(code, name === 'ask' ? 3 : 0, name);
    t.match(stdout, new RegExp(`^Usage: sallyport ${name}`), name);
    t.match(stdout, /\nExamples:\n.*sallyport/s, name);
  }
  t.match(await sallyport(t, ['help', 'approve']), { code: 0, stdout: /^Usage: sallyport approve/ });
});

test('a wrong setting of the client is said, and nothing is asked', async (t) => {
  const env = { SALLYPORT_URL: 'gate' };
  t.match(await sallyport(t, ['approvals'], { env }), {
    code: 3,
    stderr: /^sallyport: SALLYPORT_URL must be/,
  });
  const asJson = await sallyport(t, ['approvals', '--json'], { env });
  t.match(JSON.parse(asJson.stdout), {
    error: { code: 'failed', status: null, detail: /^SALLYPORT_URL must be/ },
  });
});

test('a service that sees the variables of its clients starts', async (t) => {
  const env = { SALLYPORT_AGENT: 'b1', SALLYPORT_TOKEN: 'x', SALLYPORT_SESSION: 's' };
  t.match(await sallyport(t, ['serve', '--version'], { env }), { code: 0, stdout: /^\d+\.\d+\.\d+\n$/ });
});
