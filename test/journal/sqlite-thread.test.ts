import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Test, test } from 'tap';
import { OutcomeUnknown, StorageUnavailable } from '../../src/host/journal.ts';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import type { Reply, Request } from '../../src/journal/sqlite-messages.ts';
import { type Channel, MAX_REQUESTS, SqliteThread, startWorker } from '../../src/journal/sqlite-thread.ts';
import { notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';
import { startInThread } from './in-thread.ts';
import { Recorder } from './recorder.ts';

/** A thread that says what the test lets it say. */
class FakeChannel extends EventEmitter implements Channel {
  readonly requests: Request[] = [];
  postMessage(request: Request): void {
    this.requests.push(request);
  }
  reply(...reply: Reply): void {
    this.emit('message', reply);
  }
  terminate(): void {
    this.emit('exit');
  }
}

function fakeThread() {
  const channel = new FakeChannel();
  const fatal: string[] = [];
  const floors: number[] = [];
  const thread = new SqliteThread(channel, 'writer', {
    floor: (floor) => floors.push(floor),
    fatal: (error) => fatal.push(error.message),
  });
  return { channel, thread, fatal, floors };
}

test('answers find who asked, and errors keep their kind', async (t) => {
  const { channel, thread, fatal, floors } = fakeThread();
  const asked = [thread.ask('probe'), thread.ask('probe'), thread.ask('probe')];
  channel.reply(2, 'unavailable', 'full');
  channel.reply(3, 'error', 'broken');
  channel.reply(1, null, 'fine');
  channel.reply(0, null, 17);
  channel.reply(0, 'error', 'retention');
  channel.reply(99, null, 'nobody asked');
  t.equal(await asked[0], 'fine');
  await t.rejects(asked[1] as Promise<unknown>, new StorageUnavailable('full'));
  await t.rejects(asked[2] as Promise<unknown>, new Error('broken'));
  t.strictSame([floors, fatal], [[17], ['retention']]);
});

async function allOf(parts: AsyncIterable<number> | undefined): Promise<number[]> {
  const all: number[] = [];
  for await (const part of parts ?? []) all.push(part);
  return all;
}

test('an answer in parts is read as it comes, and an error ends it after what had come', async (t) => {
  const { channel, thread } = fakeThread();
  const [whole, broken, lost] = [thread, thread, thread].map((each) => each.askInParts<number>('boot'));
  const plain = thread.ask('probe');
  channel.reply(1, null, 10, 'more');
  channel.reply(2, null, 20, 'more');
  channel.reply(1, null, 11, 'more');
  channel.reply(1, null, null);
  channel.reply(2, 'unavailable', 'the file has gone');
  channel.reply(4, null, 'a part of what has none', 'more');
  channel.reply(99, null, 'a part of nothing', 'more');
  channel.reply(4, null, 'fine');
  t.strictSame(await allOf(whole), [10, 11]);
  await t.rejects(allOf(broken), new StorageUnavailable('the file has gone'));
  t.equal(await plain, 'fine');
  channel.emit('exit');
  await t.rejects(allOf(lost), /thread has failed: it has ended/);
});

test('requests to a thread have a limit', async (t) => {
  const { channel, thread } = fakeThread();
  const asked = Array.from({ length: MAX_REQUESTS }, () => thread.ask('probe'));
  await t.rejects(thread.ask('probe'), StorageUnavailable);
  for (const [id] of channel.requests) channel.reply(id, null, null);
  await Promise.all(asked);
});

test('a thread that dies is fatal once, and whoever waits hears of it', async (t) => {
  const { channel, thread, fatal } = fakeThread();
  const asked = thread.ask('probe');
  channel.emit('error', new Error('out of memory'));
  channel.emit('exit');
  await t.rejects(asked, new Error("the log's writer thread has failed: out of memory"));
  t.strictSame(fatal, ["the log's writer thread has failed: out of memory"]);
  await t.rejects(thread.ask('probe'), StorageUnavailable);
  await thread.close();
});

test('a writer that dies in a commit leaves its outcome unknown', async (t) => {
  const fatal = Promise.withResolvers<Error>();
  const workers: Channel[] = [];
  const journal = await openSqlite(
    join(t.testdir(), 'log.db'),
    { ...CONTRACT_DEFAULTS, onFatal: fatal.resolve },
    (start) => {
      const worker = startWorker(start);
      workers.push(worker);
      return worker;
    },
  );
  await journal.append(notification());
  const appended = journal.append(notification());
  await workers[0]?.terminate();
  const error = await appended.catch((error: Error) => error);
  t.ok(error instanceof OutcomeUnknown || error instanceof StorageUnavailable);
  t.match((await fatal.promise).message, /writer thread has failed: it has ended/);
  t.match(journal.problem(), /writer thread has failed/);
  journal.tail({ entries() {}, floor() {} });
  await journal.close();
});

async function opened(t: Test) {
  const path = join(t.testdir(), 'log.db');
  const onFatal = Promise.withResolvers<Error>();
  const options = { ...CONTRACT_DEFAULTS, retainEvents: 10, onFatal: onFatal.resolve, probeEveryMs: 1 };
  const journal = await openSqlite(path, options, startInThread);
  t.teardown(() => journal.close());
  return { path, journal, fatal: onFatal.promise };
}

test('a log that cannot be opened is an error of one sentence', async (t) => {
  const { path } = await opened(t);
  const options = { ...CONTRACT_DEFAULTS, onFatal: (error: Error) => t.fail(error.message) };
  await t.rejects(openSqlite(path, options), /^another process is using the log/);
  await t.rejects(openSqlite(path, options, startInThread), /^another process is using the log/);
});

/** Makes every INSERT of an event fail, as a full disk would. */
async function breakEvents(path: string, on: 'INSERT' | 'DELETE'): Promise<DatabaseSync> {
  const db = new DatabaseSync(path);
  db.exec(
    `CREATE TRIGGER broken BEFORE ${on} ON events BEGIN SELECT raise(ABORT, 'the disk is broken'); END`,
  );
  return db;
}

test('a log that cannot be written refuses, reads, and goes on when it can', async (t) => {
  const { path, journal } = await opened(t);
  const floor = Promise.withResolvers<number>();
  journal.tail({ entries() {}, floor: floor.resolve });
  await journal.append(notification());
  const db = await breakEvents(path, 'INSERT');
  await t.rejects(
    journal.append(notification()),
    new StorageUnavailable('the log cannot be written: the disk is broken'),
  );
  const query = { after: 0, before: null, order: 'asc', limit: 9, kinds: [], agentId: null } as const;
  t.equal((await journal.events(query)).events.length, 1);
  while (journal.problem() !== null) await journal.statistics();
  t.pass('a probe has worked');
  db.exec('DROP TRIGGER broken');
  t.strictSame(await journal.append(notification()), { seq: 2 }, 'the number of the refused one is not lost');
  db.close();
});

test('retention that cannot write is done later', async (t) => {
  const { path, journal } = await opened(t);
  const floor = Promise.withResolvers<number>();
  journal.tail({ entries() {}, floor: floor.resolve });
  const db = await breakEvents(path, 'DELETE');
  for (let count = 0; count < 12; count += 1) await journal.append(notification());
  db.exec('DROP TRIGGER broken');
  db.close();
  await journal.append(notification());
  t.equal(await floor.promise, 3);
});

test('much to forget goes slice by slice, from the moment somebody listens', async (t) => {
  const path = join(t.testdir(), 'log.db');
  const log = new SqliteLog(path, CONTRACT_DEFAULTS);
  log.commit(
    Array.from({ length: 3500 }, () => notification()),
    0,
  );
  log.close();
  const options = {
    ...CONTRACT_DEFAULTS,
    retainEvents: 10,
    onFatal: (error: Error) => t.fail(error.message),
  };
  const journal = await openSqlite(path, options, startInThread);
  t.teardown(() => journal.close());
  const tail = new Recorder();
  journal.tail(tail);
  await tail.floorAt(3490);
  t.strictSame(tail.floors, [1000, 2000, 3000, 3490]);
});

test('the thread that reads starts with the first question, or by itself once the log is followed', async (t) => {
  const options = { ...CONTRACT_DEFAULTS, onFatal: (error: Error) => t.fail(error.message) };
  const open = async (name: string) => {
    const { promise: isReading, resolve } = Promise.withResolvers<void>();
    const roles: string[] = [];
    const journal = await openSqlite(join(t.testdir({}), name), options, (start) => {
      roles.push(start.role);
      if (start.role === 'reader') resolve();
      return startInThread(start);
    });
    t.teardown(() => journal.close());
    await journal.boot();
    return { journal, roles, isReading };
  };
  const asked = await open('asked.db');
  t.strictSame(asked.roles, ['writer']);
  t.equal(await asked.journal.approval('approval-000000000000'), undefined);
  t.strictSame(asked.roles, ['writer', 'reader']);
  const followed = await open('followed.db');
  followed.journal.tail(new Recorder());
  await followed.isReading;
  t.strictSame(followed.roles, ['writer', 'reader']);
});

test('a thread that cannot be started is fatal, and none is started once the log is closed', async (t) => {
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<Error>();
  const journal = await openSqlite(
    join(t.testdir({}), 'log.db'),
    { ...CONTRACT_DEFAULTS, onFatal },
    (start) => {
      if (start.role === 'reader') throw new Error('no room for a thread');
      return startInThread(start);
    },
  );
  await journal.boot();
  journal.tail(new Recorder());
  await t.rejects(journal.approvals({ limit: 1 } as never), { message: 'no room for a thread' });
  t.match(await fatal, { message: 'no room for a thread' });
  await journal.close();

  const roles: string[] = [];
  const closed = await openSqlite(
    join(t.testdir({}), 'closed.db'),
    { ...CONTRACT_DEFAULTS, onFatal: (error: Error) => t.fail(error.message) },
    (start) => {
      roles.push(start.role);
      return startInThread(start);
    },
  );
  await closed.boot();
  await closed.close();
  closed.tail(new Recorder());
  await t.rejects(closed.approval('approval-000000000000'), new StorageUnavailable('the log is closed'));
  t.strictSame(roles, ['writer']);
});
