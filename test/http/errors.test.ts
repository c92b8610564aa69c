import { METHODS } from 'node:http';
import { test } from 'tap';
import { OutcomeUnknown, StorageUnavailable } from '../../src/host/journal.ts';
import { problemOf } from '../../src/http/problems.ts';
import { by, someAgent, someApproval } from '../host/samples.ts';
import { start } from '../service.ts';
import { startOver, TestJournal } from './parts.ts';
import { isProblem } from './problems.ts';
import { answerOf, dial, exchange, request } from './raw.ts';

const ALLOWED = {
  '/agents': ['GET', 'HEAD', 'POST'],
  '/agents/a': ['DELETE', 'GET', 'HEAD'],
  '/agents/a/status': ['PUT'],
  '/approvals': ['GET', 'HEAD', 'POST'],
  '/approvals/a': ['GET', 'HEAD'],
  '/approvals/a/resolve': ['POST'],
  '/approvals/a/cancel': ['POST'],
  '/approvals/wait': ['POST'],
  '/approvals/a/wait': ['GET'],
  '/events': ['GET', 'HEAD', 'POST'],
  '/events/stream': ['GET'],
  '/sessions': ['GET', 'HEAD'],
  '/tokens': ['GET', 'HEAD', 'POST'],
  '/tokens/a': ['DELETE', 'GET', 'HEAD'],
  '/tokens/a/rotate': ['POST'],
  '/health/live': ['GET', 'HEAD'],
  '/health/ready': ['GET', 'HEAD'],
  '/metrics': ['GET', 'HEAD'],
  '/openapi.json': ['GET', 'HEAD'],
  '/openapi.yaml': ['GET', 'HEAD'],
  '/docs': ['GET', 'HEAD'],
  '/': ['GET', 'HEAD'],
};

test('a path with another method is 405 with Allow, whatever the method and the body', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  for (const [path, allowed] of Object.entries(ALLOWED)) {
    for (const method of known.filter((one) => !allowed.includes(one))) {
      const answer = await client.call(method, path, { session: null });
      if (method === 'HEAD') {
        t.match(answer, {
          status: 405,
          text: '',
          headers: { 'content-type': /^application\/problem\+json/ },
        });
      } else {
        isProblem(t, answer, 405, 'method-not-allowed');
        t.ok(
          allowed.every((one) => answer.body.detail.includes(one)),
          answer.body.detail,
        );
      }
      t.strictSame(answer.headers.allow?.split(', ').sort(), allowed, `${method} ${path}`);
    }
  }
  for (const method of METHODS.filter((one) => !known.includes(one) && one !== 'CONNECT')) {
    const answer = await client.call(method, '/approvals', {
      body: '<xml/>',
      headers: { 'Content-Type': 'text/xml' },
    });
    isProblem(t, answer, 405, 'method-not-allowed');
  }
});

test('a path that is not there is 404, whatever the method', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const paths = [
    '/nothing',
    '/agents/a/b',
    '/agents/a/status/x',
    '/approvals/a/approve',
    '/Agents',
    '//',
    '/events/',
    '/agents/',
    '/approvals/',
    '/approvals//wait',
  ];
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PATCH', 'PROPFIND']) {
      const answer = await client.call(method, `${path}?a=b`);
      isProblem(t, answer, 404, 'route-not-found');
      t.ok(answer.body.detail.includes(`'${path}'`), answer.body.detail);
    }
    t.match(await client.call('HEAD', path), { status: 404, text: '' });
  }
});

test('HEAD is GET without the body', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await client.post('/agents', { id: 'a', name: 'n', kind: 'k' });
  const { body: approval } = await client.post('/approvals', { action: 'a' });
  const paths = [
    '/',
    '/agents',
    '/agents/a',
    '/agents/b',
    '/agents?limit=0',
    '/approvals',
    `/approvals/${approval.id}`,
  ];
  for (const path of [
    ...paths,
    '/events',
    '/sessions',
    '/health/live',
    '/health/ready',
    '/openapi.json',
    '/docs',
  ]) {
    const get = await client.get(path);
    const head = await client.call('HEAD', path);
    t.match(head, { status: get.status, text: '' }, path);
    t.equal(head.headers['content-type'], get.headers['content-type'], path);
    t.equal(head.headers['content-length'], get.headers['content-length'], path);
  }
});

