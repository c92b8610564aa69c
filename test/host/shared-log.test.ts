import { type Test, test } from 'tap';
import type { Entry, Journal, TailReader } from '../../src/host/journal.ts';
import { StorageUnavailable } from '../../src/host/journal.ts';
import { LocalPresence } from '../../src/host/local-presence.ts';
import type { Presence } from '../../src/host/presence.ts';
import { doneOf, openHost, openMemory, refusalIn, waitFor, wrap } from './open-host.ts';
import { ask, by, NOW, register, resolve, setStatus } from './samples.ts';

/** A host whose log and presence are shared: it hears of what `journal` has when it catches up, and not before. */
async function openShared(t: Test) {
  const journal = await openMemory(t);
  const late: Entry[] = [];
  let reader: TailReader | undefined;
  journal.tail({ entries: (entries) => void late.push(...entries), floor() {} });
  const figures = { reads: 0, finds: 0 };
  const elsewhere = new LocalPresence('node-2');
  let isAway = false;
  const local = new LocalPresence('node-1');
  const presence: Presence = {
    size: 0,
    connect: (actor, now) => local.connect(actor, now),
    disconnect: (actor) => local.disconnect(actor),
    isConnected: (actor) => local.isConnected(actor),
    find: async (actor) => {
      figures.finds += 1;
      if (isAway) {
        throw new StorageUnavailable('away');
      }
      return elsewhere.isConnected(actor);
    },
    list: () => elsewhere.list(),
  };
  const catchUp = async () => {
    figures.reads += 1;
    reader?.entries(late.splice(0));
  };
  const shared: Journal = wrap(journal, {
    shared: { catchUp, presence },
    tail: (given) => {
      reader = given;
    },
    append: async (change) => {
      const appended = await journal.append(change);
      reader?.entries(late.splice(0));
      return appended;
    },
  });
  const { host, clock } = await openHost(t, { journal: shared });
  const setAway = (is: boolean) => {
    isAway = is;
  };
  return { host, clock, figures, elsewhere, journal, late, setAway };
}

/** What another node writes: the host does not hear of it. */
async function otherNode(t: Test, journal: Journal, late: Entry[]) {
  const readers: TailReader[] = [];
  journal.tail({
    entries: (entries) => {
      late.push(...entries);
      for (const reader of readers) {
        reader.entries(entries);
      }
    },
    floor() {},
  });
  return (await openHost(t, { journal: wrap(journal, { tail: (reader) => void readers.push(reader) }) }))
    .host;
}

test('before an agent is unknown, or another’s, the host catches up', async (t) => {
  const { host, figures, journal, late } = await openShared(t);
  const other = await otherNode(t, journal, late);
  t.equal(await host.agent('worker'), undefined);
  await other.execute(register('worker', 'client-A'));
  t.hasStrict(await host.agent('worker'), { id: 'worker', connected: false });
  await other.execute(register('reports', 'client-A'));
  doneOf(await host.execute(setStatus('reports', 'client-A', { status: 'running' })));
  const { reads } = figures;
  const refused = await host.execute(setStatus('nobody', 'client-A', { status: 'running' }));
  t.equal(refusalIn(refused).code, 'agent-not-found');
  t.equal(figures.reads, reads + 1, 'once');
});

test('an approval that the log has is waited for and decided as it is there', async (t) => {
  const { host, figures, journal, late } = await openShared(t);
  const other = await otherNode(t, journal, late);
  const { id } = doneOf(await other.execute(ask('client-A', { system_level: true })));
  const { parked, ended } = waitFor(host, id);
  t.ok(await parked);
  doneOf(await host.execute(resolve(id, 'client-B', 'approve')));
  t.hasStrict(await ended, { outcome: 'approved' });
  const { reads } = figures;
  t.hasStrict(refusalIn(await host.execute(resolve(id, 'client-A', 'deny'))), {
    code: 'approval-already-final',
  });
  t.equal(figures.reads, reads, 'what stays so needs no read');
});

test('a wait for an event asks for it', async (t) => {
  const { host, journal, late } = await openShared(t);
  const other = await otherNode(t, journal, late);
  const { seq } = doneOf(await other.execute(register('worker', 'client-A')));
  t.equal(await host.reached(seq), true);
});

test('an owner that is connected elsewhere is found, and without an answer nothing is decided', async (t) => {
  const { host, elsewhere, setAway } = await openShared(t);
  const { id } = doneOf(await host.execute(ask('client-A')));
  await host.execute(register('worker', 'client-A'));
  elsewhere.connect(by('client-A'), NOW);
  t.hasStrict(doneOf(await host.execute(resolve(id, 'client-B', 'deny'))), { outcome: 'passed-on' });
  t.hasStrict(await host.agent('worker'), { connected: true });
  setAway(true);
  t.equal(refusalIn(await host.execute(resolve(id, 'client-B', 'deny'))).code, 'storage-unavailable');
  t.hasStrict(await host.agent('worker'), { connected: false }, 'as far as is known');
  const reported = doneOf(await host.execute(setStatus('worker', 'client-A', { status: 'running' })));
  t.hasStrict(JSON.parse(reported.json), { status: 'running', connected: false });
});

test('whoever owns an approval decides it without anybody being asked who is connected', async (t) => {
  const { host, figures, setAway } = await openShared(t);
  setAway(true);
  const owned = doneOf(await host.execute(ask('client-A')));
  const decided = doneOf(await host.execute(resolve(owned.id, 'client-A', 'approve')));
  t.hasStrict(JSON.parse(decided.json), { status: 'resolved', outcome: 'approved' });
  const late = await host.execute(resolve(owned.id, 'client-B', 'deny'));
  t.equal(refusalIn(late).code, 'approval-already-final', 'what is final is nobody’s to pass on');
  t.equal(figures.finds, 0);
});

test('another node expires what the one that took it in has not', async (t) => {
  const { host, clock, journal, late } = await openShared(t);
  const other = await otherNode(t, journal, late);
  const elsewhere = doneOf(await other.execute(ask('client-A', { expires_in_ms: 50 })));
  const here = doneOf(await host.execute(ask('client-A', { expires_in_ms: 50 })));
  const ends = [waitFor(host, here.id), waitFor(host, elsewhere.id)];
  await Promise.all(ends.map(({ parked }) => parked));
  clock.now += 50;
  t.hasStrict(await ends[0]?.ended, { outcome: 'expired' });
  t.ok(host.isPending(elsewhere.id), 'a little later');
  clock.now += 1000;
  t.hasStrict(await ends[1]?.ended, { outcome: 'expired' });
});

test('whoever needs a log that does not answer is told so in time, and what was begun goes on', async (t) => {
  const journal = await openMemory(t);
  const answers = Promise.withResolvers<void>();
  const away = <T>(then: () => Promise<T>) => answers.promise.then(then);
  const { host } = await openHost(t, {
    journal: wrap(journal, {
      shared: { catchUp: () => away(async () => {}), presence: new LocalPresence('node-1') },
      append: (change) => away(() => journal.append(change)),
      approval: (id) => away(() => journal.approval(id)),
    }),
  });
  const command = ask('owner');
  const began = performance.now();
  const late = new StorageUnavailable('the database has not answered in time');
  await Promise.all([
    host.execute(command).then((result) => t.match(refusalIn(result), { reason: late.message })),
    t.rejects(host.approval('approval-2'), late),
    t.rejects(host.find('approval-2') as Promise<unknown>, late, 'also where it has to ask twice'),
  ]);
  t.ok(performance.now() - began < 5000);
  answers.resolve();
  t.ok(await host.reached(1));
  t.ok(host.isPending(command.id));
});
