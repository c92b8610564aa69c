import { type Test, test } from 'tap';
import { newToken } from '../../src/credentials/token.ts';
import type { Answer } from '../client.ts';
import { until } from '../http/parts.ts';
import { isProblem } from '../http/problems.ts';
import { bearer, startGuarded } from './guarded.ts';

/** Asks until it is told to wait; resolves with how often it was not. */
async function asked(t: Test, ask: () => Promise<Answer>, sentence: string): Promise<number> {
  for (let count = 0; ; count += 1) {
    const answer = await ask();
    if (answer.status === 429) {
      isProblem(t, answer, 429, 'too-many-requests');
      t.match(answer.body.detail, sentence);
      const seconds = Number(answer.headers['retry-after']);
      t.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60, `${seconds}`);
      return count;
    }
  }
}

test('a principal may ask so often, whatever credential and address it uses', async (t) => {
  const { as, client, tokens } = await startGuarded(t, { maxRequestsPerPrincipal: 5 });
  const nobody = client.as(null);
  const { headers } = await nobody.post('/login', { token: tokens.agent });
  const Cookie = String(headers['set-cookie']).split(';', 1)[0] as string;
  let turn = 0;
  const ask = () => {
    turn += 1;
    return turn % 2 === 0 ? as('agent').get('/agents') : nobody.get('/nothing', { headers: { Cookie } });
  };
  const sentence = '5 requests a second may come from one principal; wait for 1 s';
  t.equal(await asked(t, ask, sentence), 5);
  t.equal((await as('operator').get('/agents')).status, 200, 'others may go on');
  await until(async () => (await as('agent').get('/agents')).status === 200);
});

test('from an address so many requests may come, good or bad', async (t) => {
  const { as, client } = await startGuarded(t, { maxRequestsPerAddress: 6, maxRefusedPerAddress: 1000 });
  await until(async () => (await as('viewer').get('/agents')).status === 200);
  const nobody = client.as(null);
  const asks = [() => as('viewer').get('/agents'), () => nobody.get('/agents'), () => nobody.get('/login')];
  let turn = 0;
  const ask = () => (asks[turn++ % asks.length] as () => Promise<Answer>)();
  const sentence = '6 requests a second may come from one address; wait for 1 s';
  t.ok((await asked(t, ask, sentence)) <= 6);
  t.equal((await nobody.get('/health/ready')).status, 200, 'probes are not counted');
  await until(async () => (await as('viewer').get('/agents')).status === 200);
});

test('wrong credentials are told to wait, and right ones are not', async (t) => {
  const { as, client, tokens } = await startGuarded(t, { maxRefusedPerAddress: 4 });
  const nobody = client.as(null);
  const asks = [
    () => nobody.as(newToken()).get('/agents'),
    () => nobody.post('/login', { token: newToken() }),
    () => nobody.get('/agents', { headers: { Cookie: `sallyport=${'A'.repeat(43)}` } }),
  ];
  let turn = 0;
  const ask = () => (asks[turn++ % asks.length] as () => Promise<Answer>)();
  t.equal(await asked(t, ask, '4 wrong credentials a minute may come from one address'), 4);
  for (const one of asks) {
    isProblem(t, await one(), 429, 'too-many-requests');
  }
  isProblem(t, await nobody.get('/agents'), 401, 'unauthenticated');
  t.equal((await as('viewer').get('/agents')).status, 200);
  t.equal((await nobody.post('/login', { token: tokens.viewer })).status, 204);
});

test('X-Forwarded-For says whose address it is, from trusted proxies only', async (t) => {
  for (const [trustedProxies, isBelieved] of [
    [['loopback'], true],
    [['10.0.0.0/8'], false],
  ] as const) {
    const { client } = await startGuarded(t, { maxRefusedPerAddress: 2, trustedProxies });
    const from = (address: string) =>
      client.as(null).get('/agents', { headers: { ...bearer(newToken()), 'X-Forwarded-For': address } });
    t.equal(await asked(t, () => from('203.0.113.1'), 'wrong credentials'), 2);
    const { status } = await from('203.0.113.2');
    t.equal(status, isBelieved ? 401 : 429);
    const claimed = await from('203.0.113.3, 203.0.113.1');
    t.equal(claimed.status, 429, 'what the client claims itself before it does not count');
  }
});

test('an IPv6 address counts by its /64, and one that is an IPv4 address as that', async (t) => {
  const limits = { maxRefusedPerAddress: 2, trustedProxies: ['loopback'] };
  const { client } = await startGuarded(t, limits);
  const statusFrom = async (address: string) => {
    const headers = { ...bearer(newToken()), 'X-Forwarded-For': address };
    return (await client.as(null).get('/agents', { headers })).status;
  };
  const groups = [
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0DB8:1:2::', '2001:db8:1:2:0:0:9.9.9.9'],
    ['2001:db8:1:3::1', '2001:db8:1:3:8000::', '2001:db8:1:3::1'],
    ['203.0.113.1', '::ffff:203.0.113.1', '::FFFF:cb00:7101'],
    ['203.0.113.2', '::ffff:203.0.113.2', '0:0:0:0:0:ffff:203.0.113.2'],
    ['fe80::1%eth0', 'fe80::2%eth0', 'fe80::1'],
  ];
  for (const [first = '', second = '', ...others] of groups) {
    t.strictSame([await statusFrom(first), await statusFrom(second)], [401, 401], first);
    for (const other of others) {
      t.equal(await statusFrom(other), 429, other);
    }
  }
});

test('requests of an IPv6 network are counted together', async (t) => {
  const limits = { maxRequestsPerAddress: 6, trustedProxies: ['loopback'] };
  const { as } = await startGuarded(t, limits);
  let turn = 0;
  const ask = () => as('viewer').get('/agents', { headers: { 'X-Forwarded-For': `2001:db8::${turn++}` } });
  t.equal(await asked(t, ask, '6 requests a second may come from one address'), 6);
});
