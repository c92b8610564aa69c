import tap, { test } from 'tap';
import type { ApprovalQuery, EventQuery } from '../../src/host/journal.ts';
import { approvalsQuery } from '../../src/journal/postgres-approvals.ts';
import { PostgresReader } from '../../src/journal/postgres-reader.ts';
import { Session } from '../../src/journal/postgres-session.ts';
import { targetOf } from '../../src/journal/postgres-target.ts';
import { noPrograms, startOwnPostgres } from '../postgres-server.ts';
import { makeId, moved, requested, seqOf } from './changes.ts';
import { ask, openNode } from './postgres-contract.ts';
import { allOpen } from './recorder.ts';

/** What each read and write looks at, counted by the database, in a log that is large. */

const FINAL = 30_000;
const PENDING = 5_000;
const LIMIT = 20;
/** Rows and index entries that a page looks at: some ranges, each a little further than the page. */
const PAGE = 600;

if (noPrograms) {
  test('reads and writes go by indexes', { skip: noPrograms }, () => {});
} else {
  const server = await startOwnPostgres();
  tap.teardown(() => server.stop());
  const url = `${server.url}?schema=plans`;
  await openNode(tap, url).then((journal) => journal.close());
  await ask(url, fillSql);

  // Without statistics it may read all that is open, or all of an agent, but not the history.
  for (const [planner, extra] of [
    ['knows nothing of', 2 * PENDING],
    ['has counted', 0],
  ] as const) {
    test(`reads and writes look at little of a large log that the planner ${planner}`, async (t) => {
      if (planner === 'has counted')
        await ask(url, (schema) => `ANALYZE ${schema}.events, ${schema}.open, ${schema}.keys`);
      for (const [name, read, limit] of reads()) {
        const rows = await cost(read);
        t.ok(rows <= limit + extra, `${name}: ${rows} rows`);
      }
      t.ok((await costOfAppends()) <= PAGE, 'appends');
    });
  }

  test('no page is taken for so dear that it is compiled first', async (t) => {
    const compiledAbove = 100_000;
    const target = targetOf(url);
    const session = await Session.open(target);
    t.teardown(() => session.end());
    for (const order of ['asc', 'desc'] as const) {
      for (const query of [...approvalQueries(order), ...wideQueries(order)]) {
        const asked = approvalsQuery(target.schema, query);
        if (asked === null) continue;
        const explain = `EXPLAIN (FORMAT JSON) ${asked.text}`;
        const [row] = await session.ask<Explained>(explain, asked.values, 10_000);
        const cost = row?.['QUERY PLAN'][0].Plan['Total Cost'] ?? Number.POSITIVE_INFINITY;
        t.ok(cost < compiledAbove / 10, `${JSON.stringify(query)}: ${cost}`);
      }
    }
  });

  test('pages between two times that are far apart look at no more than the page', async (t) => {
    for (const order of ['asc', 'desc'] as const) {
      for (const query of wideQueries(order)) {
        const rows = await cost((reader) => reader.approvals(query));
        t.ok(rows <= PAGE, `${JSON.stringify(query)}: ${rows} rows`);
      }
    }
  });

  test('a slice of retention looks at that slice', async (t) => {
    const slice = 1000;
    const rows = await cost((reader) => reader.retain([0, slice, 1_000_000, slice]));
    t.ok(rows <= 10 * slice, String(rows));
  });

  /** Rows and index entries that `use` has looked at, in all tables that grow. */
  async function cost(use: (reader: PostgresReader) => Promise<unknown>): Promise<number> {
    const target = targetOf(url);
    const config = { ...target.config, application_name: 'counted' };
    const before = await looked();
    const reader = new PostgresReader({ ...target, config }, () => {});
    await use(reader);
    reader.close();
    return (await lookedWhenGone('counted')) - before;
  }

  async function costOfAppends(): Promise<number> {
    const before = await looked();
    const journal = await openNode(tap, url);
    const id = makeId('approval');
    const key = { id: `key-of-${id}`, request: 'digest' };
    // Later than all that is there: what the clock was wrong by is what pages between two times look at in vain.
    const now = { createdAt: 2 * (FINAL + PENDING), agentId: 'a' };
    const created = seqOf(await journal.append(requested(id, { key, ...now })));
    await journal.append(requested(makeId('approval'), { key, ...now }));
    const again = seqOf(await journal.append(moved(id, created, { status: 'pending', createdSeq: created })));
    await journal.append(moved(id, again, { createdSeq: created }));
    await journal.close();
    return (await lookedWhenGone('sallyport')) - before;
  }

  /** A connection that has ended has told what it did. */
  async function lookedWhenGone(application: string): Promise<number> {
    const left = () =>
      ask(
        url,
        () =>
          `SELECT FROM pg_stat_activity WHERE application_name = '${application}' AND pid <> pg_backend_pid()`,
      );
    while ((await left()).length > 0) await new Promise(setImmediate);
    return looked();
  }

  async function looked(): Promise<number> {
    const [row] = await ask<{ rows: number }>(
      url,
      (schema) => `SELECT ((SELECT sum(seq_tup_read) FROM pg_stat_user_tables
            WHERE schemaname = '${schema}' AND relname IN ('events', 'open', 'keys'))
          + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes
            WHERE schemaname = '${schema}' AND relname IN ('events', 'open', 'keys')))::float8 AS rows`,
    );
    return row?.rows as number;
  }
}

