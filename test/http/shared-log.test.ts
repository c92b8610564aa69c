import { test } from 'tap';
import { OutcomeUnknown, type SharedLog, StorageUnavailable } from '../../src/host/journal.ts';
import type { Presence } from '../../src/host/presence.ts';
import { EventStream } from '../event-stream.ts';
import { startOver, TestJournal } from './parts.ts';
import { isProblem } from './problems.ts';

/** A journal that other nodes could write, too. */
class SharedJournal extends TestJournal {
  catchUpError: Error | null = null;
  catchUps = 0;
  /** The other nodes know of a session when it resolves. */
  readonly connecting = Promise.withResolvers<void>();
  /** A stream of a session has ended. */
  readonly disconnected = Promise.withResolvers<void>();
  readonly presence: Presence = {
    size: 0,
    connect: () => this.connecting.promise,
    disconnect: () => this.disconnected.resolve(),
    isConnected: () => false,
    find: async () => false,
    list: async () => [],
  };
  override readonly shared: SharedLog = {
    catchUp: async () => {
      this.catchUps += 1;
      if (this.catchUpError !== null) throw this.catchUpError;
    },
    presence: this.presence,
  };
}

test('before something is unknown the log is read on, and where it cannot be that is said', async (t) => {
  const journal = new SharedJournal();
  const { client } = await startOver(t, journal);
  const paths = ['/agents/a', '/approvals/approval-0123456789ab/wait'];
  for (const path of paths) t.equal((await client.get(path)).status, 404);
  t.equal(journal.catchUps, 2);
  for (const failure of [new StorageUnavailable('away'), new OutcomeUnknown('away')]) {
    journal.catchUpError = failure;
    for (const path of paths) isProblem(t, await client.get(path), 503, 'storage-unavailable');
  }
});

test('a stream begins when the other nodes know of its session', async (t) => {
  const journal = new SharedJournal();
  const { url } = await startOver(t, journal);
  const stream = await EventStream.open(`${url}/events/stream?session_id=ui-1`);
  t.teardown(() => stream.close());
  await stream.frame(({ retry }) => retry !== undefined);
  t.equal(stream.frames.length, 1, 'no hello yet');
  const gone = await EventStream.open(`${url}/events/stream?session_id=ui-1`);
  gone.close();
  await journal.disconnected.promise;
  journal.connecting.resolve();
  await stream.hello();
});

test('a stream whose session cannot be made known is told to come back', async (t) => {
  const journal = new SharedJournal();
  const { url } = await startOver(t, journal);
  journal.connecting.promise.catch(() => {});
  journal.connecting.reject(new StorageUnavailable('away'));
  const stream = await EventStream.open(`${url}/events/stream?session_id=ui-1`);
  t.ok(await stream.ended, 'a clean end');
  t.strictSame(
    stream.frames.map((frame) => Object.keys(frame)),
    [['retry'], ['retry']],
  );
});

test('a stream that is ahead of this node waits for the log', async (t) => {
  const journal = new SharedJournal();
  const { url, client } = await startOver(t, journal);
  const first = await EventStream.open(`${url}/events/stream`, { 'Last-Event-ID': '5' });
  t.teardown(() => first.close());
  t.match(await first.hello(), { data: { gap: true } }, 'an event that is on no node');
  t.equal(journal.catchUps, 1);
  journal.catchUpError = new StorageUnavailable('away');
  const second = await EventStream.open(`${url}/events/stream`, { 'Last-Event-ID': '5' });
  t.ok(await second.ended);
  t.notOk(second.frames.some(({ event }) => event === 'hello'));
  t.equal((await client.get('/events')).status, 200);
});
