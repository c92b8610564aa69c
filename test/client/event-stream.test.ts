import { test } from 'tap';
import { type Event, Sallyport, type SallyportError } from '../../src/client/index.ts';
import { start } from '../service.ts';
import { type Answer, cut, json, oddServer, text } from './odd-server.ts';

const STREAM = { 'Content-Type': 'text/event-stream' };
const HELLO =
  'id: 7f3a9c21-0\nevent: hello\ndata: {"seq":0,"resumed_from":0,"gap":false,"session_id":null}\n\n';
const event = (seq: number) => `id: 7f3a9c21-${seq}\ndata: {"seq":${seq},"kind":"a.b","message":"é"}\n\n`;
const frames = (...parts: string[]) => text(parts.join(''), 200, STREAM);
/** The first byte of a letter in one piece, the second in the next. */
const torn: Answer = (_request, response) => {
  const bytes = Buffer.from(HELLO + event(1));
  const at = bytes.indexOf('é') + 1;
  response.writeHead(200, STREAM).write(bytes.subarray(0, at));
  setTimeout(() => response.end(bytes.subarray(at)), 50);
};
const open: Answer = (_request, response) => void response.writeHead(200, STREAM).write(HELLO);

/** The first `count` events. */
async function take(stream: AsyncIterable<Event>, count: number): Promise<Event[]> {
  const events: Event[] = [];
  for await (const one of stream) {
    events.push(one);
    if (events.length === count) break;
  }
  return events;
}

test('events come as they happen, filtered, and from where one likes', async (t) => {
  const { url } = await start(t);
  const sallyport = new Sallyport({ url, session: 'a' });
  await sallyport.events.publish({ kind: 'deploy.started', message: 'first' });
  await sallyport.events.publish({ kind: 'other', message: 'second' });
  const kept = sallyport.events({ kind: 'deploy.*', after: 0, onOpen: () => void publish() });
  async function publish(): Promise<void> {
    await sallyport.events.publish({ kind: 'deploy.done', agent_id: 'builder', message: 'third' });
  }
  const seen = await take(kept, 2);
  t.strictSame(
    seen.map(({ seq, message }) => [seq, message]),
    [
      [1, 'first'],
      [3, 'third'],
    ],
  );
  t.match(kept.position, /^[0-9a-f]{8}-3$/);
  t.equal((await take(sallyport.events({ after: 0, agentId: 'builder' }), 1))[0]?.seq, 3);
  t.equal((await take(sallyport.events({ after: 0, kind: ['x', 'other'] }), 1))[0]?.seq, 2);
  const later = sallyport.events({ after: kept.position ?? 0, onOpen: () => void publish() });
  t.equal((await take(later, 1))[0]?.seq, 4, 'the position of one stream is where another goes on');
  t.strictSame(
    (await sallyport.events.list({ after: 2 })).map(({ seq }) => seq),
    [3, 4],
  );
  t.equal((await sallyport.events.list()).length, 4);
});

test('a session is connected while it holds a stream that counts for it', async (t) => {
  const { url } = await start(t);
  const sallyport = new Sallyport({ url, session: 'worker' });
  const stop = new AbortController();
  let seen: string[] = [];
  const opened = (presence: boolean) =>
    take(
      sallyport.events({
        presence,
        signal: stop.signal,
        onOpen: async () => {
          seen = (await sallyport.sessions()).map(({ session_id }) => session_id);
          await sallyport.events.publish({});
        },
      }),
      1,
    );
  await opened(true);
  t.strictSame(seen, ['worker']);
  await opened(false);
  t.notOk(
    seen.includes('worker') && (await sallyport.sessions()).length > 0,
    'another stream counts for nobody',
  );
});

