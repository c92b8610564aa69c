import { join } from 'node:path';
import { type Test, test } from 'tap';
import type { ApprovalQuery } from '../../src/host/journal.ts';
import { copyLog } from '../../src/journal/copy.ts';
import { migrate } from '../../src/journal/postgres-schema.ts';
import { Session } from '../../src/journal/postgres-session.ts';
import { targetOf } from '../../src/journal/postgres-target.ts';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { moved, requested } from '../journal/changes.ts';
import { ask, freshLog, openNode, serverFor } from '../journal/postgres-contract.ts';
import { noPostgres, type PostgresServer } from '../postgres-server.ts';
import { Sallyport } from '../process/sallyport.ts';
import { start } from '../service.ts';
import { epochOf, fill, readAll, use } from './copied-service.ts';

const progress = () => {};

test('a log is copied between SQLite and PostgreSQL', { skip: noPostgres }, async (t) => {
  const server = await serverFor(t);

  t.test('all that clients can read is the same on the other side, and back', async (t) => {
    const { from, to, back } = stores(t, server);
    const first = await start(t, { store: from, retainEvents: 500 });
    const filled = await fill(first);
    const before = await readAll(first);
    const epoch = await epochOf(first);
    await first.stop();

    const { floor } = await copyLog({ from, to, progress });
    t.ok(floor > 0, 'some events were forgotten');
    const second = await start(t, { store: to, retainEvents: 500 });
    t.strictSame(await readAll(second), before);
    t.not(await epochOf(second), epoch, 'clients of the old log start from a snapshot');
    await use(t, second, filled);
    const used = await readAll(second);
    await second.stop();

    await copyLog({ from: to, to: back, progress });
    const third = await start(t, { store: back, retainEvents: 500 });
    t.strictSame(await readAll(third), used);
    await use(t, third, { ...filled, pending: filled.passedOn });
  });

  t.test('who decided is found by any name, even one that PostgreSQL cannot hold', async (t) => {
    const { folder, from, to } = stores(t, server);
    const log = new SqliteLog(join(folder, 'log.db'), { retainEvents: 500, retainApprovalsDays: 365 });
    const decidedBy = { session_id: 'ui-1', principal: 'jwt:https://id.example#a\0b' };
    const changes = [requested('approval-1'), moved('approval-1', 1, { decidedBy })];
    const timestamp = '"timestamp":"2026-11-23T10:15:30.123Z"';
    log.commit(
      changes.map((change) => ({ ...change, head: `${change.head},${timestamp}` })),
      Date.now(),
    );
    log.close();
    await copyLog({ from, to, progress });
    const node = await openNode(t, to);
    const found = await node.approvals(decidedApprovals(decidedBy.principal));
    t.match(found, [{ id: 'approval-1', seq: 2, createdSeq: 1 }]);
    const times = await ask(to, (schema) => `SELECT at FROM ${schema}.events ORDER BY seq`);
    t.strictSame(times, [{ at: Date.parse('2026-11-23T10:15:30.123Z') }, { at: changes[1]?.timestamp }]);
  });

  t.test('a target with anything in it is refused, and one that was served', async (t) => {
    const { from, to, back } = stores(t, server);
    await makeLog(t, from);
    await t.rejects(copyLog({ from: to, to: back, progress }), {
      message: /^the source cannot be used: there is no log in schema 't/,
    });
    await copyLog({ from, to, progress });
    await t.rejects(copyLog({ from, to, progress }), {
      message: /^the target cannot be used: there is something in the log in schema '\w+' already$/,
    });
    const served = freshLog(t, server);
    const node = await openNode(t, served);
    await t.rejects(copyLog({ from, to: served, progress }), {
      message: /^the target cannot be used: a service has been started on the log in schema '\w+' already; /,
    });
    await t.rejects(copyLog({ from: served, to: back, progress }), {
      message: /^the source cannot be used: a service is connected to the log in schema '\w+'; stop all its/,
    });
    await node.close();
  });

  t.test('a newer log is refused on either side', async (t) => {
    const { from, to, back } = stores(t, server);
    await makeLog(t, from);
    await migrate(targetOf(to));
    await ask(to, (schema) => `INSERT INTO ${schema}.migrations VALUES (999, now())`);
    const message = /^the (source|target) cannot be used: .* is of version 999 and this Sallyport knows/;
    await t.rejects(copyLog({ from, to, progress }), { message });
    await t.rejects(copyLog({ from: to, to: back, progress }), { message });
  });

  t.test('while a copy is written no node starts on it, and no second copy', async (t) => {
    const { from, to, back: other } = stores(t, server);
    await makeLog(t, from);
    await makeLog(t, other);
    const held = await Held.at(t, to);
    const copied = copyLog({ from, to, progress });
    await held.reached(copied);
    await t.rejects(openNode(t, to), { message: /lock timeout/ });
    await t.rejects(copyLog({ from: other, to, progress }), {
      message: /^the target cannot be used: a service or another copy is writing the log in schema/,
    });
    held.release();
    t.match(await copied, { head: 2 });
    const node = await openNode(t, to);
    t.match(await node.boot(), { head: 2, floor: 0 });
  });

  t.test('a copy that is killed leaves nothing, and can be made again', async (t) => {
    const { folder: cwd, from, to } = stores(t, server);
    await makeLog(t, from);
    const held = await Held.at(t, to);
    const args = ['copy', '--from', from, '--to', to];
    const first = new Sallyport(t, { cwd, args });
    await held.reached(first.exited);
    await first.stop('SIGKILL');
    held.release();
    await held.left();
    t.strictSame(
      await ask(to, (schema) => `SELECT seq FROM ${schema}.log UNION ALL SELECT seq FROM ${schema}.events`),
      [{ seq: 0 }],
    );
    const again = await new Sallyport(t, { cwd, args }).exited;
    t.match(again, {
      code: 0,
      stdout: /^Copied the log up to seq 2, .*\nNext, set SALLYPORT_STORE/s,
      stderr: '',
    });
    t.notMatch(again.stdout, server.url.replace(/^.*@/, '@sallyport:'));
  });

  t.test('a connection that breaks is said, and whether the copy may be there', async (t) => {
    const { from, to } = stores(t, server);
    await makeLog(t, from);
    const kill = () =>
      ask(
        to,
        () =>
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sallyport copy'`,
      );
    const held = await Held.at(t, to);
    const copied = t.rejects(copyLog({ from, to, progress }), { message: /^nothing was copied: / });
    await held.reached(copied);
    await kill();
    await copied;
    held.release();
  });
});

