import tap, { type Test, test } from 'tap';
import { type Journal, OutcomeUnknown, StorageUnavailable } from '../../src/host/journal.ts';
import type { JournalOptions } from '../../src/journal/options.ts';
import { APPEND_COLUMNS } from '../../src/journal/postgres-functions.ts';
import { COMMIT_MS } from '../../src/journal/postgres-writer.ts';
import { noPrograms, type PostgresServer, startOwnPostgres } from '../postgres-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { makeId, moved, notification, requested, seqOf } from './changes.ts';
import { ask, freshLog, openNode } from './postgres-contract.ts';
import { Recorder } from './recorder.ts';

// The faults are done to a server of the tests' own.
const skip = noPrograms;
let server: PostgresServer;
if (!skip) {
  server = await startOwnPostgres();
  tap.teardown(() => server.stop());
}

interface Faulty {
  readonly url: string;
  readonly proxy: TcpProxy;
  readonly journal: Journal;
  readonly tail: Recorder;
}

/** A node that reaches its database by way of a proxy. */
async function openFaulty(t: Test, options: Partial<JournalOptions> = {}): Promise<Faulty> {
  const proxy = await TcpProxy.open(server.port);
  const url = freshLog(t, server);
  const journal = await openNode(t, proxy.through(url), { probeEveryMs: 20, ...options });
  // Teardowns run backwards: the node is closed, then its network.
  t.teardown(() => proxy.close());
  const tail = new Recorder();
  await journal.boot();
  journal.tail(tail);
  seqOf(await journal.append(notification()));
  return { url, proxy, journal, tail };
}

async function countOf(url: string, id: string): Promise<number> {
  const [row] = await ask<{ count: number }>(
    url,
    (schema) => `SELECT count(*) FROM ${schema}.events WHERE id = '${id}'`,
  );
  return row?.count ?? 0;
}

async function untilNoProblem(journal: Journal): Promise<void> {
  while (journal.problem() !== null) await new Promise(setImmediate);
}

async function untilProblem(journal: Journal): Promise<string> {
  for (;;) {
    const problem = journal.problem();
    if (problem !== null) return problem;
    await new Promise(setImmediate);
  }
}

test('a connection is told once what an append is, and so is the one that takes its place', {
  skip,
}, async (t) => {
  const { proxy, journal } = await openFaulty(t);
  let sent = '';
  proxy.onRequest = (chunk) => {
    sent += chunk.toString('latin1');
  };
  const timesTold = () => sent.split('.append(').length - 1;
  await Promise.all([journal.append(notification()), journal.append(notification())]);
  t.equal(timesTold(), 0, 'it was told with the first one');
  proxy.cut();
  for (let times = 0; times < 3; times += 1) seqOf(await journal.append(notification()));
  t.equal(timesTold(), 1);
});

test('an append that the connection does not know any more is sent whole, and so are all after it', {
  skip,
}, async (t) => {
  const { url, proxy, journal } = await openFaulty(t);
  let sent = '';
  proxy.onRequest = (chunk) => {
    sent += chunk.toString('latin1');
  };
  // As when a pooler that nobody has told of hands the connection another server process.
  await proxy.inject(simpleQuery('DEALLOCATE ALL'));
  const change = notification();
  seqOf(await journal.append(change));
  t.equal(await countOf(url, change.id), 1);
  for (let times = 0; times < 2; times += 1) seqOf(await journal.append(notification()));
  t.equal(sent.split('.append(').length - 1, 3);
  t.equal(journal.problem(), null);
});

/** As PostgreSQL's protocol has it (55.7, Query). */
function simpleQuery(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + Buffer.byteLength(text) + 1);
  return Buffer.concat([Buffer.from('Q'), length, Buffer.from(`${text}\0`)]);
}

test('where a pooler may be in between, each append is sent whole', { skip }, async (t) => {
  const { proxy, journal } = await openFaulty(t, { pollMs: 100 });
  let sent = '';
  proxy.onRequest = (chunk) => {
    sent += chunk.toString('latin1');
  };
  for (let times = 0; times < 3; times += 1) seqOf(await journal.append(notification()));
  t.equal(sent.split('.append(').length - 1, 3);
});

