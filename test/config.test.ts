import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { type Config, ConfigError, readConfig } from '../src/config.ts';
import { SETTINGS } from '../src/settings.ts';

const VERSION = '1.2.3';

function configOf(argv: string[], environment: Record<string, string> = {}): Config {
  const read = readConfig(argv, environment, VERSION);
  if ('print' in read) {
    throw new Error(`expected settings, got: ${read.print}`);
  }
  return read.run;
}

function printed(argv: string[]): string {
  const read = readConfig(argv, {}, VERSION);
  return 'print' in read ? read.print : '';
}

function refusal(argv: string[], environment: Record<string, string> = {}): string {
  try {
    configOf(argv, environment);
  } catch (error) {
    return error instanceof ConfigError ? error.message : `not a ConfigError: ${error}`;
  }
  return 'accepted';
}

test('without flags and variables the defaults hold', async (t) => {
  t.strictSame(configOf([]), {
    host: '127.0.0.1',
    port: 7420,
    store: 'sqlite:./data/sallyport.db',
    pollMs: null,
    logLevel: 'info',
    publicUrl: null,
    retainEvents: 100_000,
    retainApprovalsDays: 365,
    defaultExpiresMs: null,
    streamMaxAgeMs: 600_000,
    maxBodyBytes: 262_144,
    maxJsonBytes: 131_072,
    maxConnections: 70_000,
    maxStreams: 10_000,
    maxStreamsPerPrincipal: 1000,
    maxWaits: 50_000,
    maxWaitsPerPrincipal: 10_000,
    maxAgents: 100_000,
    maxPending: 200_000,
    maxPendingBytes: 536_870_912,
    maxPendingPerSession: 10_000,
    recentBytes: 16_777_216,
    allowedHosts: [],
    insecure: false,
    tokensFile: null,
    tokens: null,
    jwtIssuer: null,
    jwtAudience: null,
    jwtJwks: null,
    jwtRoleClaim: 'roles',
    corsOrigins: [],
    trustedProxies: [],
    maxRequestsPerPrincipal: 1000,
    maxRequestsPerAddress: 5000,
    maxRefusedPerAddress: 30,
  });
});

