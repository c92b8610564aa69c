import { spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { test } from 'tap';
import { EventStream } from '../event-stream.ts';
import { Sallyport, UNMEASURED } from '../process/sallyport.ts';

const WANTED = 10_000;
const LEAST = 2000;
/** What the processes need besides. */
const OTHER_FILES = 300;
/** At once: beyond it the system's queue of new connections overflows, and they take seconds. */
const BATCH = 250;

const limit =
  Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout) || Number.POSITIVE_INFINITY;
const count = Math.min(WANTED, limit - OTHER_FILES);
const skip = count < LEAST && `needs ${LEAST + OTHER_FILES} open files; \`ulimit -n\` is ${limit}`;

test('thousands of connections that say nothing keep nobody waiting', { skip }, async (t) => {
  const sallyport = new Sallyport(t, { through: UNMEASURED, args: ['--port', '0', '--store', 'memory:'] });
  const url = await sallyport.url();
  const sockets: Socket[] = [];
  t.teardown(() => sockets.map((socket) => socket.destroy()));
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - sockets.length) }, () => opened(url));
    sockets.push(...(await Promise.all(batch)));
  }
  t.comment(`${sockets.length} connections`);

  const stream = await EventStream.open(`${url}/events/stream`);
  t.teardown(() => stream.close());
  const times: number[] = [];
  for (let index = 1; index <= 100; index++) {
    const began = performance.now();
    const headers = { 'X-Session-Id': 'test', 'Content-Type': 'application/json' };
    const answer = await fetch(`${url}/events`, { method: 'POST', headers, body: '{}' });
    t.equal(answer.status, 201);
    await answer.text();
    await stream.seq(index);
    times.push(performance.now() - began);
  }
  const slowest = Math.max(...times);
  t.ok(slowest < 1000, `the slowest of 100 changes took ${slowest.toFixed(1)} ms, with its event`);
  t.ok(
    sockets.every((socket) => !socket.destroyed),
    'they are all still there',
  );
});

function opened(url: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once('error', reject);
  });
}