test('an id may be any text: one that does not exist is unknown', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const ids = [
    'nobody',
    'a%20b',
    '%2F',
    '..%2F..',
    '%E2%82%AC',
    'a%00b',
    'x'.repeat(2000),
    '__proto__',
    'constructor',
  ];
  for (const id of ids) {
    const text = decodeURIComponent(id);
    const agents = [
      await client.get(`/agents/${id}`),
      await client.put(`/agents/${id}/status`, { status: 'idle' }),
      await client.delete(`/agents/${id}`),
    ];
    for (const answer of agents) {
      isProblem(t, answer, 404, 'agent-not-found');
      t.equal(answer.body.detail, `unknown agent '${text}'`);
    }
    const approvals = [
      await client.get(`/approvals/${id}`),
      await client.get(`/approvals/${id}/wait`),
      await client.post(`/approvals/${id}/resolve`, { resolution: 'approve' }),
      await client.post(`/approvals/${id}/cancel`),
    ];
    for (const answer of approvals) {
      isProblem(t, answer, 404, 'approval-not-found');
      t.equal(answer.body.detail, `unknown approval '${text}'`);
    }
  }
});

test('a path that cannot be decoded is a 400', async (t) => {
  const { client, url } = await start(t, { store: 'memory:' });
  for (const path of ['/%', '/%zz', '/agents/%', '/agents/%ff', '/approvals/%c0%80/wait', '/%e0%a4%a']) {
    isProblem(t, await client.get(path), 400, 'validation-failed', ['path']);
    isProblem(t, await exchange(t, url, request(`POST ${path}`)), 400, 'validation-failed', ['path']);
  }
});

test('what is not HTTP is told so, and the connection is closed', async (t) => {
  const { url, client } = await start(t, { store: 'memory:' });
  const broken = [
    'garbage\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'NONSENSE /agents HTTP/1.1\r\nHost: a\r\n\r\n',
    'get /agents HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /agents HTTP/9.9\r\nHost: a\r\n\r\n',
    'GET  HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /agents HTTP/1.1\r\nHost : a\r\n\r\n',
    'GET /agents HTTP/1.1\r\nHost: a\r\nX-Session-Id: a\u0000b\r\n\r\n',
    request('POST /events', ['Content-Type: application/json', 'Content-Length: abc'], '{}'),
    request('POST /events', ['Content-Type: application/json', 'Content-Length: -1'], '{}'),
    request('POST /events', ['Content-Length: 2', 'Content-Length: 3'], '{}'),
    request('POST /events', ['Content-Length: 2', 'Transfer-Encoding: chunked'], '{}'),
    request('POST /events', ['Content-Type: application/json', 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n'),
  ];
  for (const bytes of broken) {
    const answer = await exchange(t, url, bytes);
    isProblem(t, answer, 400, 'validation-failed', ['request']);
    t.equal(answer.headers.connection, 'close', JSON.stringify(bytes.slice(0, 60)));
  }
  t.strictSame((await client.get('/events')).body.events, [], 'nothing was recorded');
});

test('headers over 16 KiB are 431', async (t) => {
  const { url, client } = await start(t, { store: 'memory:' });
  isProblem(
    t,
    await exchange(t, url, request('GET /agents', [`X-Big: ${'x'.repeat(16 * 1024)}`])),
    431,
    'headers-too-large',
  );
  isProblem(t, await exchange(t, url, request(`GET /${'x'.repeat(17 * 1024)}`)), 431, 'headers-too-large');
  const long = await client.get('/agents', { headers: { 'X-Big': 'x'.repeat(15 * 1024) } });
  t.equal(long.status, 200);
});

test('a request that does not arrive in time is 408', async (t) => {
  const { app, url } = await startOver(t, new TestJournal());
  const socket = dial(t, url);
  const answer = answerOf(socket);
  app.server.once('connection', (served) => {
    // What Node does after the 30 s of `requestTimeout`.
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    app.server.emit('clientError', error, served);
  });
  isProblem(t, await answer, 408, 'request-timeout');
  t.equal(app.server.requestTimeout, 30_000);
});

test('a connection that is reset in the middle of a request is let go', async (t) => {
  const { app, url, client, logged } = await startOver(t, new TestJournal());
  const failed = new Promise<void>((resolve) => app.server.once('clientError', () => resolve()));
  const served = new Promise<{ destroyed: boolean }>((resolve) => app.server.once('connection', resolve));
  const socket = dial(t, url);
  socket.write('GET /agents HTTP/1.1\r\nHost:', () => socket.resetAndDestroy());
  await failed;
  t.equal((await served).destroyed, true);
  t.equal((await client.get('/agents')).status, 200);
  t.strictSame(
    logged.filter(({ level }) => Number(level) >= 40),
    [],
  );
});

test('an expectation that nobody knows is ignored', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  t.equal((await exchange(t, url, request('GET /agents', ['Expect: the-unexpected']))).status, 200);
});

test('what the framework refuses by itself is a problem too', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  isProblem(t, await exchange(t, url, request('QUERY /nothing')), 400, 'validation-failed', ['request']);
});