test('every setting is read from its variable, and from its flag, which wins', async (t) => {
  const environment = {
    SALLYPORT_HOST: '::1',
    SALLYPORT_PORT: '0',
    SALLYPORT_STORE: 'sqlite::memory:',
    SALLYPORT_POLL_MS: '50',
    SALLYPORT_LOG_LEVEL: 'silent',
    SALLYPORT_PUBLIC_URL: 'https://sallyport.example/gate//',
    SALLYPORT_RETAIN_EVENTS: '500',
    SALLYPORT_RETAIN_APPROVALS_DAYS: '1',
    SALLYPORT_DEFAULT_EXPIRES_MS: '31536000000',
    SALLYPORT_STREAM_MAX_AGE_MS: '1000',
    SALLYPORT_MAX_BODY_BYTES: '1024',
    SALLYPORT_MAX_JSON_BYTES: '1025',
    SALLYPORT_MAX_CONNECTIONS: '9',
    SALLYPORT_MAX_STREAMS: '1',
    SALLYPORT_MAX_STREAMS_PER_PRINCIPAL: '3',
    SALLYPORT_MAX_WAITS: '2',
    SALLYPORT_MAX_WAITS_PER_PRINCIPAL: '4',
    SALLYPORT_MAX_AGENTS: '5',
    SALLYPORT_MAX_PENDING: '6',
    SALLYPORT_MAX_PENDING_BYTES: '1048576',
    SALLYPORT_MAX_PENDING_PER_SESSION: '7',
    SALLYPORT_RECENT_BYTES: '65536',
    SALLYPORT_ALLOWED_HOSTS: 'gate.example, Other.example',
    SALLYPORT_INSECURE: 'true',
    SALLYPORT_TOKENS_FILE: '/run/tokens.json',
    SALLYPORT_TOKENS: '{}',
    SALLYPORT_JWT_ISSUER: 'https://id.example',
    SALLYPORT_JWT_AUDIENCE: 'sallyport',
    SALLYPORT_JWT_JWKS: 'https://id.example/keys',
    SALLYPORT_JWT_ROLE_CLAIM: 'realm_access.roles',
    SALLYPORT_CORS_ORIGINS: 'https://console.example',
    SALLYPORT_TRUSTED_PROXIES: '10.0.0.0/8,::1,loopback',
    SALLYPORT_MAX_REQUESTS_PER_PRINCIPAL: '3',
    SALLYPORT_MAX_REQUESTS_PER_ADDRESS: '4',
    SALLYPORT_MAX_REFUSED_PER_ADDRESS: '5',
  };
  const expected = {
    host: '::1',
    port: 0,
    store: 'sqlite::memory:',
    pollMs: 50,
    logLevel: 'silent',
    publicUrl: 'https://sallyport.example/gate',
    retainEvents: 500,
    retainApprovalsDays: 1,
    defaultExpiresMs: 31_536_000_000,
    streamMaxAgeMs: 1000,
    maxBodyBytes: 1024,
    maxJsonBytes: 1025,
    maxConnections: 9,
    maxStreams: 1,
    maxStreamsPerPrincipal: 3,
    maxWaits: 2,
    maxWaitsPerPrincipal: 4,
    maxAgents: 5,
    maxPending: 6,
    maxPendingBytes: 1_048_576,
    maxPendingPerSession: 7,
    recentBytes: 65_536,
    allowedHosts: ['gate.example', 'other.example'],
    insecure: true,
    tokensFile: '/run/tokens.json',
    tokens: '{}',
    jwtIssuer: 'https://id.example',
    jwtAudience: 'sallyport',
    jwtJwks: 'https://id.example/keys',
    jwtRoleClaim: 'realm_access.roles',
    corsOrigins: ['https://console.example'],
    trustedProxies: ['10.0.0.0/8', '::1', 'loopback'],
    maxRequestsPerPrincipal: 3,
    maxRequestsPerAddress: 4,
    maxRefusedPerAddress: 5,
  };
  t.strictSame(
    Object.keys(environment),
    SETTINGS.map(({ name }) => name),
    'none is forgotten here',
  );
  t.strictSame(configOf([], environment), expected);
  const argv = Object.entries(environment).map(
    ([name, value]) => `--${name.slice(10).toLowerCase().replaceAll('_', '-')}=${value}`,
  );
  t.strictSame(configOf(argv), expected);
  t.strictSame(configOf(argv, { SALLYPORT_PORT: '9', SALLYPORT_HOST: 'elsewhere' }), expected);
});

test('a flag is written with a space or an equals sign, and the last of two counts', async (t) => {
  t.equal(configOf(['--port', '1']).port, 1);
  t.equal(configOf(['--port=1']).port, 1);
  t.equal(configOf(['--port', '1', '--port=2']).port, 2);
});

test('serve may be left out, and nothing else stands where it does', async (t) => {
  t.equal(configOf(['serve', '--port', '1']).port, 1);
  t.equal(configOf(['--port', '1', 'serve']).port, 1);
  const hint = "is not a command here; a command comes first, and 'sallyport --help' lists them";
  t.equal(refusal(['status']), `'status' ${hint}`);
  t.equal(refusal(['serve', 'now']), `'serve now' ${hint}`);
});

test('a value that becomes wrong is refused by a sentence that names where it came from', async (t) => {
  t.equal(configOf([], { SALLYPORT_PORT: '65535' }).port, 65_535);
  t.equal(
    refusal([], { SALLYPORT_PORT: '65536' }),
    "SALLYPORT_PORT must be a whole number from 0 to 65535, not '65536'",
  );
  t.equal(refusal(['--port', '65536']), "--port must be a whole number from 0 to 65535, not '65536'");
  t.equal(
    refusal(['--port', 'x'], { SALLYPORT_PORT: '1' }),
    "--port must be a whole number from 0 to 65535, not 'x'",
  );
});

test('numbers are decimal digits and nothing else', async (t) => {
  for (const text of [
    '1e3',
    ' 80',
    '80 ',
    '+80',
    '-1',
    '080',
    '8_0',
    '80.0',
    '0x50',
    'eighty',
    '٨٠',
    '8\n',
  ]) {
    t.match(refusal([], { SALLYPORT_PORT: text }), /^SALLYPORT_PORT must be /, JSON.stringify(text));
  }
});

