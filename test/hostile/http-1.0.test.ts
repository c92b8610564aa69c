import { test } from 'tap';
import { start } from '../service.ts';
import { answersUntilClosed, dial, firstAnswers, json, SOON_MS } from './wire.ts';

/** Knows neither chunks nor `Host`. */
function old(line: string, lines: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`];
  return `${[`${line} HTTP/1.0`, 'X-Session-Id: old', ...length, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

const KEEP = ['Connection: keep-alive'];

test('an HTTP/1.0 client is answered without chunks, and the connection is closed', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  for (const [request, status] of [
    [old('GET /agents'), 200],
    [old('GET /'), 200],
    [old('GET /docs'), 200],
    [old('GET /openapi.json'), 200],
    [old('GET /metrics'), 200],
    [old('POST /events', [], '{"message":"old"}'), 201],
    [old('GET /nothing'), 404],
    [old('PATCH /agents'), 405],
  ] as const) {
    const answers = await answersUntilClosed(t, url, request);
    t.equal(answers.length, 1);
    t.match(answers[0], { status, headers: { connection: 'close' } }, request.split('\r\n', 1).join());
    t.notOk(answers[0]?.headers['transfer-encoding']);
  }
  const [head] = await answersUntilClosed(t, url, old('HEAD /agents'), ['HEAD']);
  t.equal(head?.status, 200);
});

test('an HTTP/1.0 client that asks for it keeps its connection', async (t) => {
  const { url } = await start(t, { store: 'memory:' });
  const connection = dial(t, url);
  for (const [index, request] of [
    old('POST /events', KEEP, '{"message":"one"}'),
    old('GET /events', KEEP),
    old('GET /nothing', KEEP),
  ].entries()) {
    connection.send(request);
    const [answer] = await firstAnswers(connection, 1);
    t.equal(answer?.status, [201, 200, 404][index]);
    t.equal(answer?.headers.connection, 'keep-alive');
  }
  connection.send(old('GET /events'));
  t.equal(await connection.until(() => false, SOON_MS), 'closed');
  t.equal(json(connection.reader.answers[0]).events.length, 1);
});

test('an HTTP/1.0 client can wait, with and without keep-alive', async (t) => {
  const { url, client } = await start(t, { store: 'memory:' });
  for (const lines of [[], KEEP]) {
    const connection = dial(t, url);
    connection.send(old('POST /approvals/wait', lines, '{"action":"a"}'));
    const pending = async () => (await client.get('/approvals?status=pending')).body.approvals[0];
    let approval = await pending();
    while (approval === undefined) {
      approval = await pending();
    }
    await client.post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' });
    const [answer] = await firstAnswers(connection, 1);
    t.match(json(answer), { outcome: 'approved', approval: { id: approval.id } });
    t.notOk(answer?.headers['transfer-encoding']);
    connection.send(old(`GET /approvals/${approval.id}/wait`, lines));
    if (lines.length > 0) {
      t.match(json((await firstAnswers(connection, 1))[0]), { outcome: 'approved' });
    } else {
      t.equal(await connection.until(() => false, SOON_MS), 'closed');
    }
  }
});

test('an HTTP/1.0 client can follow the stream: it ends with the connection', async (t) => {
  const { url, client } = await start(t, { store: 'memory:' });
  for (const lines of [[], KEEP]) {
    const connection = dial(t, url);
    connection.send(old('GET /events/stream', lines));
    const has = (text: string) =>
      connection.until(({ open }) => open?.body.toString().includes(text) === true, SOON_MS);
    t.equal(await has('event: hello'), 'passed');
    const { body: event } = await client.post('/events', { message: 'to all' });
    t.equal(await has(`data: ${JSON.stringify(event)}\n\n`), 'passed');
    t.notOk(connection.reader.open?.headers['transfer-encoding'], 'no chunks');
    connection.destroy();
  }
});