interface Explained {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Total Cost': number } }];
}

type Read = [name: string, read: (reader: PostgresReader) => Promise<unknown>, limit: number];

function reads(): Read[] {
  const all: Read[] = [
    ['an approval that is pending', (reader) => reader.approval('approval-p7'), 20],
    ['an approval that is final', (reader) => reader.approval('approval-f7'), 20],
    ['an approval that there is not', (reader) => reader.approval('approval-none'), 20],
    ['a key', (reader) => reader.approvalByKey('key-7'), 20],
    ['the newest of the log', (reader) => reader.log(FINAL + PENDING - 3), 20],
    ['a page of the log', (reader) => reader.log(10_000), 2_500],
    // Each is one row of what is open, and one of the log.
    ['what is open, at a start', async (reader) => allOpen(await reader.boot()), 3 * PENDING],
  ];
  for (const order of ['asc', 'desc'] as const) {
    for (const kinds of [[], ['approval.expired'], ['approval.*'], ['approval.resolved', 'none.*']]) {
      const query: EventQuery = { after: 9000, before: 25_000, order, limit: LIMIT, kinds, agentId: null };
      all.push([`events ${order} ${kinds}`, (reader) => reader.events(query), PAGE]);
    }
    const ofAgent: EventQuery = { after: 0, before: null, order, limit: LIMIT, kinds: [], agentId: 'b' };
    all.push([`events of an agent ${order}`, (reader) => reader.events(ofAgent), PAGE]);
    for (const query of approvalQueries(order)) {
      all.push([`approvals ${JSON.stringify(query)}`, (reader) => reader.approvals(query), PAGE]);
    }
  }
  return all;
}

function approvalQueries(order: 'asc' | 'desc'): ApprovalQuery[] {
  return [[], ['pending'], ['expired', 'resolved']].flatMap((statuses) =>
    [null, 'b'].flatMap((agentId) =>
      [null, 'token:ann'].flatMap((decidedBy) =>
        [
          { createdAfter: null, createdBefore: null, from: null },
          { createdAfter: 20_000, createdBefore: 20_100, from: null },
          { createdAfter: null, createdBefore: null, from: 15_000 },
        ].map((range) => ({ order, limit: LIMIT, statuses, agentId, decidedBy, ...range })),
      ),
    ),
  );
}

function wideQueries(order: 'asc' | 'desc'): ApprovalQuery[] {
  const times = { createdAfter: 2_000, createdBefore: 33_000 };
  return [null, 'b'].flatMap((agentId) =>
    [null, 'token:ann'].flatMap((decidedBy) =>
      [
        { ...times, from: null },
        { ...times, from: 15_000 },
      ].map((range) => ({ order, limit: LIMIT, statuses: [], agentId, decidedBy, ...range })),
    ),
  );
}

/** Final approvals by some people about two agents, one of them rare, then pending ones. They are created at their number. */
function fillSql(schema: string): string {
  const text = `'"id":"' || n || '"', '{"id":"' || n || '","details":"' || repeat('x', 100) || '"}'`;
  const agent = `CASE WHEN n % 50 = 0 THEN 'b' ELSE 'a' END`;
  return `
    ALTER TABLE ${schema}.events SET (autovacuum_enabled = off);
    ALTER TABLE ${schema}.open SET (autovacuum_enabled = off);
    ALTER TABLE ${schema}.keys SET (autovacuum_enabled = off);
    INSERT INTO ${schema}.events (seq, at, created_seq, created_at, expected, id, kind, agent_id, entity, status, approval_id,
        decided_session, decided_principal, head, payload)
      SELECT n, n, n, n, n, 'event-' || n, 'approval.' || status, ${agent}, 'approval:approval-f' || n, status,
        'approval-f' || n, CASE WHEN n % 40 < 2 THEN 'ann' ELSE 'bob' END,
        CASE WHEN n % 40 < 2 THEN 'token:ann' ELSE 'token:bob' END, ${text}
      FROM (SELECT n, CASE WHEN n % 100 = 0 THEN 'expired' WHEN n % 10 = 1 THEN 'cancelled' ELSE 'resolved' END AS status
        FROM generate_series(1, ${FINAL}) n) finals;
    INSERT INTO ${schema}.events (seq, at, created_seq, created_at, expected, id, kind, agent_id, entity, status, head, payload)
      SELECT n, n, n, n, 0, 'event-' || n, 'approval.requested', ${agent}, 'approval:approval-p' || n - ${FINAL}, 'pending',
        ${text}
      FROM generate_series(${FINAL + 1}, ${FINAL + PENDING}) n;
    INSERT INTO ${schema}.open (entity, seq, created_seq, agent_id, created_at)
      SELECT entity, seq, seq, agent_id, created_at FROM ${schema}.events WHERE seq > ${FINAL};
    INSERT INTO ${schema}.keys (key, request, approval_id)
      SELECT 'key-' || n, 'digest', 'approval-f' || n FROM generate_series(1, ${FINAL}) n;
    UPDATE ${schema}.log SET seq = ${FINAL + PENDING}, latest_creation = ${FINAL + PENDING}`;
}
