import { test } from 'tap';
import { start } from '../service.ts';
import { answersUntilClosed, json, messages, notify, post } from './wire.ts';

test('a header of 64 KiB is 431, and the connection is closed', async (t) => {
  const started = await start(t, { store: 'memory:' });
  const big = 'x'.repeat(64 * 1024);
  const requests = [
    notify('a value', [`X-Big: ${big}`]),
    notify('a name', [`${big}: x`]),
    notify('a session', [`X-Session-Id: ${big}`]),
    notify(
      'many',
      Array.from({ length: 6000 }, (_, index) => `X-${index}: x`),
    ),
    `GET /agents?kind=${big} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET / HTTP/1.1\r\nX-Endless: ${big}`,
  ];
  for (const request of requests) {
    const answers = await answersUntilClosed(t, started.url, request);
    t.equal(answers.length, 1);
    t.match(answers[0], { status: 431, headers: { connection: 'close' } });
    t.equal(json(answers[0]).code, 'headers-too-large');
  }
  t.strictSame(await messages(started), []);
});

test('a JSON of 10,000 levels is refused, and takes no time', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const levels = 10_000;
  const nested = [
    `${'['.repeat(levels)}${']'.repeat(levels)}`,
    `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
    `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`,
    '['.repeat(levels),
    '{"a":'.repeat(levels),
  ];
  const fields = [
    ['/agents', '"name":"n","kind":"k","metadata"'],
    ['/approvals', '"action":"a","details"'],
    ['/approvals/wait', '"action":"a","details"'],
    ['/events', '"payload"'],
    ['/events', '"unknown"'],
  ];
  const began = performance.now();
  for (const json of nested) {
    for (const [path = '', members] of fields) {
      t.match(await client.post(path, `{${members}:${json}}`), {
        status: 400,
        body: { errors: [{ field: 'body' }] },
      });
    }
    t.match(await client.post('/events', json), { status: 400, body: { errors: [{ field: 'body' }] } });
  }
  t.ok(performance.now() - began < 5000, 'thirty of them');
  t.strictSame((await client.get('/events')).body.events, []);
});

test('a body that is declared as endless is refused at once', async (t) => {
  const started = await start(t, { store: 'memory:' });
  for (const length of ['262145', '999999999999', '9007199254740991']) {
    const answers = await answersUntilClosed(
      t,
      started.url,
      post('/events', [`Content-Length: ${length}`], ''),
    );
    t.match(answers[0], { status: 413 }, length);
  }
  t.strictSame(await messages(started), []);
});
