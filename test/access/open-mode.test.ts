import { type Test, test } from 'tap';
import { isProblem } from '../http/problems.ts';
import { exchange } from '../http/raw.ts';
import { type Overrides, type Started, start } from '../service.ts';

const CHANGES: [string, string][] = [
  ['POST', '/agents'],
  ['PUT', '/agents/a/status'],
  ['DELETE', '/agents/a'],
  ['POST', '/approvals'],
  ['POST', '/approvals/a/resolve'],
  ['POST', '/approvals/a/cancel'],
  ['POST', '/approvals/wait'],
  ['POST', '/events'],
  ['POST', '/login'],
  ['POST', '/logout'],
  ['PATCH', '/agents'],
  ['POST', '/nothing'],
];

function open(t: Test, overrides: Overrides = {}): Promise<Started> {
  return start(t, { store: 'memory:', ...overrides });
}

/** With `Host` as it is given, or without. */
function get(t: Test, url: string, host: string | null, path = '/agents') {
  const line = host === null ? '' : `Host: ${host}\r\n`;
  return exchange(t, url, `GET ${path} HTTP/1.${host === null ? 0 : 1}\r\n${line}Connection: close\r\n\r\n`);
}

test('without credentials only the names of this machine are answered', async (t) => {
  const { url } = await open(t, { allowedHosts: ['box.local'] });
  const { port } = new URL(url);
  for (const name of [
    ...['localhost', 'LocalHost', 'localhost.', 'x.localhost', 'a.b.LOCALHOST', 'x.localhost.'],
    ...['127.0.0.1', '127.1.2.3', '[::1]', 'box.local', 'BOX.local', 'box.local.'],
  ]) {
    for (const host of [name, `${name}:${port}`, `${name}:1`]) {
      t.equal((await get(t, url, host)).status, 200, host);
    }
  }
  t.equal((await get(t, url, null)).status, 200, 'a client of HTTP/1.0 may send none');
  for (const host of [
    ...['evil.example', 'localhost.evil.example', 'notlocalhost', 'xlocalhost', 'localhost..', '.', ':80'],
    ...[
      '127.0.0.1.evil.example',
      '128.0.0.1',
      '127.0.0.1.2',
      '[::2]',
      '[::1',
      '::1',
      '0.0.0.0',
      '192.168.1.2',
    ],
    ...[
      'x.box.local',
      'localhost@evil.example',
      'localhost:80:80',
      'evil.example#.localhost:x',
      'localhost/',
    ],
  ]) {
    for (const path of ['/agents', '/', '/events/stream', '/nothing', '/login']) {
      const answer = await get(t, url, host, path);
      isProblem(t, answer, 403, 'forbidden');
      t.match(answer.body.detail, 'SALLYPORT_ALLOWED_HOSTS');
    }
    t.equal((await get(t, url, host, '/health/ready')).status, 200, 'health is open to probes');
  }
});

test('without credentials a page of another origin changes nothing and opens no stream', async (t) => {
  const { client, url } = await open(t, { corsOrigins: ['https://console.example'] });
  const { port } = new URL(url);
  const before = (await client.get('/events')).body;
  const foreign = ['https://evil.example', 'null', `https://127.0.0.1:${port}`, 'http://127.0.0.1', ''];
  const more = [`http://localhost:${port}`, `${url}.evil.example`, `${url}/`, 'https://console.example.evil'];
  for (const Origin of [...foreign, ...more]) {
    for (const [method, path] of CHANGES) {
      const answer = await client.call(method, path, { headers: { Origin }, body: {} });
      isProblem(t, answer, 403, 'forbidden');
    }
    for (const path of ['/agents', '/events/stream?session_id=a', '/nothing']) {
      isProblem(t, await client.get(path, { headers: { Origin } }), 403, 'forbidden');
    }
  }
  t.strictSame((await client.get('/events')).body, before);
  t.strictSame((await client.get('/sessions')).body, { sessions: [] });
  for (const Origin of [url, url.toUpperCase(), 'https://console.example']) {
    t.equal((await client.post('/events', {}, { headers: { Origin } })).status, 201, Origin);
  }
  const named = { Host: `localhost:${port}`, Origin: `http://localhost:${port}` };
  t.equal((await client.post('/events', {}, { headers: named })).status, 201);
});

