import { test } from 'tap';
import { start } from '../service.ts';
import { answersUntilClosed, dial, firstAnswers, messages, notify, post } from './wire.ts';

/** It must never be carried out. It ends the connection, so that a test would see that it was. */
const SMUGGLED = notify('smuggled', ['Connection: close']);
const LENGTH = `Content-Length: ${SMUGGLED.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const LAST = `0\r\n\r\n${SMUGGLED}`;
const FRONT =
  'POST /events HTTP/1.1\r\nHost: localhost\r\nX-Session-Id: test\r\nContent-Type: application/json';

/** Shapes of which two parsers may disagree where the request ends: each is refused, and the connection closed. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  'Content-Length before Transfer-Encoding': post('/events', ['Content-Length: 4', CHUNKED], LAST),
  'Transfer-Encoding before Content-Length': post('/events', [CHUNKED, 'Content-Length: 4'], LAST),
  'two different Content-Lengths': post('/events', ['Content-Length: 0', LENGTH], SMUGGLED),
  'two Content-Lengths, the longer first': post('/events', [LENGTH, 'Content-Length: 0'], SMUGGLED),
  'Content-Length as a list': post('/events', [`Content-Length: 0, ${SMUGGLED.length}`], SMUGGLED),
  'Content-Length with a sign': post('/events', ['Content-Length: +0'], SMUGGLED),
  'Content-Length in hexadecimal': post('/events', ['Content-Length: 0x0'], SMUGGLED),
  'Content-Length below zero': post('/events', ['Content-Length: -1'], SMUGGLED),
  'Content-Length of words': post('/events', ['Content-Length: 0 0'], SMUGGLED),
  'Content-Length beyond any number': post('/events', ['Content-Length: 18446744073709551616'], SMUGGLED),
  'an empty Content-Length': post('/events', ['Content-Length:'], SMUGGLED),
  xchunked: post('/events', ['Transfer-Encoding: xchunked'], LAST),
  'chunked, but not last': post('/events', ['Transfer-Encoding: chunked, identity'], LAST),
  identity: post('/events', ['Transfer-Encoding: identity', LENGTH], SMUGGLED),
  'chunked twice': post('/events', [CHUNKED, 'Transfer-Encoding: identity'], LAST),
  'chunked twice in one': post('/events', ['Transfer-Encoding: chunked, chunked'], LAST),
  'a vertical tab before chunked': post('/events', ['Transfer-Encoding: \x0bchunked', LENGTH], SMUGGLED),
  'a NUL in a header': post('/events', ['X-Any: a\u0000b', 'Content-Length: 0'], SMUGGLED),
  'a space before the colon': post('/events', ['Transfer-Encoding : chunked'], LAST),
  'a header without a name': post('/events', [': chunked', 'Content-Length: 0'], SMUGGLED),
  'a header without a colon': post('/events', ['Transfer-Encoding', 'Content-Length: 0'], SMUGGLED),
  'a folded Transfer-Encoding': post('/events', ['Transfer-Encoding:\r\n chunked'], LAST),
  'a folded Content-Length': post('/events', ['Content-Length:\r\n 0'], SMUGGLED),
  'a Transfer-Encoding folded into another': post(
    '/events',
    ['X-Any: a\r\n\tTransfer-Encoding: chunked'],
    LAST,
  ),
  'a first header that is folded': `POST /events HTTP/1.1\r\n Host: localhost\r\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
  'lines that end with LF alone': `${FRONT}\r\nContent-Length: 0\r\n\r\n`.replaceAll('\r', '') + SMUGGLED,
  'one line that ends with LF alone': post('/events', [`X-Any: a\n${CHUNKED}`], LAST),
  'one line that ends with CR alone': post('/events', [`X-Any: a\r${CHUNKED}`], LAST),
  'a head that ends with LF alone': `${FRONT}\r\nContent-Length: 0\r\n\n${SMUGGLED}`,
  'a chunk extension with LF alone': post('/events', [CHUNKED], `2;\n{}\r\n${LAST}`),
  'a line break in the quotes of a chunk extension': post(
    '/events',
    [CHUNKED],
    `2;a="\r\n"\r\n{}\r\n${LAST}`,
  ),
  'a space after a chunk size': post('/events', [CHUNKED], `2 \r\n{}\r\n${LAST}`),
  'a chunk size of letters': post('/events', [CHUNKED], `zz\r\n${LAST}`),
  'a chunk size with a prefix': post('/events', [CHUNKED], `0x2\r\n{}\r\n${LAST}`),
  'a chunk size below zero': post('/events', [CHUNKED], `-2\r\n{}\r\n${LAST}`),
  'a chunk size that overflows': post('/events', [CHUNKED], `10000000000000002\r\n{}\r\n${LAST}`),
  'a chunk size after a space': post('/events', [CHUNKED], ` 2\r\n{}\r\n${LAST}`),
  'a chunk without a size': post('/events', [CHUNKED], `\r\n{}\r\n${LAST}`),
  'a chunk that is longer than its size': post('/events', [CHUNKED], `1\r\n{}\r\n${LAST}`),
  'a chunk size that ends with LF alone': post('/events', [CHUNKED], `2\n{}\r\n${LAST}`),
  'chunked in HTTP/1.0, with a length': post('/events', ['Content-Length: 4', CHUNKED], LAST).replace(
    '1.1',
    '1.0',
  ),
};