test('a 500 says nothing of the inside; the log says it under the request id', async (t) => {
  const journal = new TestJournal();
  const { client, logged } = await startOver(t, journal);
  journal.readError = new Error('/var/secret/sallyport.db is no database');
  const reads = ['/approvals', '/approvals/approval-0123456789ab', '/approvals/approval-0123456789ab/wait'];
  const failures = [...(await Promise.all(reads.map((path) => client.get(path))))];
  journal.readError = null;
  journal.appendError = new Error('/var/secret/sallyport.db is no database');
  failures.push(await client.post('/approvals/wait', { action: 'a' }));
  failures.push(await client.post('/events', {}));
  for (const answer of failures) {
    isProblem(t, answer, 500, 'internal-error');
    t.notMatch(answer.text + JSON.stringify(answer.headers), /secret|database|\.ts|Error/);
    const id = answer.headers['x-request-id'];
    const line = logged.find(({ reqId, level }) => reqId === id && level === 50);
    t.match(line, { err: { message: /secret/, stack: /errors\.test/ } });
  }
  journal.appendError = null;
  t.equal((await client.post('/events', {})).headers['sallyport-seq'], '1', 'nothing was recorded');
});

test('a log that cannot be written is 503 storage-unavailable, and works again afterwards', async (t) => {
  const journal = new TestJournal();
  const { client } = await startOver(t, journal);
  await client.post('/agents', { id: 'a', name: 'n', kind: 'k' });
  const { body: approval } = await client.post('/approvals', { action: 'a' });
  const changes = [
    ['POST', '/agents', { name: 'n', kind: 'k' }],
    ['PUT', '/agents/a/status', { status: 'running' }],
    ['DELETE', '/agents/a', undefined],
    ['POST', '/approvals', { action: 'b' }],
    ['POST', '/approvals/wait', { action: 'b' }],
    ['POST', `/approvals/${approval.id}/resolve`, { resolution: 'approve' }],
    ['POST', `/approvals/${approval.id}/cancel`, undefined],
    ['POST', '/events', {}],
  ] as const;
  for (const failure of [
    new StorageUnavailable('the disk is full'),
    new OutcomeUnknown('the connection was cut'),
  ]) {
    journal.appendError = failure;
    for (const [method, path, body] of changes) {
      const answer = await client.call(method, path, { body });
      isProblem(t, answer, 503, 'storage-unavailable');
      t.equal(answer.headers['retry-after'], '1');
      t.match(answer.body.detail, /(disk is full|connection was cut); read what is there, or repeat/);
    }
    const ready = await client.get('/health/ready');
    isProblem(t, ready, 503, 'storage-unavailable');
    t.equal(ready.headers['retry-after'], '1');
    t.equal((await client.get('/health/live')).status, 200, 'it lives on');
    t.equal((await client.get('/approvals')).body.approvals.length, 1, 'and reads');
  }
  journal.appendError = null;
  t.equal((await client.get('/health/ready')).status, 200);
  t.equal((await client.post('/events', {})).headers['sallyport-seq'], '3', 'nothing was recorded meanwhile');
});

test('a log that cannot be read is 503 storage-unavailable', async (t) => {
  const journal = new TestJournal();
  const { client } = await startOver(t, journal);
  journal.readError = new StorageUnavailable('20000 requests wait for the log already');
  for (const path of [
    '/approvals',
    '/approvals/approval-0123456789ab',
    '/approvals/approval-0123456789ab/wait',
  ]) {
    const answer = await client.get(path);
    isProblem(t, answer, 503, 'storage-unavailable');
    t.equal(answer.headers['retry-after'], '1');
  }
});

test('who is refused is sent to an administrator where there are credentials, and nowhere else', (t) => {
  const refused = (principal: string | null) => {
    const session = by('ui-2', principal);
    const agent = { code: 'agent-owned-by-another-session', agent: someAgent(), by: session } as const;
    const code = 'approval-requested-by-another-session';
    return [
      problemOf({ ...agent, registering: true }),
      problemOf({ ...agent, registering: false }),
      problemOf({ code, approval: someApproval(), by: session }),
    ].map(({ message }) => message);
  };
  const agent = "agent 'worker' is owned by another session";
  const approval = "approval 'approval-000000000001' was requested by another session";
  t.strictSame(refused(null), [
    `${agent}; unregister it from that session first`,
    `${agent}; only that session can change it`,
    `${approval}; only that session can cancel it`,
  ]);
  t.strictSame(refused('token:ann'), [
    `${agent}; unregister it from that session, or as an administrator, first`,
    `${agent}; only that session can change it, and an administrator can unregister it`,
    `${approval}; only that session or an administrator can cancel it`,
  ]);
  t.end();
});
