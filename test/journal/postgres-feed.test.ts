import tap, { test } from 'tap';
import { Feed, SILENT_MS } from '../../src/journal/postgres-feed.ts';
import { targetOf } from '../../src/journal/postgres-target.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { serverFor } from './postgres-contract.ts';

const skip = noPostgres;
let server: PostgresServer;
if (!skip) server = await serverFor(tap);

test('a database that says nothing is a problem, while the log is followed', (t) => {
  let heardAt = performance.now();
  const feed = new Feed({
    target: targetOf('postgres://127.0.0.1:1/none'),
    writer: 'me',
    pollMs: 1000,
    catchUp: () => new Promise(() => {}),
    heardAt: () => heardAt,
  });
  feed.start();
  t.equal(feed.problem(), null);
  heardAt -= SILENT_MS + 1;
  t.match(feed.problem(), /^the database has not answered for \d+ ms$/);
  feed.stop();
  t.equal(feed.problem(), null);
  t.end();
});

test('a read that failed is a problem until one works', async (t) => {
  const results = [Promise.reject(new Error('away')), Promise.resolve(), Promise.resolve()];
  const reads: PromiseWithResolvers<void>[] = [0, 1, 2].map(() => Promise.withResolvers());
  let made = 0;
  const feed = new Feed({
    target: targetOf('postgres://127.0.0.1:1/none'),
    writer: 'me',
    pollMs: 5,
    catchUp: () => {
      const read = made;
      made += 1;
      return (results[read] ?? Promise.resolve()).finally(() => setImmediate(() => reads[read]?.resolve()));
    },
    heardAt: () => performance.now(),
  });
  feed.start();
  await reads[0]?.promise;
  t.equal(feed.problem(), 'away');
  await reads[1]?.promise;
  t.equal(feed.problem(), null);
  feed.stop();
});

test('when it is stopped while it connects, it does not listen', { skip }, async (t) => {
  const proxy = await TcpProxy.open(server.port);
  t.teardown(() => proxy.close());
  let reads = 0;
  const feed = new Feed({
    target: targetOf(proxy.through(server.url)),
    writer: 'me',
    pollMs: null,
    catchUp: async () => {
      reads += 1;
    },
    heardAt: () => performance.now(),
  });
  feed.start();
  feed.stop();
  while (proxy.accepted === 0 || proxy.open > 0) await new Promise(setImmediate);
  t.equal(reads, 1);
});
