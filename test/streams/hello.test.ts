import { test } from 'tap';
import type { EventStream } from '../event-stream.ts';
import { start } from '../service.ts';
import { publish, range } from './publish.ts';
import { RawConnection } from './raw.ts';

const MEMORY = { store: 'memory:' };

test('a stream begins with retry and hello, and an event is an id and one data line', async (t) => {
  const service = await start(t, MEMORY);
  const raw = new RawConnection(t, service.url);
  raw.send('GET', '/events/stream?session_id=ui-1');
  await raw.receives('hello');
  const epoch = /^id: ([0-9a-f]{8})-0$/m.exec(raw.body)?.[1] as string;
  const { text } = await service.client.post('/events', { kind: 'deploy.done', payload: { at: 1 } });
  await raw.receives(`${epoch}-1`);
  const hello = '{"seq":0,"resumed_from":null,"gap":false,"session_id":"ui-1"}';
  t.equal(
    raw.body.replace(':ok\n\n', ''),
    `retry: 2000\n\nid: ${epoch}-0\nevent: hello\ndata: ${hello}\n\nid: ${epoch}-1\ndata: ${text}\n\n`,
  );
  t.match(text, /^\{"seq":1,"id":"event-[0-9a-f]{12,}","timestamp":"[^"]+Z","kind":"deploy.done",/);
  t.match(text, /"agent_id":null,"message":"deploy.done","payload":\{"at":1\}\}$/);
});

test('the head of a stream keeps caches and proxies from holding it back', async (t) => {
  const service = await start(t, MEMORY);
  const stream = await service.stream();
  t.equal(stream.status, 200);
  t.match(stream.headers['content-type'], /^text\/event-stream(;|$)/);
  t.match(stream.headers['cache-control'], /no-cache|no-store/);
  t.equal(stream.headers['x-accel-buffering'], 'no');
  t.match(stream.headers['x-request-id'], /^request-/);
});

test('the stream answers GET only', async (t) => {
  const { client } = await start(t, MEMORY);
  for (const method of ['HEAD', 'POST', 'DELETE']) {
    const { status, headers } = await client.call(method, '/events/stream');
    t.match({ status, allow: headers.allow }, { status: 405, allow: 'GET' }, method);
  }
});

