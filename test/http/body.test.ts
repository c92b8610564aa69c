import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { test } from 'tap';
import { start } from '../service.ts';
import { startOver, TestJournal } from './parts.ts';
import { isProblem } from './problems.ts';
import { answerOf, dial, exchange, request } from './raw.ts';

const JSON_TYPE = 'Content-Type: application/json';

test('no body is {} where no field is required, with and without a content type', async (t) => {
  const { client, url } = await start(t, { store: 'memory:' });
  const empty = [
    [],
    ['Content-Length: 0'],
    [JSON_TYPE],
    [JSON_TYPE, 'Content-Length: 0'],
    ['Content-Type: text/plain;charset=UTF-8', 'Content-Length: 0'],
    ['Content-Type: text/plain;charset=UTF-8'],
  ];
  for (const lines of empty) {
    t.equal((await exchange(t, url, request('POST /events', lines))).status, 201, lines.join(', '));
    const missing = await exchange(t, url, request('POST /approvals', lines));
    isProblem(t, missing, 400, 'validation-failed', ['action']);
  }
  const chunked = request('POST /events', [JSON_TYPE, 'Transfer-Encoding: chunked'], '0\r\n\r\n');
  t.equal((await exchange(t, url, chunked)).status, 201, 'chunked and empty');

  const { body: approval } = await client.post('/approvals', { action: 'a' });
  const cancel = await exchange(t, url, request(`POST /approvals/${approval.id}/cancel`));
  t.match(cancel, { status: 200, body: { status: 'cancelled', comment: null } });
});

test('a body is a JSON object in UTF-8', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const bodies: (string | Buffer)[] = [
    'null',
    'true',
    '1',
    '"text"',
    '[]',
    '[{"message":"a"}]',
    '{',
    '{"message":"a"',
    "{'message':'a'}",
    '{"message":"a",}',
    '{} {}',
    '{"message":NaN}',
    '{"message":"line\nbreak"}',
    'message=a',
    ' ',
    Buffer.from('{"message":"caf\u00e9"}', 'latin1'),
    Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
    '{"kind":"a","kind":"b"}',
    '{"payload":[{"a":1},{"b":{"c":1,"c":1}}]}',
    '{"a\\u0062":1,"ab":1}',
    '{"__proto__":{"message":"a"}}',
    '{"payload":{"__proto__":{"admin":true}}}',
    '{"payload":{"constructor":{"prototype":{"admin":true}}}}',
  ];
  for (const body of bodies) {
    isProblem(t, await client.post('/events', body), 400, 'validation-failed', ['body']);
  }
  t.strictSame((await client.get('/events')).body.events, [], 'nothing was recorded');
  t.equal(
    (await client.post('/events', ' {"message" : "caf\u00e9 \\ud83d\\ude00"}\n')).body.message,
    'caf\u00e9 \u{1f600}',
  );
});