test('both ends of each range are accepted and what is beyond them is not', async (t) => {
  for (const { name, key, accepts } of SETTINGS) {
    const ends = /^a whole number from (\d+) to (\d+)$/.exec(accepts);
    if (ends !== null) {
      const [least, most] = [Number(ends[1]), Number(ends[2])];
      t.equal(configOf([], { [name]: String(least) })[key], least);
      t.equal(configOf([], { [name]: String(most) })[key], most);
      t.equal(refusal([], { [name]: String(least - 1) }), `${name} must be ${accepts}, not '${least - 1}'`);
      t.equal(refusal([], { [name]: String(most + 1) }), `${name} must be ${accepts}, not '${most + 1}'`);
    }
  }
});

test('texts are checked as far as they can be without trying them', async (t) => {
  const wrong: [string, string[]][] = [
    ['SALLYPORT_HOST', ['http://localhost', 'a b', '--port', '/']],
    ['SALLYPORT_STORE', ['data.db', 'sqlite:', 'mysql://x', 'postgres:x', 'memory', 'Sqlite:x']],
    ['SALLYPORT_LOG_LEVEL', ['INFO', 'verbose', 'info ']],
    [
      'SALLYPORT_PUBLIC_URL',
      ['example.org', 'ftp://x', 'http:', 'http://', 'http://a:b', 'http://x?y', 'http://x#y', ' http://x'],
    ],
  ];
  for (const [name, texts] of wrong) {
    for (const text of texts) {
      t.match(refusal([], { [name]: text }), `${name} must be `, `${name} ${text}`);
    }
  }
  for (const store of ['memory:', 'postgres://a@b/c', 'postgresql://a@b/c']) {
    t.equal(configOf([], { SALLYPORT_STORE: store }).store, store);
  }
  t.equal(configOf([], { SALLYPORT_PUBLIC_URL: 'HTTP://Example.org/' }).publicUrl, 'http://example.org');
});

test('lists are of what they should be, and flags are true or false', async (t) => {
  const wrong: [string, string[]][] = [
    ['SALLYPORT_ALLOWED_HOSTS', ['a b', 'http://a', 'a:80']],
    ['SALLYPORT_CORS_ORIGINS', ['a.example', 'https://a.example/', 'https://a.example,*']],
    ['SALLYPORT_TRUSTED_PROXIES', ['proxy.example', '10.0.0.0/', 'all']],
    ['SALLYPORT_INSECURE', ['yes', '1', 'TRUE']],
    ['SALLYPORT_JWT_ISSUER', ['a b']],
  ];
  for (const [name, texts] of wrong) {
    for (const text of texts) {
      t.match(refusal([], { [name]: text }), `${name} must be `, `${name} ${text}`);
    }
  }
});

test('an issuer of JWTs needs an audience and keys', async (t) => {
  const issuer = { SALLYPORT_JWT_ISSUER: 'a', SALLYPORT_JWT_AUDIENCE: 'b', SALLYPORT_JWT_JWKS: 'c' };
  t.equal(configOf([], issuer).jwtJwks, 'c');
  for (const name of Object.keys(issuer)) {
    t.match(refusal([], { ...issuer, [name]: '' }), /^JWTs need all of SALLYPORT_JWT_ISSUER/);
  }
});

test('a password in a wrong value is not repeated', async (t) => {
  t.equal(
    refusal([], { SALLYPORT_STORE: 'mysql://ann:secret@db/x' }),
    "SALLYPORT_STORE must be `sqlite:` and a path, `postgres://…`, `sqlite::memory:` or `memory:`, not 'mysql://...@db/x'",
  );
});

test('an empty variable counts as unset, an empty flag does not', async (t) => {
  t.equal(configOf([], { SALLYPORT_PORT: '', SALLYPORT_PUBLIC_URL: '' }).port, 7420);
  t.equal(refusal(['--port=']), "--port must be a whole number from 0 to 65535, not ''");
});