test('an append whose answer was lost is looked up: it was written, once', { skip }, async (t) => {
  const { url, proxy, journal, tail } = await openFaulty(t);
  proxy.losesAnswers = true;
  const changes = [notification(), requested(makeId('approval'), { key: { id: 'key', request: 'digest' } })];
  const appended = changes.map((change) => journal.append(change));
  const behind = journal.append(requested(makeId('approval'), { key: { id: 'key', request: 'digest' } }));
  while ((await countOf(url, changes[1]?.id ?? '')) === 0) await new Promise(setImmediate);
  proxy.losesAnswers = false;
  proxy.cut();
  t.strictSame(await Promise.all(appended), [{ seq: 2 }, { seq: 3 }]);
  t.match(await behind, { conflict: 'key' }, 'a conflict of the lost answer too');
  t.strictSame(await journal.append(notification()), { seq: 4 });
  t.strictSame(tail.seqs, [1, 2, 3, 4]);
});

test('an append that was lost on its way is sent again, and what arrives late is refused', {
  skip,
}, async (t) => {
  const { url, proxy, journal, tail } = await openFaulty(t);
  const change = notification();
  proxy.holdsRequests = true;
  const held = proxy.held();
  const appended = journal.append(change);
  await held;
  proxy.holdsRequests = false;
  proxy.cut();
  t.strictSame(await appended, { seq: 2 });
  proxy.deliver();
  t.strictSame(await journal.append(notification()), { seq: 3 });
  t.equal(await countOf(url, change.id), 1);
  t.strictSame(tail.seqs, [1, 2, 3]);
});

test('once a group is said not to be in the log nothing can bring it there', { skip }, async (t) => {
  const { url } = await openFaulty(t);
  const none = APPEND_COLUMNS.map(() => `'{}'`).join(', ');
  const append = (group: number) =>
    ask(url, (schema) => `SELECT ${schema}.append('late', ${group}, ${none})`);
  await append(1);
  const settled = await ask<{ answers: { number: number }[] }>(
    url,
    (schema) => `SELECT ${schema}.settle('late', 3, 0, 'ffffffff') -> 'answers' AS answers`,
  );
  t.strictSame(
    settled[0]?.answers.map(({ number }) => number),
    [1],
  );
  for (const lost of [2, 3]) await t.rejects(append(lost), new RegExp(`group ${lost} comes too late`));
  await t.resolves(append(4));
});

test('of two groups on their way each is looked up: one was written, the other is sent again', {
  skip,
}, async (t) => {
  const { url, proxy, journal, tail } = await openFaulty(t);
  const [first, second] = [notification(), notification()];
  proxy.losesAnswers = true;
  const written = journal.append(first);
  while ((await countOf(url, first.id)) === 0) await new Promise(setImmediate);
  proxy.holdsRequests = true;
  const held = proxy.held();
  const lost = journal.append(second);
  await held;
  Object.assign(proxy, { losesAnswers: false, holdsRequests: false });
  proxy.cut();
  t.strictSame(await Promise.all([written, lost]), [{ seq: 2 }, { seq: 3 }]);
  proxy.deliver();
  t.strictSame(await journal.append(notification()), { seq: 4 });
  t.equal(await countOf(url, second.id), 1);
  t.strictSame(tail.seqs, [1, 2, 3, 4]);
});

test('two groups whose answers were lost are both looked up', { skip }, async (t) => {
  const { url, proxy, journal, tail } = await openFaulty(t);
  const changes = [notification(), notification()];
  proxy.losesAnswers = true;
  const appended: Promise<unknown>[] = [];
  for (const change of changes) {
    appended.push(journal.append(change));
    await new Promise(setImmediate);
  }
  for (const { id } of changes) while ((await countOf(url, id)) === 0) await new Promise(setImmediate);
  proxy.losesAnswers = false;
  proxy.cut();
  t.strictSame(await Promise.all(appended), [{ seq: 2 }, { seq: 3 }]);
  for (const { id } of changes) t.equal(await countOf(url, id), 1);
  t.strictSame(await journal.append(notification()), { seq: 4 });
  t.strictSame(tail.seqs, [1, 2, 3, 4]);
});

