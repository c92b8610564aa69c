import tap, { test } from 'tap';
import { noPgbouncer, startPgbouncer } from '../pgbouncer.ts';
import { noPrograms, startOwnPostgres } from '../postgres-server.ts';
import { notification, seqOf } from './changes.ts';
import { journalContract } from './contract.ts';
import { freshLog, freshPostgres, openNode } from './postgres-contract.ts';
import { Recorder } from './recorder.ts';

const missing = noPrograms || noPgbouncer;

if (missing) {
  test('the journal suite behind a pooler in transaction mode', { skip: missing }, () => {});
} else {
  const server = await startOwnPostgres();
  tap.teardown(() => server.stop());
  const pooler = await startPgbouncer(server);
  tap.teardown(() => pooler.stop());
  const pooled = { ...server, url: pooler.url };

  journalContract(
    'postgres behind a pooler',
    freshPostgres(() => pooled, { pollMs: 10 }),
  );

  test('nodes behind a pooler and others follow each other', async (t) => {
    const url = freshLog(t, pooled);
    const direct = `${server.url}${new URL(url).search}`;
    const nodes = [
      await openNode(t, url, { pollMs: 10 }),
      await openNode(t, url, { pollMs: 10 }),
      await openNode(t, direct),
    ];
    const tails = nodes.map((journal) => {
      const tail = new Recorder();
      journal.tail(tail);
      return tail;
    });
    for (let times = 0; times < 50; times += 1) {
      await Promise.all(nodes.map(async (journal) => seqOf(await journal.append(notification()))));
    }
    for (const tail of tails) {
      await tail.seqAt(150);
      t.strictSame(
        tail.seqs,
        Array.from({ length: 150 }, (_, index) => index + 1),
      );
    }
  });
}
