import { once } from 'node:events';
import { test } from 'tap';
import { start } from '../service.ts';
import { publish, range, until } from './publish.ts';
import { RawConnection } from './raw.ts';

const MEMORY = { store: 'memory:' };
const AGE_MS = 600_000;

interface Answer {
  readonly head: string;
  readonly body: string;
  /** What follows it on the connection. */
  readonly rest: string;
}

/** Reads one answer in chunks, to its end. Throws at the first byte that is not as HTTP/1.1 has it. */
function readChunked(bytes: Buffer): Answer {
  const headEnd = bytes.indexOf('\r\n\r\n') + 4;
  let at = headEnd;
  let body = '';
  for (;;) {
    const [line = '', size = ''] = /^([0-9a-f]+)\r\n/.exec(bytes.toString('latin1', at, at + 12)) ?? [];
    const begin = at + line.length;
    const end = begin + Number.parseInt(size, 16);
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') {
      throw new Error(`no chunk at ${at}: ${bytes.toString('latin1', at, at + 100)}`);
    }
    if (begin === end) {
      return { head: bytes.toString('latin1', 0, headEnd), body, rest: bytes.toString('utf8', end + 2) };
    }
    body += bytes.toString('utf8', begin, end);
    at = end + 2;
  }
}

function seqsIn(body: string): number[] {
  return [...body.matchAll(/^data: \{"seq":(\d+),"id"/gm)].map(([, seq]) => Number(seq));
}

test('every byte of a stream is in a chunk as long as it says, to a clean end', async (t) => {
  const service = await start(t, MEMORY);
  await publish(service, 3);
  const raw = new RawConnection(t, service.url);
  raw.send('GET', '/events/stream?last_event_id=1');
  await raw.receives('hello');
  // Several events at once, characters of every length, and more than one part can hold.
  await publish(service, 20, (index) => ({ message: 'é😀\ud83d'.repeat(index + 1), payload: index }));
  await publish(service, 10, () => ({ payload: 'ü'.repeat(100_000) }));
  await until(() => seqsIn(raw.body).length === 32);
  service.clocks.pass(15_000);
  await until(() => /^id: [0-9a-f]{8}-33\n\n$/m.test(raw.body));
  const last = await publish(service, 1);
  await raw.receives(`-${last}\ndata: `);
  service.clocks.pass(AGE_MS);
  await until(() => raw.received.endsWith('\r\n0\r\n\r\n'));
  const { head, body, rest } = readChunked(Buffer.from(raw.received));
  t.match(head, /^HTTP\/1\.1 200 OK\r\n(.+\r\n)*transfer-encoding: chunked\r\n/i);
  t.same(seqsIn(body), range(2, last));
  t.equal(body.match(/"message":"(é😀\\?[^"]*)+"/g)?.length, 20);
  t.equal(rest, '', 'the connection is free for the next request');
  raw.send('GET', '/health/live');
  await until(() => raw.received.includes('HTTP/1.1 200 OK', head.length));
});

test('a client of HTTP/1.0 gets the same frames without chunks, to the end of the connection', async (t) => {
  const service = await start(t, MEMORY);
  const raw = new RawConnection(t, service.url);
  const closed = once(raw.socket, 'close');
  raw.send('GET', '/events/stream?last_event_id=0', {}, '1.0');
  await until(() => raw.received.includes('event: hello'));
  const last = await publish(service, 5);
  await until(() => raw.received.includes(`-${last}\ndata: `));
  service.clocks.pass(15_000);
  await until(() => /^id: [0-9a-f]{8}-5\n\n$/m.test(raw.received));
  service.clocks.pass(AGE_MS);
  await closed;
  t.notMatch(raw.head, /transfer-encoding/i);
  const frames = raw.received.slice(raw.head.length + 4).split('\n\n');
  t.equal(frames[0], 'retry: 2000');
  t.equal(frames.pop(), '', 'it ends with a whole frame');
  t.ok(
    frames.slice(1).every((frame) => /^id: [0-9a-f]{8}-\d+(\nevent: hello)?(\ndata: \{.*\})?$/.test(frame)),
  );
  t.same(seqsIn(raw.received), range(1, last));
});

test('what is asked behind a stream on its connection comes after it, and never into it', async (t) => {
  const service = await start(t, MEMORY);
  const raw = new RawConnection(t, service.url);
  raw.send('GET', '/events/stream?session_id=a');
  raw.send('GET', '/health/live');
  raw.send('GET', '/events/stream?session_id=b');
  await until(async () => (await service.client.get('/sessions')).body.sessions.length === 2);
  await raw.receives('hello');
  const last = await publish(service, 30);
  await raw.receives(`-${last}\ndata: `);
  service.clocks.pass(AGE_MS);
  await until(() => raw.received.endsWith('\r\n0\r\n\r\n') && raw.received.split('HTTP/1.1 ').length === 4);
  const first = readChunked(Buffer.from(raw.received));
  t.same(seqsIn(first.body), range(1, last));
  const health = first.rest.slice(0, first.rest.indexOf('HTTP/1.1', 1));
  t.match(health, /^HTTP\/1\.1 200 OK\r\n(.+\r\n)*\r\n\{[^{}]*\}$/);
  const second = readChunked(Buffer.from(first.rest.slice(health.length)));
  t.match(second.body, /"session_id":"b"/);
  t.same(seqsIn(second.body), range(1, last), 'it has not missed what happened before its turn');
  t.equal(second.rest, '');
});

test('a client that has said that it sends no more, and still reads, ends no other stream', async (t) => {
  const service = await start(t, MEMORY);
  const other = await service.stream();
  await other.hello();
  const half = new RawConnection(t, service.url);
  half.send('GET', '/events/stream?session_id=half');
  await half.receives('hello');
  half.socket.end();
  const last = await publish(service, 10);
  await other.seq(last);
  await until(async () => (await service.client.get('/sessions')).body.sessions.length === 0);
  t.same(other.seqs, range(1, last));
  t.same(
    service.logged.filter(({ level }) => Number(level) >= 40),
    [],
  );
});