test('a request whose end is not certain is refused, and nothing after it is carried out', async (t) => {
  const started = await start(t, { store: 'memory:' });
  for (const [name, bytes] of Object.entries(AMBIGUOUS)) {
    const answers = await answersUntilClosed(t, started.url, bytes);
    t.strictSame(
      answers.map(({ status, headers }) => [
        status,
        headers['content-type']?.split(';')[0],
        headers.connection,
      ]),
      [[400, 'application/problem+json', 'close']],
      name,
    );
  }
  t.strictSame(await messages(started), []);
});

/** Whoever does not read the body of these carries out what is in it. */
const IGNORED_BODIES: readonly (readonly [line: string, ...statuses: number[]])[] = [
  ['GET / HTTP/1.1', 200],
  ['GET /docs HTTP/1.1', 200],
  ['GET /agents HTTP/1.1', 200],
  ['HEAD /agents HTTP/1.1', 200],
  ['GET /health/live HTTP/1.1', 200],
  ['GET /nothing HTTP/1.1', 404],
  ['POST /nothing HTTP/1.1', 404, 400],
  ['PATCH /agents HTTP/1.1', 405],
  ['OPTIONS /agents HTTP/1.1', 405],
  ['POST /health/live HTTP/1.1', 405],
  ['GET /agents?limit=0 HTTP/1.1', 400],
  ['GET /agents/% HTTP/1.1', 400],
  ['POST /events HTTP/1.1', 400],
];

test('a body is never read as the next request, whether anybody looked at it or not', async (t) => {
  const started = await start(t, { store: 'memory:' });
  const end = 'GET /sessions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  for (const [line, ...statuses] of IGNORED_BODIES) {
    for (const framed of [
      `${LENGTH}\r\n\r\n${SMUGGLED}`,
      `${CHUNKED}\r\n\r\n${SMUGGLED.length.toString(16)};a="b"\r\n${SMUGGLED}\r\n0\r\nX-Trailer: a\r\n\r\n`,
    ]) {
      const bytes = `${line}\r\nHost: localhost\r\nContent-Type: application/json\r\n${framed}${end}`;
      const [first, ...rest] = await answersUntilClosed(t, started.url, bytes, [
        line.split(' ')[0] as string,
      ]);
      t.ok(statuses.includes(first?.status ?? 0), `${line}: ${first?.status}`);
      // It may also close the connection: what comes after is then nobody's.
      const after = rest.map((answer) => [answer.status, answer.body.toString()]);
      t.strictSame(after, first?.headers.connection === 'close' ? [] : [[200, '{"sessions":[]}']], line);
    }
  }
  t.strictSame(await messages(started), []);
});

test('what is refused before its body has come is not followed by that body as a request', async (t) => {
  const started = await start(t, { store: 'memory:', maxBodyBytes: 1024 });
  const padding = 'x'.repeat(2000);
  const refused: Readonly<Record<string, readonly [bytes: string, status: number]>> = {
    'a body that is too large': [
      post('/events', [`Content-Length: ${padding.length + SMUGGLED.length}`], padding),
      413,
    ],
    'a chunk that is too large': [
      post('/events', [CHUNKED], `${(padding.length + SMUGGLED.length).toString(16)}\r\n${padding}`),
      413,
    ],
    'another type': [post('/events', [LENGTH], '').replace('application/json', 'text/plain'), 415],
    'no session': [post('/events', [LENGTH], '').replace('X-Session-Id: test\r\n', ''), 400],
  };
  for (const [name, [bytes, status]] of Object.entries(refused)) {
    const connection = dial(t, started.url);
    connection.send(bytes);
    const [answer] = await firstAnswers(connection, 1);
    t.equal(answer?.status, status, name);
    connection.socket.end(SMUGGLED);
    t.equal(await connection.until(() => false, 5000), 'closed');
    t.equal(connection.reader.answers.length, 1, `${name}: one request, one answer`);
  }
  t.strictSame(await messages(started), []);
});

test('trailers and extensions of chunks change nothing of the request', async (t) => {
  const started = await start(t, { store: 'memory:' });
  const body = '{"message":"one"}';
  const chunk = `${body.length.toString(16)};name=value;quoted="a b"\r\n${body}\r\n`;
  const trailers = 'X-Session-Id: not a name\r\nContent-Length: 99\r\nTransfer-Encoding: xchunked';
  const [answer] = await answersUntilClosed(
    t,
    started.url,
    post('/events', [CHUNKED, 'Connection: close'], `${chunk}0\r\n${trailers}\r\n\r\n`),
  );
  t.ok([201, 400].includes(answer?.status ?? 0), `${answer?.status}`);
  const endless = post('/events', [CHUNKED], `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`);
  const [refused] = await answersUntilClosed(t, started.url, endless);
  t.ok([400, 413, 431].includes(refused?.status ?? 0), `an extension without end: ${refused?.status}`);
  t.ok((await messages(started)).length <= 1);
});

test('the requests that are really there are carried out: a smuggled one would be seen', async (t) => {
  const started = await start(t, { store: 'memory:' });
  const answers = await answersUntilClosed(t, started.url, notify('first') + SMUGGLED);
  t.strictSame(
    answers.map(({ status }) => status),
    [201, 201],
  );
  t.strictSame(await messages(started), ['first', 'smuggled']);
});