test('whatever is in a payload or a message arrives intact, as one line', async (t) => {
  const service = await start(t, MEMORY);
  const raw = new RawConnection(t, service.url);
  raw.send('GET', '/events/stream');
  await raw.receives('hello');
  const odd = 'a\u2028b\u2029c\r\nd\re\n\nid: 1-1\ndata: f😀\ud83d \ude00g\u0000\u0085\ufeff"\\';
  await service.client.post('/events', { message: odd, payload: { [odd]: [odd, 'last'] } });
  await raw.receives('"last"]}}\n\n');
  const frame = raw.body.split('\n\n').find((part) => part.includes('"last"')) as string;
  const lines = frame.split(/\r\n|\r|\n/);
  t.match(lines, [/^id: [0-9a-f]{8}-1$/, /^data: \{/]);
  t.equal(lines.length, 2);
  const event = JSON.parse((lines[1] as string).slice('data: '.length));
  t.equal(event.message, odd);
  t.same(event.payload, { [odd]: [odd, 'last'] });
});

test('without a position the stream begins with the next event', async (t) => {
  const service = await start(t, MEMORY);
  await publish(service, 3);
  const stream = await service.stream();
  const { id, data } = await stream.hello();
  t.match(id, /^[0-9a-f]{8}-3$/);
  t.same(data, { seq: 3, resumed_from: null, gap: false, session_id: null });
  await publish(service, 2);
  await stream.seq(5);
  t.same(stream.seqs, [4, 5]);
});

test('hello says how a stream goes on', async (t) => {
  const service = await start(t, { ...MEMORY, retainEvents: 10 });
  await publish(service, 20);
  await service.client.get('/events', { headers: { 'Sallyport-Min-Seq': '20' } });
  const { id = '' } = await (await service.stream()).hello();
  const epoch = id.slice(0, 8);
  const other = epoch === '00000000' ? '11111111' : '00000000';
  const { body } = await service.client.get('/events?after=0&limit=1');
  const floor = body.events[0].seq - 1;
  t.ok(floor >= 9, 'some events are gone');

  const resumed = { gap: false, snapshots: 0 };
  const lost = { id: undefined, resumed_from: null, gap: true, snapshots: 1, events: [] };
  const beyond = 21;
  const opened: { stream: EventStream; expected: object; title: string }[] = [];
  for (const [position, snapshot, expected] of [
    [`${epoch}-18`, false, { ...resumed, id: `${epoch}-18`, resumed_from: 18, events: [19, 20] }],
    ['18', false, { ...resumed, id: `${epoch}-18`, resumed_from: 18, events: [19, 20] }],
    [`${epoch}-20`, false, { ...resumed, id: `${epoch}-20`, resumed_from: 20, events: [] }],
    [`${epoch}-18`, true, { ...resumed, id: `${epoch}-18`, resumed_from: 18, events: [19, 20] }],
    [`${epoch}-20`, true, { ...resumed, id: `${epoch}-20`, resumed_from: 20, events: [] }],
    [
      `${epoch}-${floor}`,
      false,
      { ...resumed, id: `${epoch}-${floor}`, resumed_from: floor, events: range(floor + 1, 20) },
    ],
    [`${epoch}-${floor - 1}`, false, lost],
    ['0', false, lost],
    [`${other}-18`, false, lost],
    [`${other}-18`, true, lost],
    [`${epoch}-${beyond}`, false, lost],
    [`${beyond}`, false, lost],
    ['99999999999999999999', false, lost],
    [null, true, { id: undefined, resumed_from: null, gap: false, snapshots: 1, events: [] }],
  ] as const) {
    const headers: Record<string, string> = position === null ? {} : { 'Last-Event-ID': position };
    const stream = await service.stream(`/events/stream?snapshot=${snapshot}`, headers);
    await stream.hello();
    await stream.frame(({ event }) => event === 'snapshot' || stream.seqs.length === expected.events.length);
    opened.push({ stream, expected, title: `${position} ${snapshot}` });
  }

  // What must not come would have come before the next event.
  await publish(service, 1);
  for (const { stream, expected, title } of opened) {
    await stream.seq(21);
    const { id, data } = await stream.hello();
    const { resumed_from, gap } = data;
    const snapshots = stream.frames.filter(({ event }) => event === 'snapshot').length;
    const events = stream.seqs.slice(0, -1);
    t.same({ id, resumed_from, gap, snapshots, events }, expected, title);
    t.equal(data.seq, 20, 'hello has the newest seq');
    t.equal(stream.frames.find(({ event }) => event !== undefined)?.event, 'hello', 'hello comes first');
  }
});

test('a bare 0 is from the beginning, of an empty log too', async (t) => {
  const service = await start(t, MEMORY);
  const early = await service.stream('/events/stream', { 'Last-Event-ID': '0' });
  t.match(await early.hello(), { data: { seq: 0, resumed_from: 0, gap: false } });
  await publish(service, 3);
  await early.seq(3);
  const late = await service.stream('/events/stream?last_event_id=0');
  await late.seq(3);
  t.same([early.seqs, late.seqs], [range(1, 3), range(1, 3)]);
});

test('the header Last-Event-ID wins over the query, unless it is empty', async (t) => {
  const service = await start(t, MEMORY);
  await publish(service, 5);
  for (const [header, query, resumedFrom] of [
    ['4', '1', 4],
    ['4', 'nonsense', 4],
    ['', '1', 1],
  ] as const) {
    const path = `/events/stream?last_event_id=${query}`;
    const stream = await service.stream(path, { 'Last-Event-ID': header });
    t.equal((await stream.hello()).data.resumed_from, resumedFrom, `${header} ${query}`);
  }
});

test('a position that is neither an id nor a seq is refused', async (t) => {
  const { client } = await start(t, MEMORY);
  const malformed = ['x', '-1', '1.5', '7f3a9c21', '7f3a9c21-', '7f3a9c2-1', 'zzzzzzzz-1', '1 2', '1e3'];
  for (const text of malformed) {
    const byHeader = await client.get('/events/stream', { headers: { 'Last-Event-ID': text } });
    const byQuery = await client.get(`/events/stream?last_event_id=${encodeURIComponent(text)}`);
    for (const [{ status, body }, field] of [
      [byHeader, 'Last-Event-ID'],
      [byQuery, 'last_event_id'],
    ] as const) {
      t.match(
        { status, body },
        { status: 400, body: { code: 'validation-failed', errors: [{ field }] } },
        text,
      );
    }
  }
  t.equal((await client.get('/events/stream?last_event_id=')).status, 400);
});

test('a query that is not known, or is of the wrong form, is refused', async (t) => {
  const { client } = await start(t, MEMORY);
  for (const [query, field] of [
    ['snapshot=yes', 'snapshot'],
    ['kind=NO', 'kind'],
    ['kind=a.*.b', 'kind'],
    ['agent_id=a%20b', 'agent_id'],
    ['session_id=', 'session_id'],
    ['session_id=a%20b', 'session_id'],
    ['sesion=a', 'sesion'],
  ] as const) {
    const { status, body } = await client.get(`/events/stream?${query}`, { session: null });
    t.match({ status, body }, { status: 400, body: { errors: [{ field }] } }, query);
  }
});
