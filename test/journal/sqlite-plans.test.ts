import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Test, test } from 'tap';
import type { ApprovalQuery, EventQuery } from '../../src/host/journal.ts';
import { approvalById, approvalByKey, approvalsSql } from '../../src/journal/sqlite-approvals.ts';
import { FIRST_FROM, LAST_UP_TO } from '../../src/journal/sqlite-created.ts';
import { eventsSql, FAMILY, MAX_MERGED_KINDS } from '../../src/journal/sqlite-events.ts';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { OPEN_AGENTS, OPEN_APPROVALS } from '../../src/journal/sqlite-open-pages.ts';
import { Statements } from '../../src/journal/sqlite-statements.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';

function schema(t: Test): DatabaseSync {
  const path = join(t.testdir(), 'log.db');
  new SqliteLog(path, CONTRACT_DEFAULTS).close();
  const db = new DatabaseSync(path);
  t.teardown(() => db.close());
  return db;
}

function planOf(db: DatabaseSync, sql: string): string {
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  return rows.map(({ detail }) => detail).join('\n');
}

const ORDERS = ['asc', 'desc'] as const;

test('a page of events is a range of an index, in order', (t) => {
  const db = schema(t);
  const many = Array.from({ length: MAX_MERGED_KINDS + 1 }, (_, index) => `kind.${index}`);
  for (const order of ORDERS) {
    for (const kinds of [null, ['a'], ['a', 'b', 'c'], many.slice(1), many]) {
      for (const agentId of [null, 'worker']) {
        const query: EventQuery = { after: 0, before: null, order, limit: 9, kinds: [], agentId };
        const plan = planOf(db, eventsSql(query, kinds));
        t.notMatch(plan, /SCAN|TEMP B-TREE/, `${order} ${kinds?.length} ${agentId}`);
      }
    }
  }
  t.notMatch(planOf(db, FAMILY), /SCAN events|TEMP B-TREE/);
  t.end();
});

test('a page of approvals is merged from ranges of indexes, in order', (t) => {
  const db = schema(t);
  for (const order of ORDERS) {
    for (const statuses of [[], ['pending'], ['resolved'], ['expired', 'pending']]) {
      for (const agentId of [null, 'worker']) {
        for (const decidedBy of [null, 'ui']) {
          const query: ApprovalQuery = {
            ...{ order, statuses, agentId, decidedBy },
            ...{ createdAfter: null, createdBefore: null, limit: 9, from: null },
          };
          const sql = approvalsSql(query);
          if (sql === null) t.strictSame([statuses, decidedBy], [['pending'], 'ui']);
          else
            t.notMatch(planOf(db, sql), /SCAN|TEMP B-TREE/, `${order} ${statuses} ${agentId} ${decidedBy}`);
        }
      }
    }
  }
  for (const sql of [FIRST_FROM, LAST_UP_TO]) t.notMatch(planOf(db, sql), /SCAN|TEMP B-TREE/);
  t.end();
});

test('one approval is found by two keys, and the boot reads what is open only', (t) => {
  const db = schema(t);
  const asked: string[] = [];
  const spy = Object.assign(new Statements(db), { get: (sql: string) => void asked.push(sql) });
  approvalById(spy, 'approval-1');
  approvalByKey(spy, 'key-1');
  for (const sql of asked) t.notMatch(planOf(db, sql), /SCAN|TEMP B-TREE/);
  for (const sql of [OPEN_AGENTS, OPEN_APPROVALS]) {
    t.notMatch(planOf(db, sql), /SCAN (open|events)|TEMP B-TREE/);
    t.match(planOf(db, sql), /created_seq>/);
  }
  t.end();
});

test('statements are prepared once, and not without limit', (t) => {
  const statements = new Statements(schema(t));
  for (let round = 0; round < 2; round += 1) {
    for (let number = 0; number < 150; number += 1) {
      t.equal(
        statements.get<{ number: number }>(`SELECT ${number + 100 * round} AS number`)?.number,
        number + 100 * round,
      );
    }
  }
  t.end();
});
