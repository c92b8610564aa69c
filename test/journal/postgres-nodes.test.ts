import tap, { type Test, test } from 'tap';
import type { Entry, Journal } from '../../src/host/journal.ts';
import { FEW } from '../../src/journal/postgres-entries.ts';
import { PostgresReader } from '../../src/journal/postgres-reader.ts';
import { migrate } from '../../src/journal/postgres-schema.ts';
import { targetOf } from '../../src/journal/postgres-target.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';
import { agent, makeId, moved, notification, requested, seqOf } from './changes.ts';
import { ask, freshLog, openNode, serverFor } from './postgres-contract.ts';
import { allOpen, Recorder } from './recorder.ts';

const skip = noPostgres;
let server: PostgresServer;
if (!skip) server = await serverFor(tap);

interface Node {
  readonly journal: Journal;
  readonly tail: Recorder;
}

/** As a host starts on it: what is open is read, then the tail is followed. */
async function startNode(t: Test, url: string, options = {}): Promise<Node> {
  const journal = await openNode(t, url, options);
  const tail = new Recorder();
  await journal.boot();
  journal.tail(tail);
  return { journal, tail };
}

test('both nodes have every entry in order, each once, whoever appended it', { skip }, async (t) => {
  const url = freshLog(t, server);
  const [a, b] = [await startNode(t, url), await startNode(t, url)];
  const appended = await Promise.all(
    Array.from({ length: 3000 }, async (_, index) => {
      const { journal, tail } = index % 2 === 0 ? a : b;
      if (index % 7 === 0) await new Promise(setImmediate);
      const seq = seqOf(await journal.append(notification()));
      t.equal(tail.seqs[seq - 1], seq, 'the tail has it first');
      return seq;
    }),
  );
  const all = Array.from({ length: 3000 }, (_, index) => index + 1);
  t.strictSame(
    appended.toSorted((x, y) => x - y),
    all,
    'numbers have no gaps',
  );
  for (const { tail } of [a, b]) {
    await tail.seqAt(3000);
    t.strictSame(tail.seqs, all);
  }
});

test('an entry of another node is what it was, without its key', { skip }, async (t) => {
  const url = freshLog(t, server);
  const [a, b] = [await startNode(t, url), await startNode(t, url)];
  const [id, gone] = [makeId('approval'), makeId('approval')];
  const by = { session_id: 'ui', principal: 'token:alice' };
  const changes = [
    requested(id, {
      key: { id: 'key', request: 'digest' },
      agentId: 'worker',
      expiresAt: 9000,
      createdAt: 10,
    }),
    moved(id, 1, { status: 'pending', payload: { other: 'payload' }, expiresAt: 9000, createdSeq: 1 }),
    moved(id, 2, { decidedBy: by, createdSeq: 1, state: { id, answer: 'yes' }, payload: 'other' }),
    requested(gone),
    moved(gone, 4, { status: 'expired', createdSeq: 4 }),
    agent('worker', 0, { name: 'Worker' }, { payload: 'other' }),
    agent('worker', 6, null),
    notification({ agentId: 'Ω', payload: { text: 'é😀' } }),
  ];
  for (const change of changes) seqOf(await a.journal.append(change));
  await b.tail.seqAt(changes.length);
  const withoutKey = (entry: Entry) =>
    entry.entity?.type === 'approval' ? { ...entry, entity: { ...entry.entity, key: null } } : entry;
  t.strictSame(
    b.tail.groups.flat(),
    changes.map((change, index) => withoutKey({ ...change, seq: index + 1 })),
  );
  t.strictSame(
    a.tail.groups.flat(),
    changes.map((change, index) => ({ ...change, seq: index + 1 })),
  );
});

test('a node reads a few entries at first, and where there are more all of them', { skip }, async (t) => {
  const url = freshLog(t, server);
  const { journal } = await startNode(t, url);
  await Promise.all(Array.from({ length: 50 }, () => journal.append(notification())));
  const reader = new PostgresReader(targetOf(url), () => {});
  t.teardown(() => reader.close());
  const read = async (after: number) => (await reader.log(after)).entries.map(({ seq }) => seq);
  const all = Array.from({ length: 50 }, (_, index) => index + 1);
  t.strictSame(await read(0), all.slice(0, FEW));
  t.strictSame(await read(FEW), all.slice(FEW));
  t.strictSame(await read(45), all.slice(45), 'few again');
  t.strictSame(await read(0), all.slice(0, FEW), 'and so is the next read');
});