test('an unknown flag is refused, with the nearest one there is', async (t) => {
  t.equal(refusal(['--prot', '1']), '--prot is not a flag; did you mean --port?');
  t.equal(refusal(['--prot=1']), '--prot is not a flag; did you mean --port?');
  t.equal(refusal(['--max-body-byte=1']), '--max-body-byte is not a flag; did you mean --max-body-bytes?');
  t.equal(refusal(['--no-such-thing-at-all']), '--no-such-thing-at-all is not a flag');
  t.equal(refusal(['-p']), '-p is not a flag');
  t.equal(refusal(['--no-port']), '--no-port is not a flag; did you mean --port?');
});

test('a flag without its value is refused, and so is a value too many', async (t) => {
  t.equal(refusal(['--port']), '--port needs a value: it is a whole number from 0 to 65535');
  const insecure = '--insecure needs a value: it is `true` or `false`';
  t.equal(refusal(['--insecure']), insecure);
  t.equal(refusal(['--insecure', '--port', '0']), insecure, 'the next flag is not its value');
  t.equal(refusal(['--insecure=--port']), "--insecure must be `true` or `false`, not '--port'");
  t.equal(refusal(['--help=yes']), '--help takes no value');
});

test('an unknown variable of ours is refused, with the nearest one there is', async (t) => {
  t.equal(
    refusal([], { SALLYPORT_LOGLEVEL: 'debug' }),
    'SALLYPORT_LOGLEVEL is not a setting; did you mean SALLYPORT_LOG_LEVEL?',
  );
  t.equal(refusal([], { SALLYPORT_COLOUR_SCHEME: 'x' }), 'SALLYPORT_COLOUR_SCHEME is not a setting');
});

test('variables of clients, of tests and of other programs are let be', async (t) => {
  const environment = {
    SALLYPORT_URL: 'x',
    SALLYPORT_TOKEN: 'x',
    SALLYPORT_SESSION: 'x',
    SALLYPORT_AGENT: 'x',
    SALLYPORT_TEST_SEED: '1',
    PORT: 'x',
    sallyport_port: 'x',
  };
  t.equal(configOf([], environment).port, 7420);
});

test('--version prints the version, whatever else is set', async (t) => {
  t.equal(printed(['--version']), '1.2.3\n');
  t.strictSame(readConfig(['--version'], { SALLYPORT_PORT: 'x' }, VERSION), { print: '1.2.3\n' });
});

test('--help lists every setting with its flag, what it accepts and its default', async (t) => {
  const help = printed(['--help']);
  t.equal(printed(['-h']), help);
  t.equal(printed(['serve', '--help', '--port', 'x']), help);
  for (const setting of SETTINGS) {
    const flag = `--${setting.name.slice(10).toLowerCase().replaceAll('_', '-')}`;
    t.match(help, new RegExp(`^ +${flag} +${setting.name}$`, 'm'));
    t.ok(help.includes(`It is ${setting.accepts}. Default: ${setting.default || 'unset'}\n`), flag);
  }
});

test('the README lists every setting as it is', async (t) => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = SETTINGS.map((setting) => {
    const byDefault = setting.default ? `\`${setting.default}\`` : 'unset';
    return `| \`${setting.name}\` | ${byDefault} | ${setting.help} It is ${setting.accepts}. |`;
  });
  t.strictSame(
    readme.split('\n').filter((line) => line.startsWith('| `SALLYPORT_')),
    rows,
  );
});

test('keys that come by plain http from another machine are refused', async (t) => {
  const jwks = (url: string) => ({
    SALLYPORT_JWT_ISSUER: 'i',
    SALLYPORT_JWT_AUDIENCE: 'a',
    SALLYPORT_JWT_JWKS: url,
  });
  t.equal(
    refusal([], jwks('http://ann:secret@id.example/jwks')),
    "SALLYPORT_JWT_JWKS must be an https URL, a URL of this machine, or a path: what 'id.example' sends by plain http can be replaced on its way",
  );
  for (const good of ['https://id.example/jwks', 'http://localhost:80/k', 'http://[::1]/k', './http:/keys']) {
    t.equal(configOf([], jwks(good)).jwtJwks, good);
  }
});
