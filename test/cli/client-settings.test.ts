import { test } from 'tap';
import { readClientSettings } from '../../src/cli/client-settings.ts';

const MACHINE = { userName: () => 'ann müller', hostName: () => 'host.example' };
const read = (environment: Record<string, string>) => readClientSettings(environment, MACHINE);

test('without variables it is the service of this machine, as this user', async (t) => {
  t.strictSame(read({}), {
    url: 'http://127.0.0.1:7420',
    token: null,
    session: 'cli-ann-m-ller.host.example',
    agent: undefined,
  });
  t.strictSame(
    read({ SALLYPORT_URL: '', SALLYPORT_TOKEN: '', SALLYPORT_SESSION: '', SALLYPORT_AGENT: '' }),
    read({}),
  );
  const sessionOf = (machine: object) => readClientSettings({}, { ...MACHINE, ...machine }).session;
  t.equal(sessionOf({ userName: () => 'a'.repeat(200) }).length, 128);
  const userName = () => {
    throw new Error('ENOENT');
  };
  t.equal(sessionOf({ userName }), 'cli-user.host.example');
});

test('each variable is taken', async (t) => {
  const environment = {
    SALLYPORT_URL: 'https://gate.example/sallyport//',
    SALLYPORT_TOKEN: 'spt_abc\n',
    SALLYPORT_SESSION: 'deploy:1',
    SALLYPORT_AGENT: 'builder-1',
  };
  t.strictSame(read(environment), {
    url: 'https://gate.example/sallyport',
    token: 'spt_abc',
    session: 'deploy:1',
    agent: 'builder-1',
  });
});

test('a wrong one is named and not repeated', async (t) => {
  const cases = [
    ['SALLYPORT_URL', 'gate.example'],
    ['SALLYPORT_URL', 'ftp://gate.example'],
    ['SALLYPORT_URL', 'http://gate.example/?token=secret-1'],
    ['SALLYPORT_URL', 'http://gate.example/#secret-1'],
    ['SALLYPORT_URL', 'http://ann:secret-1@gate.example'],
    ['SALLYPORT_URL', 'http://secret-1@gate.example'],
    ['SALLYPORT_TOKEN', 'secret-1 secret-1'],
    ['SALLYPORT_TOKEN', 'secret-1\nsecret-1'],
    ['SALLYPORT_TOKEN', 'sécret-1'],
    ['SALLYPORT_SESSION', 'secret-1 x'],
    ['SALLYPORT_SESSION', 's'.repeat(129)],
    ['SALLYPORT_AGENT', 'a/b'],
  ] as const;
  for (const [name, value] of cases) {
    try {
      read({ [name]: value });
      t.fail(`${name}=${value} was taken`);
    } catch (error) {
      const { message } = error as Error;
      t.match(message, new RegExp(`^${name} must`), value);
      t.notMatch(message, 'secret-1');
    }
  }
});