/** Two groups on their way at once, which reach the database when the network is told to. */
async function sendTwo<A, B>(proxy: TcpProxy, first: () => A, second: () => B): Promise<[A, B]> {
  proxy.holdsRequests = true;
  const firstHeld = proxy.held();
  const sent = first();
  await firstHeld;
  const secondHeld = proxy.held();
  const behind = second();
  await secondHeld;
  proxy.holdsRequests = false;
  return [sent, behind];
}

test('a conflict in the first of two groups on their way is answered to it, and the second is numbered behind', {
  skip,
}, async (t) => {
  const { proxy, journal, tail } = await openFaulty(t);
  const id = makeId('approval');
  seqOf(await journal.append(requested(id)));
  const [stale, resolved] = [moved(id, 1), moved(id, 2)];
  const [before, after, behind] = [notification(), notification(), notification()];
  const [first, second] = await sendTwo(
    proxy,
    () => [before, stale, after].map((change) => journal.append(change)),
    () => [behind, resolved].map((change) => journal.append(change)),
  );
  proxy.deliver();
  t.strictSame(await Promise.all([...first, ...second]), [
    { seq: 3 },
    { conflict: 'version', version: 2 },
    { seq: 4 },
    { seq: 5 },
    { seq: 6 },
  ]);
  t.strictSame(
    tail.groups
      .flat()
      .slice(2)
      .map(({ seq, id: event }) => [seq, event]),
    [before, after, behind, resolved].map((change, index) => [3 + index, change.id]),
  );
});

test('a group that the database refuses does not take the one behind it along', { skip }, async (t) => {
  const { url, proxy, journal, tail } = await openFaulty(t);
  await ask(
    url,
    (schema) => `ALTER TABLE ${schema}.events ADD CONSTRAINT small CHECK (length(payload) < 100)`,
  );
  const [refused, written] = await sendTwo(
    proxy,
    () => t.rejects(journal.append(notification({ payload: 'x'.repeat(100) })), /"small"/),
    () => journal.append(notification()),
  );
  proxy.deliver();
  await refused;
  t.strictSame(await written, { seq: 2 });
  t.strictSame(tail.seqs, [1, 2]);
});

test('a conflict whose answer was lost is looked up, with a group behind it', { skip }, async (t) => {
  const { url, proxy, journal, tail } = await openFaulty(t);
  const numbers = () => ask<{ number: number }>(url, (schema) => `SELECT number FROM ${schema}.writers`);
  const [before] = await numbers();
  const id = makeId('approval');
  seqOf(await journal.append(requested(id)));
  const [lost, behind] = await sendTwo(
    proxy,
    () => [journal.append(moved(id, 1))],
    () => [journal.append(moved(id, 2)), journal.append(notification())],
  );
  proxy.losesAnswers = true;
  proxy.deliver();
  while (Number((await numbers())[0]?.number) < Number(before?.number) + 3) await new Promise(setImmediate);
  proxy.losesAnswers = false;
  proxy.cut();
  t.strictSame(await Promise.all([...lost, ...behind]), [
    { conflict: 'version', version: 2 },
    { seq: 3 },
    { seq: 4 },
  ]);
  t.strictSame(tail.seqs, [1, 2, 3, 4]);
});

test('an append that nobody answers is unknown after three seconds, and its fate is settled', {
  skip,
}, async (t) => {
  const { url, proxy, journal, tail } = await openFaulty(t);
  const change = notification();
  proxy.losesAnswers = true;
  const started = performance.now();
  const appended = journal.append(change);
  await new Promise(setImmediate);
  const behind = journal.append(notification());
  await new Promise(setImmediate);
  const unsent = journal.append(notification());
  await Promise.all([
    t.rejects(appended, OutcomeUnknown),
    t.rejects(behind, OutcomeUnknown, 'it was sent behind it'),
    t.rejects(unsent, StorageUnavailable, 'what has not been sent did not happen'),
  ]);
  t.ok(performance.now() - started < 5000);
  const failed = performance.now();
  await t.rejects(journal.append(notification()), StorageUnavailable);
  t.ok(performance.now() - failed < 1000, 'while it is away nobody waits for it');
  t.match(journal.problem(), /^the database/);
  proxy.losesAnswers = false;
  proxy.cut();
  await untilNoProblem(journal);
  t.equal(await countOf(url, change.id), 1);
  t.strictSame(await journal.append(notification()), { seq: 4 });
  await tail.seqAt(4);
  t.strictSame(tail.seqs, [1, 2, 3, 4], 'the tail has it, whoever was told what');
});