test('a body is nested 64 levels deep at most', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const lists = (depth: number) => `{"payload":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  const objects = (depth: number) => `{"payload":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}}`;
  for (const nested of [lists, objects]) {
    t.equal((await client.post('/events', nested(64))).status, 201);
    isProblem(t, await client.post('/events', nested(65)), 400, 'validation-failed', ['body']);
    isProblem(t, await client.post('/events', nested(5000)), 400, 'validation-failed', ['body']);
  }
  const flat = JSON.stringify({ payload: ['[{"\\'.repeat(100), ...Array(100).fill([{}])] });
  t.equal((await client.post('/events', flat)).status, 201, 'brackets in strings and siblings do not count');
});

test('details, metadata and payload have so many characters as JSON, each', async (t) => {
  const { client, config } = await start(t, { store: 'memory:' });
  const { maxJsonBytes } = config;
  t.equal(maxJsonBytes, 131_072, 'unless it is set');
  const text = (length: number) => 'x'.repeat(length - '""'.length);
  for (const [method, path, body, field] of [
    ['POST', '/agents', { id: 'a', name: 'A', kind: 'k' }, 'metadata'],
    ['PUT', '/agents/a/status', { status: 'idle' }, 'payload'],
    ['POST', '/approvals', { action: 'a' }, 'details'],
    ['POST', '/approvals/wait', { action: 'a', timeout_ms: 0 }, 'details'],
    ['POST', '/events', {}, 'payload'],
  ] as const) {
    const send = (value: unknown) => client.call(method, path, { body: { ...body, [field]: value } });
    t.ok((await send(text(maxJsonBytes))).status < 300, path);
    const newest = async () => (await client.get('/events?limit=1')).body.events[0].seq;
    const before = await newest();
    const long = await send(text(maxJsonBytes + 1));
    isProblem(t, long, 400, 'validation-failed', [field]);
    t.match(long.body.detail, /131072 characters as JSON \(SALLYPORT_MAX_JSON_BYTES\)/);
    const escaped = await send('\u0001'.repeat(Math.ceil(maxJsonBytes / 6)));
    isProblem(t, escaped, 400, 'validation-failed', [field]);
    t.equal(await newest(), before, 'nothing was recorded');
  }
});

test('what grows when it is written out is measured as it is written out', async (t) => {
  const { client, config } = await start(t, { store: 'memory:' });
  // 21 digits each: the body is much shorter than the limit.
  const numbers = (count: number) => `{"payload":[${Array(count).fill('1e20')}]}`;
  const fits = Math.floor((config.maxJsonBytes - '[]'.length + 1) / 22);
  t.equal((await client.post('/events', numbers(fits))).status, 201);
  isProblem(t, await client.post('/events', numbers(fits + 1)), 400, 'validation-failed', ['payload']);
});

test('a number that would come back as another one is refused and named', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const number of ['9007199254740993', '-9007199254740993', '12345678901234567890', '1e400', '-1e400']) {
    const answer = await client.post('/events', `{"payload":{"account":${number}}}`);
    isProblem(t, answer, 400, 'validation-failed', ['body']);
    t.ok(answer.body.detail.includes(number), answer.body.detail);
  }
  for (const number of ['9007199254740992', '-9007199254740991', '1e21', '1.5e-7', '0.1234567890123456789']) {
    const { body } = await client.post('/events', `{"payload":{"account":${number}}}`);
    t.equal(body.payload.account, Number(number));
  }
  const text = await client.post('/events', '{"payload":"12345678901234567890 1e400"}');
  t.equal(text.body.payload, '12345678901234567890 1e400', 'in a text they are text');
});

test('what is compressed, or in another character set, is 415', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const headers of [
    { 'Content-Encoding': 'gzip' },
    { 'Content-Type': 'application/json; charset=latin1' },
    { 'Content-Type': 'application/json; charset="utf-16"' },
  ]) {
    isProblem(t, await client.post('/events', '{}', { headers }), 415, 'unsupported-media-type');
  }
  t.equal((await client.post('/events', '{}', { headers: { 'Content-Encoding': 'identity' } })).status, 201);
  const both = { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' };
  const { body } = await client.post('/events', '{}', { headers: both });
  t.match(body.detail, /not 'text\/plain, Content-Encoding: gzip'/);
});

test('JSON goes through as it is', async (t) => {
  const { client } = await start(t);
  const values: unknown[] = [
    0,
    -1.5,
    1e21,
    '',
    'line\nbreak \u2028 \u0000 "quoted" \\',
    '\ud800',
    false,
    [],
    {},
    [null],
    { a: null, '': 1, '1': 2, toString: 'x', a2: [{ b: {} }] },
  ];
  for (const details of values) {
    const { body } = await client.post('/approvals', { action: 'a', details });
    t.strictSame(body.details, details);
    t.strictSame((await client.get(`/approvals/${body.id}`)).body, body);
    await client.post(`/approvals/${body.id}/cancel`);
    t.strictSame(
      (await client.get(`/approvals?status=cancelled&limit=1`)).body.approvals[0].details,
      details,
    );
  }
});

test('a body of another type is 415, which names the header to send', async (t) => {
  const { client, url } = await start(t, { store: 'memory:' });
  const names = /'Content-Type: application\/json'/;
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/problem+json',
  ];
  for (const type of [...types, 'application/jsonp', 'nonsense', '*/*']) {
    const answer = await client.post('/events', '{}', { headers: { 'Content-Type': type } });
    isProblem(t, answer, 415, 'unsupported-media-type');
    t.match(answer.body.detail, names);
  }
  const without = await exchange(t, url, request('POST /events', ['Content-Length: 2'], '{}'));
  isProblem(t, without, 415, 'unsupported-media-type');
  t.match(without.body.detail, names);
  const lines = ['Content-Type: text/plain', 'Transfer-Encoding: chunked'];
  const chunked = await exchange(t, url, request('POST /events', lines, '2\r\n{}\r\n0\r\n\r\n'));
  isProblem(t, chunked, 415, 'unsupported-media-type');
  isProblem(
    t,
    await client.delete('/agents/a', { body: 'x', headers: { 'Content-Type': 'text/plain' } }),
    415,
    'unsupported-media-type',
  );
  t.strictSame((await client.get('/events')).body.events, [], 'nothing was recorded');
  for (const type of [
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;charset="UTF-8"',
  ]) {
    t.equal((await client.post('/events', '{}', { headers: { 'Content-Type': type } })).status, 201, type);
  }
});

test('a body of SALLYPORT_MAX_BODY_BYTES is taken, one byte more is 413', async (t) => {
  const { client, url, config } = await start(t, { store: 'memory:', maxJsonBytes: 262_144 });
  t.equal(config.maxBodyBytes, 262_144, 'unless it is set');
  const body = (bytes: number) => `{"payload":"${'x'.repeat(bytes - '{"payload":""}'.length)}"}`;
  t.equal((await client.post('/events', body(262_144))).status, 201);

  const long = request('POST /events', [JSON_TYPE, 'Content-Length: 262145']);
  isProblem(t, await exchange(t, url, long), 413, 'payload-too-large');

  const chunked = dial(t, url);
  chunked.write(request('POST /events', [JSON_TYPE, 'Transfer-Encoding: chunked']));
  chunked.write(`40001\r\n${body(262_145)}\r\n`);
  isProblem(t, await answerOf(chunked), 413, 'payload-too-large');
  t.equal((await client.get('/events')).body.events.length, 1, 'only the first was recorded');
});

test('the limit of a body can be set', async (t) => {
  const { client } = await start(t, { store: 'memory:', maxBodyBytes: 1024 });
  const fits = `{"payload":"${'x'.repeat(1010)}"}`;
  t.equal((await client.post('/events', fits)).status, 201);
  isProblem(t, await client.post('/events', `${fits} `), 413, 'payload-too-large');
  isProblem(t, await client.post('/approvals/wait', `${fits} `), 413, 'payload-too-large');
});

test('a client that leaves in the middle of its body changes nothing', async (t) => {
  const { app, client, url, logged } = await startOver(t, new TestJournal());
  const taken = once(app.server, 'request');
  const socket = dial(t, url);
  socket.write(request('POST /events', [JSON_TYPE, 'Content-Length: 20'], '{"message":'));
  const [{ socket: served }] = (await taken) as [IncomingMessage];
  const closed = once(served, 'close');
  socket.destroy();
  await closed;
  t.strictSame((await client.get('/events')).body.events, []);
  t.strictSame(
    logged.filter(({ level }) => Number(level) >= 40),
    [],
    'and is no fault of the service',
  );
});