test('of two nodes that decide at once one wins, and the other has what it lost against', {
  skip,
}, async (t) => {
  const url = freshLog(t, server);
  const [a, b] = [await startNode(t, url), await startNode(t, url)];
  for (let round = 0; round < 30; round += 1) {
    const id = makeId('approval');
    const key = { id: `key-${round}`, request: 'digest' };
    const created = seqOf(await a.journal.append(requested(id, { key })));
    const answers = await Promise.all(
      [a, b].map(async ({ journal, tail }) => {
        const answer = await journal.append(moved(id, created));
        const passed = tail.groups.flat().filter(({ entity }) => entity?.id === id);
        t.strictSame(passed.length, 2, 'how it was created and how it was decided');
        return answer;
      }),
    );
    t.equal(answers.filter((answer) => 'seq' in answer).length, 1);
    t.strictSame(
      answers.find((answer) => 'conflict' in answer),
      { conflict: 'version', version: 0 },
    );
    const joined = await b.journal.append(requested(makeId('approval'), { key }));
    t.strictSame(joined, { conflict: 'key', approvalId: id, request: 'digest' });
  }
});

test('nodes that start at once make the tables once', { skip }, async (t) => {
  const url = freshLog(t, server);
  const nodes = await Promise.all(Array.from({ length: 4 }, () => startNode(t, url)));
  t.equal(new Set(nodes.map(({ journal }) => journal.epoch)).size, 1, 'and have one epoch');
  t.strictSame(await ask(url, (schema) => `SELECT version FROM ${schema}.migrations`), [{ version: 1 }]);
  await migrate(targetOf(url));
});

test('a log of a newer version is refused', { skip }, async (t) => {
  const url = freshLog(t, server);
  await (await openNode(t, url)).close();
  await ask(url, (schema) => `INSERT INTO ${schema}.migrations VALUES (99, now())`);
  await t.rejects(
    openNode(t, url),
    /is of version 99 and this Sallyport knows versions up to 1; start the newer/,
  );
});