test('what comes while the fate of a group is looked up is refused with it, as it was not sent', {
  skip,
}, async (t) => {
  const { url, proxy, journal } = await openFaulty(t);
  const change = notification();
  proxy.losesAnswers = true;
  const appended = t.rejects(journal.append(change), OutcomeUnknown);
  while ((await countOf(url, change.id)) === 0) await new Promise(setImmediate);
  Object.assign(proxy, { losesAnswers: false, refuses: true });
  proxy.cut();
  while (proxy.refused === 0) await new Promise(setImmediate);
  const behind = notification();
  await Promise.all([appended, t.rejects(journal.append(behind), StorageUnavailable)]);
  proxy.refuses = false;
  await untilNoProblem(journal);
  t.strictSame(await journal.append(notification()), { seq: 3 });
  t.equal(await countOf(url, behind.id), 0);
});

test('without a database changes and reads are refused, and all is well when it is back', {
  skip,
}, async (t) => {
  const { proxy, journal, tail } = await openFaulty(t);
  proxy.refuses = true;
  proxy.cut();
  const started = performance.now();
  t.match(await untilProblem(journal), /^the database cannot be used/);
  t.ok(performance.now() - started < 2000, 'the problem is told within 2 s');
  await t.rejects(journal.append(notification()), /the database cannot be used/);
  await t.rejects(journal.append(notification()), StorageUnavailable);
  await t.rejects(journal.approval('approval-1'), StorageUnavailable);
  t.ok(performance.now() - started < 5000);
  // The node tries by itself: to listen, to read, to write.
  const { refused } = proxy;
  while (proxy.refused < refused + 8) await new Promise(setImmediate);
  t.match(journal.problem(), /^the database cannot be used/);
  proxy.refuses = false;
  await untilNoProblem(journal);
  t.strictSame(await journal.append(notification()), { seq: 2 });
  t.strictSame(tail.seqs, [1, 2]);
});

test('a silent network is a problem within 2 s', { skip }, async (t) => {
  const { proxy, journal } = await openFaulty(t);
  proxy.losesAnswers = true;
  const started = performance.now();
  t.match(await untilProblem(journal), /^the database/);
  t.ok(performance.now() - started < 2000);
  proxy.losesAnswers = false;
  proxy.cut();
  await untilNoProblem(journal);
});

for (const how of ['fast', 'immediate'] as const) {
  test(`the database restarts, ${how}: nothing that was answered is lost`, { skip }, async (t) => {
    const { url, journal, tail } = await openFaulty(t);
    let isOver = false;
    const answered: number[] = [];
    const clients = Array.from({ length: 16 }, async () => {
      while (!isOver) {
        await journal.append(notification()).then(
          (appended) => answered.push(seqOf(appended)),
          () => new Promise(setImmediate),
        );
      }
    });
    await tail.seqAt(200);
    await server.restart?.(how);
    await untilNoProblem(journal);
    const { seq } = (await journal.append(notification())) as { seq: number };
    isOver = true;
    await Promise.all(clients);
    const [{ head }] = (await ask(url, (schema) => `SELECT seq AS head FROM ${schema}.log`)) as [
      { head: number },
    ];
    await tail.seqAt(head);
    t.ok(seq <= head);
    t.strictSame(
      tail.seqs,
      Array.from({ length: head }, (_, index) => index + 1),
    );
    t.equal(new Set(answered).size, answered.length, 'no number was given twice');
  });
}

