import { type Test, test } from 'tap';
import { Client } from '../client.ts';
import { Sallyport } from '../process/sallyport.ts';
import { start } from '../service.ts';
import { RawConnection } from '../streams/raw.ts';
import { POISON, plant } from './poison.ts';

/** Everything below a space, and the second set of control characters that terminals know. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** One line of a frame, in JSON where it is data. */
const LINE = /^(|: ?ok|retry: 2000|id: [0-9a-f]{8}-\d+|event: (hello|snapshot)|data: \{.*\})$/s;

/** Reads as a browser does: a line ends with CR, LF or both, and with nothing else. */
function dataIn(t: Test, body: string): { seq: number; message: string; payload: unknown }[] {
  const lines = body.split(/\r\n|\r|\n/);
  t.strictSame(
    lines.filter((line) => !LINE.test(line)),
    [],
    'nothing in the stream but its own fields',
  );
  return lines.filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)));
}

test('stored text is data in the stream, live, resumed and in a snapshot', async (t) => {
  const { url, client } = await start(t);
  const live = new RawConnection(t, url);
  live.send('GET', '/events/stream');
  await live.receives('event: hello');
  const events = await plant((method, path, body) => client.call(method, path, { body }));

  const resumed = new RawConnection(t, url);
  resumed.send('GET', '/events/stream?last_event_id=0');
  for (const stream of [live, resumed]) {
    await stream.receives(`{"seq":${events},`);
    await stream.receives(`-${events}\ndata: `);
    await client.get('/events');
    const [hello, ...rest] = dataIn(t, stream.body);
    t.match(hello, { session_id: null });
    t.strictSame(
      rest.map(({ seq }) => seq),
      Array.from({ length: events }, (_, index) => index + 1),
      'no event was forged',
    );
    t.strictSame(rest.at(-1)?.message, POISON, 'and it is given back as it came');
    t.match(rest.at(-1)?.payload, { [POISON]: [POISON] });
  }

  const fresh = new RawConnection(t, url);
  fresh.send('GET', '/events/stream?snapshot=true');
  await fresh.receives('"more":false');
  await fresh.receives('}\n\n');
  const frames = dataIn(t, fresh.body);
  t.match(frames.at(-1), { seq: events, more: false });
});

test('stored text is data in every answer, and never a page', async (t) => {
  const { client, url } = await start(t);
  await plant((method, path, body) => client.call(method, path, { body }));
  for (const path of ['/agents', '/agents/poisoned', '/approvals', '/events']) {
    const answer = await client.get(path);
    t.match(answer.headers['content-type'], /^application\/json\b/, path);
    t.notMatch(answer.text, CONTROL_BUT_C1, `${path} has no raw control characters`);
    t.ok(JSON.stringify(answer.body).includes(JSON.stringify(POISON).slice(1, 60)), `${path} has the text`);
  }
  for (const path of ['/', '/docs', '/openapi.json', '/openapi.yaml', '/metrics', '/sessions']) {
    const answer = await client.get(path, { session: null });
    t.equal(answer.status, 200, path);
    t.notMatch(answer.text, /alert\(|onerror=|poisoned/, `nothing stored is in ${path}`);
  }
  const echoes = [
    '/agents/<script>alert(1)</script>',
    '/<img src=x onerror=alert(1)>',
    '/agents?kind=a&<script>=1',
  ];
  for (const path of echoes) {
    const answer = await fetch(url + path);
    t.ok(answer.status >= 400, path);
    t.match(
      answer.headers.get('content-type'),
      /^application\/problem\+json\b/,
      'an error is no page either',
    );
  }
});

/** C1 controls are text to JSON, which goes to programs and not to terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL_BUT_C1 = /[\u0000-\u001f]/;

test('stored text is data in the log: one line of JSON for each thing that is logged', async (t) => {
  const sallyport = new Sallyport(t, { args: ['--port', '0', '--log-level', 'debug'] });
  const url = await sallyport.url();
  const client = await Client.of(url);
  const headers = {
    'User-Agent': 'poison \u009b31m\u0085',
    'X-Request-Id': 'forged',
  };
  let requests = 0;
  await plant((method, path, body) => {
    requests += 1;
    return client.call(method, path, { body, headers });
  });
  const paths = ['/agents/%1b%5b31m%0d%0a%7b%7d', '/%E2%80%A8%00', '/agents?kind=%0a%1b[2J', '/<script>'];
  for (const path of paths) {
    requests += 1;
    t.ok((await client.get(path, { headers, session: null })).status > 0, path);
  }
  const raw = new RawConnection(t, url);
  raw.socket.write(
    Buffer.from(
      'GET /agents?\x9b31m=\xc2\x9b31m HTTP/1.1\r\nHost: localhost\r\nX: \x1b[31m\r\n\r\n',
      'latin1',
    ),
  );
  raw.socket.write('\u001b[31mGET / HTTP/1.1\r\n\r\n');
  await new Promise((resolve) => raw.socket.once('data', resolve));
  client.close();

  const { stdout, stderr } = await sallyport.stop();
  t.equal(stderr, '');
  const lines = stdout.split('\n');
  t.equal(lines.pop(), '');
  t.strictSame(
    lines.filter((line) => CONTROL.test(line) || !line.startsWith('{"level":')),
    [],
    'no line has a raw control character',
  );
  const parsed = lines.map((line) => JSON.parse(line));
  const answered = parsed.filter(({ msg, url }) => msg === 'answered' && url !== '/openapi.json');
  t.equal(answered.length, requests, 'one line for each request');
  const isOpenMode = ({ msg }: { msg: string }) => msg.startsWith('No credentials: ');
  t.ok(parsed.every((line) => (line.level <= 30 || isOpenMode(line)) && line.msg !== 'forged'));
  t.notOk(stdout.includes('alert('), 'and none tells what was stored');
});