test('a database of another encoding is refused', { skip }, async (t) => {
  const name = `latin${process.pid}`;
  await ask(server.url, () => `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  t.teardown(() => ask(server.url, () => `DROP DATABASE ${name}`));
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  await t.rejects(openNode(t, url.href), /the database's encoding is LATIN1/);
});

test('nodes share retention, and hear of the floor', { skip }, async (t) => {
  const url = freshLog(t, server);
  const options = { retainEvents: 10, retainApprovalsDays: 1, now: () => 100 * 86_400_000 };
  const [a, b] = [await startNode(t, url, options), await startNode(t, url, options)];
  const id = makeId('approval');
  await a.journal.append(requested(id));
  await b.journal.append(moved(id, 1));
  for (let times = 0; times < 25; times += 1) {
    await Promise.all([a, b].map(({ journal }) => journal.append(notification())));
  }
  await Promise.all([a, b].map(({ tail }) => tail.floorAt(42)));
  for (const { journal, tail } of [a, b]) {
    t.strictSame(
      tail.floors,
      [...new Set(tail.floors)].toSorted((x, y) => x - y),
      'the floor only rises',
    );
    const { events, floor } = await journal.events({
      after: 0,
      before: null,
      order: 'asc',
      limit: 100,
      kinds: [],
      agentId: null,
    });
    t.strictSame([floor, events.length], [42, 10]);
  }
});

test('with polling alone everything comes as well', { skip }, async (t) => {
  const url = freshLog(t, server);
  const said: string[] = [];
  const options = { pollMs: 10, report: (message: string) => said.push(message) };
  const [a, b] = [await startNode(t, url, options), await startNode(t, url)];
  await b.journal.append(notification());
  await a.tail.seqAt(1);
  t.strictSame(said, ['the log in PostgreSQL is followed by reading it every 10 ms, without LISTEN']);
});

test('a hint comes at once', { skip }, async (t) => {
  const url = freshLog(t, server);
  const said: string[] = [];
  const [a, b] = [
    await startNode(t, url, { report: (message: string) => said.push(message) }),
    await startNode(t, url),
  ];
  t.strictSame(said, ['the log in PostgreSQL is followed by LISTEN']);
  // Until both listen, a hint may fall into nothing.
  while ((await listeners(url)) < 2) await new Promise(setImmediate);
  const started = performance.now();
  for (let times = 1; times <= 20; times += 1) {
    await b.journal.append(notification());
    await a.tail.seqAt(times);
  }
  t.ok(performance.now() - started < 20 * 400, 'sooner than by reading unasked');
});

test('when the connection that listens is gone, nothing is missed', { skip }, async (t) => {
  const url = freshLog(t, server);
  const [a, b] = [await startNode(t, url), await startNode(t, url)];
  while ((await listeners(url)) < 2) await new Promise(setImmediate);
  await ask(
    url,
    (schema) => `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${listensTo(schema)}`,
  );
  await b.journal.append(notification());
  await a.tail.seqAt(1);
  while ((await listeners(url)) < 2) await new Promise(setImmediate);
  t.equal(a.journal.problem(), null);
});

/** Connections that listen to the log at `url`. */
async function listeners(url: string): Promise<number> {
  const [row] = await ask<{ count: number }>(
    url,
    (schema) => `SELECT count(*) FROM pg_stat_activity WHERE ${listensTo(schema)} AND state = 'idle'`,
  );
  return row?.count ?? 0;
}

function listensTo(schema: string): string {
  return `application_name = 'sallyport listener' AND query ~ '\\m${schema}\\M'`;
}

test('a node that starts later has the epoch, what is open and what comes', { skip }, async (t) => {
  const url = freshLog(t, server);
  const a = await startNode(t, url);
  await a.journal.append(agent('worker', 0, { name: 'Worker' }));
  const b = await openNode(t, url);
  const boot = await b.boot();
  const ids = (await allOpen(boot)).map(({ id }) => id);
  t.strictSame([boot.head, ids, b.epoch], [1, ['worker'], a.journal.epoch]);
  await a.journal.append(notification());
  const tail = new Recorder();
  b.tail(tail);
  await tail.seqAt(2);
  t.strictSame(tail.seqs, [2], 'also what came between boot and tail');
});

test('the clock is the database’s', { skip }, async (t) => {
  const { journal } = await startNode(t, freshLog(t, server));
  await journal.append(notification());
  // The database runs on this machine, so it is the same clock.
  t.ok(Math.abs(journal.now() - Date.now()) < 1000);
  t.ok((await journal.statistics()).bytes > 0);
});

test('a page of approvals is cut after the one that makes it long enough', { skip }, async (t) => {
  const { journal } = await startNode(t, freshLog(t, server));
  const state = { text: 'ß'.repeat(1000) };
  for (let times = 0; times < 5; times += 1) await journal.append(requested(makeId('approval'), { state }));
  const page = async (maxLength?: number) => {
    const query = {
      statuses: [],
      agentId: null,
      decidedBy: null,
      createdAfter: null,
      createdBefore: null,
      from: null,
    };
    const size = maxLength === undefined ? {} : { maxLength };
    return (await journal.approvals({ ...query, ...size, order: 'desc', limit: 10 })).map(({ seq }) => seq);
  };
  t.strictSame(await page(), [5, 4, 3, 2, 1]);
  t.strictSame(await page(1500), [5, 4]);
  t.strictSame(await page(1), [5]);
});

test('reads that wait have a limit', { skip }, async (t) => {
  const { journal } = await startNode(t, freshLog(t, server));
  const reads = Array.from({ length: 20_010 }, () => journal.approval('approval-1'));
  const last = reads.pop() as Promise<unknown>;
  await t.rejects(last, /20000 reads wait for the log already/);
  await Promise.allSettled(reads);
  t.equal(await journal.approval('approval-1'), undefined, 'and then there is room again');
});

test('a store that cannot be had is one sentence', { skip }, async (t) => {
  await t.rejects(openNode(t, 'postgres://127.0.0.1:1/db'), /ECONNREFUSED/);
  await t.rejects(openNode(t, `${server.url}?schema=No`), /^.*the schema must be a name of small letters/);
  await t.rejects(openNode(t, 'postgres://host:port:1/'), /it must be a URL like/);
});