test('a database that only reads refuses, and says why', { skip }, async (t) => {
  const { url, journal } = await openFaulty(t);
  const [{ name }] = (await ask(url, () => 'SELECT current_user AS name')) as [{ name: string }];
  await ask(url, () => `ALTER ROLE ${name} SET default_transaction_read_only = on`);
  // The one that was added last runs first: the log is removed after this.
  t.teardown(() => ask(url, () => `BEGIN READ WRITE; ALTER ROLE ${name} RESET ALL; COMMIT`));
  await ask(
    url,
    () =>
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sallyport' AND pid <> pg_backend_pid()",
  );
  await t.rejects(journal.append(notification()), /read-only transaction/);
  t.match(journal.problem(), /read-only transaction/);
  await t.rejects(openNode(t, url), /read-only transaction/, 'nor does a node start on it');
});

test('an error of the database refuses the group, and nothing of it happened', { skip }, async (t) => {
  const { url, journal, tail } = await openFaulty(t);
  await ask(
    url,
    (schema) => `ALTER TABLE ${schema}.events ADD CONSTRAINT small CHECK (length(payload) < 100)`,
  );
  const long = journal.append(notification({ payload: 'x'.repeat(100) }));
  await t.rejects(long, /the database refuses to write: .*"small"/);
  t.match(journal.problem(), /refuses to write/);
  await untilNoProblem(journal);
  t.strictSame(await journal.append(notification()), { seq: 2 });
  t.strictSame(tail.seqs, [1, 2]);
});

test('whoever holds the head row for long is not waited for, also behind others who wait', {
  skip,
}, async (t) => {
  const { url, journal } = await openFaulty(t);
  const holding = ask(
    url,
    (schema) => `BEGIN; SELECT FROM ${schema}.log FOR UPDATE; SELECT pg_sleep(4); COMMIT`,
  );
  await untilWaiting(url, 'PgSleep', 1);
  // It is first in the queue, and gives up before the append does, which then waits for the row itself.
  const before = t.rejects(
    ask(url, (schema) => `SELECT ${schema}.retain(0, 0, 0, 1)`),
    /lock timeout/,
  );
  await untilWaiting(url, 'transactionid', 1);
  const started = performance.now();
  await t.rejects(journal.append(notification()), /lock timeout/);
  t.ok(performance.now() - started < COMMIT_MS);
  await before;
  await holding;
  await untilNoProblem(journal);
  t.strictSame(await journal.append(notification()), { seq: 2 });
});

/** Until so many connections of the log at `url` wait for that. */
async function untilWaiting(url: string, event: string, connections: number): Promise<void> {
  const waiting = () =>
    ask(
      url,
      (schema) => `SELECT FROM pg_stat_activity WHERE query LIKE '%${schema}.%' AND wait_event = '${event}'`,
    );
  while ((await waiting()).length < connections) await new Promise(setImmediate);
}

test('a log on another server has another epoch, and a node that runs goes on with it', {
  skip,
}, async (t) => {
  const { url, proxy, journal } = await openFaulty(t);
  const { epoch } = journal;
  await ask(url, (schema) => `UPDATE ${schema}.log SET identity = 'of another server'`);
  const other = await openNode(t, url);
  t.not(other.epoch, epoch);
  t.match(other.epoch, /^[0-9a-f]{8}$/);
  proxy.cut();
  t.strictSame(await journal.append(notification()), { seq: 2 });
  t.equal(journal.epoch, other.epoch);
});

test('a log that was turned back is another one: the node ends', { skip }, async (t) => {
  const fatal = Promise.withResolvers<Error>();
  const { url, proxy, journal } = await openFaulty(t, { onFatal: fatal.resolve });
  await ask(url, (schema) => `UPDATE ${schema}.log SET seq = 0`);
  proxy.cut();
  await t.rejects(journal.append(notification()));
  t.match((await fatal.promise).message, /has not got what this node knows of it up to 1: it is another one/);
});

test('a node that only reads finds out too that the log is on another server', { skip }, async (t) => {
  const { url, journal, tail } = await openFaulty(t);
  await ask(url, (schema) => `UPDATE ${schema}.log SET identity = 'of another server'`);
  const other = await openNode(t, url);
  seqOf(await other.append(notification()));
  await tail.seqAt(2);
  t.equal(journal.epoch, other.epoch, 'by the time it has the first event from there');
});