test('a stream resumes after whatever ends a connection, and each event comes once', async (t) => {
  const odd = await oddServer(
    t,
    cut,
    text('', 502),
    torn,
    frames(HELLO, event(2), 'retry: 10\n\n', ': a comment\n\n', 'event: news\ndata: {}\n\n'),
    frames('retry: 5\n\n'),
    frames(HELLO, 'id: 7f3a9c21-9\n\n'),
    frames(''),
    frames(HELLO, event(10)),
  );
  const ends: (string | null)[] = [];
  const delays: number[] = [];
  const onDisconnect = (error: SallyportError | null, delayMs: number) => {
    ends.push(error === null ? null : error.code);
    delays.push(delayMs);
  };
  const seen = await take(new Sallyport({ url: odd.url }).events({ onDisconnect }), 3);
  t.strictSame(
    seen.map(({ seq, message }) => `${seq} ${message}`),
    ['1 é', '2 é', '10 é'],
  );
  t.strictSame(ends, ['unreachable', 'unexpected-answer', null, null, null, null, null]);
  t.strictSame(
    delays.slice(2, 6),
    [50, 10, 5, 50],
    'the last word of the service on when to come back counts',
  );
  const asked = odd.asked.map((path) => path.replace('GET /events/stream', ''));
  const after = (seq: number) => `?last_event_id=7f3a9c21-${seq}`;
  t.strictSame(asked, ['', '', '', after(1), after(2), after(2), after(9), after(9)]);
});

test('a gap is told, and the snapshot after it', async (t) => {
  const { url } = await start(t);
  const sallyport = new Sallyport({ url, session: 'a' });
  await sallyport.agents.register({ name: 'Researcher', kind: 'test' });
  const told: unknown[] = [];
  const stream = sallyport.events({
    after: '00000000-7',
    onGap: (gap) => void told.push(gap),
    onSnapshot: ({ agents, more }) => {
      told.push(agents.length, more);
      void sallyport.events.publish({});
    },
  });
  t.equal((await take(stream, 1))[0]?.seq, 2);
  t.strictSame(told, [{ seq: 1 }, 1, false]);
});

test('a snapshot is asked for at the beginning only', async (t) => {
  const odd = await oddServer(
    t,
    frames(HELLO),
    frames(HELLO, 'event: snapshot\ndata: {"seq":0}\n\n', event(1)),
  );
  await take(new Sallyport({ url: odd.url }).events({ snapshot: true }), 1);
  t.strictSame(odd.asked, [
    'GET /events/stream?snapshot=true',
    'GET /events/stream?last_event_id=7f3a9c21-0',
  ]);
});

test('a connection that says nothing is given up', async (t) => {
  const odd = await oddServer(t, open, () => undefined, frames(HELLO, event(1)));
  const ends: string[] = [];
  const stream = new Sallyport({ url: odd.url }).events({
    silenceMs: 100,
    onDisconnect: (error) => void ends.push(String(error?.detail)),
  });
  t.equal((await take(stream, 1))[0]?.seq, 1);
  t.strictSame(ends, Array(2).fill(`${odd.url} cannot be reached: nothing has come for 0.1 s`));
});

test('what cannot heal ends it', async (t) => {
  const read = async (...answers: Answer[]) => {
    const odd = await oddServer(t, ...answers);
    return take(new Sallyport({ url: odd.url }).events(), 1);
  };
  await t.rejects(read(json({ code: 'unauthenticated', detail: 'no' }, 401)), { code: 'unauthenticated' });
  await t.rejects(read(text('<h1>Welcome</h1>')), { code: 'unexpected-answer', detail: /no event stream/ });
  await t.rejects(read(text('', 200, { 'Content-Type': 'text/html' })), { code: 'unexpected-answer' });
});

test('an abort ends the iteration, at any moment', async (t) => {
  const odd = await oddServer(t, open);
  const sallyport = new Sallyport({ url: odd.url });
  t.strictSame(await take(sallyport.events({ signal: AbortSignal.abort() }), 1), []);
  const whileOpen = new AbortController();
  const reading = take(sallyport.events({ signal: whileOpen.signal, onOpen: () => whileOpen.abort() }), 1);
  t.strictSame(await reading, []);
  odd.answers = [cut];
  const between = new AbortController();
  const trying = take(sallyport.events({ signal: between.signal, onDisconnect: () => between.abort() }), 1);
  t.strictSame(await trying, []);
});