function stores(t: Test, server: PostgresServer) {
  const folder = t.testdir({});
  return {
    folder,
    from: `sqlite:${join(folder, 'log.db')}`,
    to: freshLog(t, server),
    back: `sqlite:${join(folder, 'back.db')}`,
  };
}

function decidedApprovals(decidedBy: string): ApprovalQuery {
  return {
    statuses: [],
    agentId: null,
    decidedBy,
    createdAfter: null,
    createdBefore: null,
    order: 'desc',
    limit: 10,
    from: null,
  };
}

/** A log with an agent and an event. */
async function makeLog(t: Test, store: string): Promise<void> {
  const { client, stop } = await start(t, { store });
  await client.post('/agents', { id: 'worker', name: 'Worker', kind: 'builtin' });
  await client.post('/events', { message: 'hello' });
  await stop();
}

/** Makes copies to a log wait when they have written its events. */
class Held {
  readonly #url: string;
  readonly #session: Session;

  static async at(t: Test, url: string): Promise<Held> {
    const target = targetOf(url);
    await migrate(target);
    const session = await Session.open(target);
    t.teardown(() => session.end());
    await session.ask(`BEGIN; LOCK TABLE ${target.schema}.open IN EXCLUSIVE MODE`, [], 10_000);
    return new Held(url, session);
  }

  private constructor(url: string, session: Session) {
    this.#url = url;
    this.#session = session;
  }

  /** A copy waits here. Throws if it ends without that. */
  async reached(copy: Promise<unknown>): Promise<void> {
    let hasEnded = false;
    const end = () => {
      hasEnded = true;
    };
    copy.then(end, end);
    while (!(await this.#copies()).includes('Lock')) {
      if (hasEnded) throw new Error('the copy has ended');
    }
  }

  release(): void {
    this.#session.end();
  }

  /** No copy is connected. */
  async left(): Promise<void> {
    while ((await this.#copies()).length > 0);
  }

  async #copies(): Promise<(string | null)[]> {
    const rows = await ask<{ waits: string | null }>(
      this.#url,
      (schema) => `SELECT wait_event_type AS waits FROM pg_stat_activity
        WHERE application_name = 'sallyport copy' AND query LIKE '%${schema}.%'`,
    );
    return rows.map(({ waits }) => waits);
  }
}