test('a node that only reads ends too when the log was turned back', { skip }, async (t) => {
  const fatal = Promise.withResolvers<Error>();
  const { url, tail } = await openFaulty(t, { onFatal: fatal.resolve });
  await ask(url, (schema) => `UPDATE ${schema}.log SET seq = 0`);
  t.match((await fatal.promise).message, /has not got what this node knows of it up to 1: it is another one/);
  t.strictSame(tail.seqs, [1]);
});

test('a node that only reads ends too when another event has the place of one that it has', {
  skip,
}, async (t) => {
  const fatal = Promise.withResolvers<Error>();
  const { url, tail } = await openFaulty(t, { onFatal: fatal.resolve });
  await ask(
    url,
    (schema) => `UPDATE ${schema}.events SET id = 'event-other';
      UPDATE ${schema}.log SET identity = 'of another server'`,
  );
  const other = await openNode(t, url);
  seqOf(await other.append(notification()));
  t.match((await fatal.promise).message, /it is another one/);
  t.strictSame(tail.seqs, [1], 'nothing of the other log has passed');
});

test('what is read in another place than what is written does not pass', { skip }, async (t) => {
  const { url, journal, tail } = await openFaulty(t);
  const other = await openNode(t, url);
  await ask(
    url,
    (schema) => `ALTER FUNCTION ${schema}.settle RENAME TO settled;
      CREATE FUNCTION ${schema}.settle(text, bigint, bigint, text) RETURNS jsonb LANGUAGE sql
      RETURN ${schema}.settled($1, $2, $3, $4) || '{"epoch":"ffffffff"}';
      UPDATE ${schema}.log SET epoch = '00000000'`,
  );
  t.match(await untilProblem(journal), /the log is read and written in two places/);
  seqOf(await other.append(notification()));
  await t.rejects(journal.shared?.catchUp() as Promise<void>, StorageUnavailable);
  t.strictSame(tail.seqs, [1]);
});

test('a node that is closed while it connects again leaves no connection', { skip }, async (t) => {
  const { url, proxy, journal } = await openFaulty(t);
  const listens = () =>
    ask(
      url,
      (schema) =>
        `SELECT FROM pg_stat_activity WHERE application_name = 'sallyport listener' AND query LIKE '%${schema}.%'`,
    );
  while ((await listens()).length === 0) await new Promise(setImmediate);
  const { accepted } = proxy;
  await ask(url, (schema) => `UPDATE ${schema}.log SET epoch = '00000000'`);
  while (proxy.accepted === accepted) await new Promise(setImmediate);
  proxy.holdsRequests = true;
  await journal.close();
  proxy.holdsRequests = false;
  proxy.deliver();
  while (proxy.open > 0) await new Promise(setImmediate);
  t.equal(proxy.open, 0);
});

test('a node whose next entry is no longer kept ends', { skip }, async (t) => {
  const fatal = Promise.withResolvers<Error>();
  const { url } = await openFaulty(t, { onFatal: fatal.resolve });
  await ask(url, (schema) => `UPDATE ${schema}.log SET seq = 50, floor = 40`);
  t.match(
    (await fatal.promise).message,
    /the log went on without this node, and what came after 1 is no longer kept/,
  );
});

test('a role that is no superuser needs to be told apart servers, and no more', { skip }, async (t) => {
  const role = `ordinary${process.pid}`;
  const url = new URL(freshLog(t, server));
  const schema = url.searchParams.get('schema');
  await ask(url.href, () => `CREATE ROLE ${role} LOGIN; CREATE SCHEMA ${schema} AUTHORIZATION ${role}`);
  t.teardown(() => ask(server.url, () => `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`));
  url.username = role;
  const revoke = (verb: string, to: string) =>
    ask(server.url, () => `${verb} EXECUTE ON FUNCTION pg_control_system() ${to}`);
  await revoke('REVOKE', 'FROM PUBLIC');
  t.teardown(() => revoke('GRANT', 'TO PUBLIC'));
  await t.rejects(openNode(t, url.href), /permission denied for function pg_control_system/);
  await revoke('GRANT', `TO ${role}`);
  const journal = await openNode(t, url.href);
  t.strictSame(await journal.append(notification()), { seq: 1 });
  t.match(journal.epoch, /^[0-9a-f]{8}$/);
});