/** What a browser says of who asks. */
function fetched(site: string, mode: string, destination?: string): Record<string, string> {
  return {
    'Sec-Fetch-Site': site,
    'Sec-Fetch-Mode': mode,
    ...(destination === undefined ? {} : { 'Sec-Fetch-Dest': destination }),
  };
}

test('without credentials a browser asks for nothing but its own pages, and links that are followed', async (t) => {
  const { client, stream, url } = await open(t, { corsOrigins: ['https://console.example'] });
  for (const site of ['cross-site', 'same-site']) {
    for (const headers of [
      fetched(site, 'no-cors', 'empty'),
      fetched(site, 'no-cors', 'image'),
      fetched(site, 'cors', 'empty'),
      fetched(site, 'navigate', 'iframe'),
      { ...fetched(site, 'cors', 'empty'), Origin: url },
    ]) {
      for (const path of ['/agents', '/events/stream?session_id=a', '/', '/nothing']) {
        const answer = await client.get(path, { headers });
        isProblem(t, answer, 403, 'forbidden');
        t.match(answer.body.detail, 'SALLYPORT_CORS_ORIGINS');
      }
    }
    for (const headers of [fetched(site, 'navigate', 'document'), fetched(site, 'navigate')]) {
      t.equal((await client.get('/', { headers })).status, 200, 'a link');
      isProblem(t, await client.get('/events/stream?session_id=a', { headers }), 403, 'forbidden');
      isProblem(t, await client.post('/events', {}, { headers }), 403, 'forbidden');
    }
    const named = { ...fetched(site, 'cors', 'empty'), Origin: 'https://console.example' };
    t.equal((await client.post('/events', {}, { headers: named })).status, 201);
    t.equal((await stream('/events/stream', named)).status, 200);
  }
  t.strictSame((await client.get('/sessions')).body, { sessions: [] }, 'no session is connected');
  for (const site of ['same-origin', 'none']) {
    const own = await stream('/events/stream?session_id=a', fetched(site, 'cors', 'empty'));
    t.equal(own.status, 200);
    t.equal((await client.get('/agents', { headers: fetched(site, 'navigate', 'document') })).status, 200);
  }
});

test('an origin without a host is foreign', async (t) => {
  const { url } = await open(t);
  const bytes = 'POST /events HTTP/1.0\r\nX-Session-Id: a\r\nOrigin: http://\r\n\r\n';
  isProblem(t, await exchange(t, url, bytes.replace('http://', url)), 403, 'forbidden');
});

test('without credentials nothing comes through a proxy', async (t) => {
  const { client } = await open(t, { trustedProxies: ['loopback'] });
  const before = (await client.get('/events')).body;
  const names = [
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Forwarded-Port',
    'Via',
    'X-Real-IP',
  ];
  for (const name of [...names, 'x-forwarded-whatever', 'X-FORWARDED-SERVER']) {
    for (const value of ['127.0.0.1', '']) {
      const headers = { [name]: value };
      const answer = await client.get('/approvals', { headers });
      isProblem(t, answer, 403, 'forbidden');
      t.match(answer.body.detail, `'${name.toLowerCase()}'`);
      isProblem(t, await client.post('/events', {}, { headers }), 403, 'forbidden');
      t.equal((await client.get('/health/live', { headers })).status, 200);
    }
  }
  t.strictSame((await client.get('/events')).body, before);
});

test('SALLYPORT_INSECURE takes away all of it', async (t) => {
  const { client } = await open(t, { insecure: true });
  const headers = { Host: 'evil.example', Origin: 'https://evil.example', 'X-Forwarded-For': '10.0.0.1' };
  t.equal((await client.post('/events', {}, { headers })).status, 201);
});
