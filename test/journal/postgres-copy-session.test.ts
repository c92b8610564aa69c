import { test } from 'tap';
import { CopySession } from '../../src/journal/postgres-copy-session.ts';
import { noPostgres } from '../postgres-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { freshLog, serverFor } from './postgres-contract.ts';

test('a copy has one transaction in PostgreSQL', { skip: noPostgres }, async (t) => {
  const server = await serverFor(t);

  t.test('it is on the disk when it is done, whatever the database is set to', async (t) => {
    const url = `${freshLog(t, server)}&options=-c%20synchronous_commit=off%20-c%20statement_timeout=1234`;
    const session = await CopySession.open(url);
    t.teardown(() => session.end());
    await session.migrate();
    t.strictSame(await session.ask('SHOW synchronous_commit'), [{ synchronous_commit: 'off' }]);
    await session.begin();
    t.strictSame(await session.ask('SHOW synchronous_commit'), [{ synchronous_commit: 'on' }]);
    t.strictSame(await session.ask('SHOW statement_timeout'), [{ statement_timeout: '0' }]);
  });

  t.test('a connection that breaks while it is committed leaves open whether it is done', async (t) => {
    const proxy = await TcpProxy.open(server.port);
    t.teardown(() => proxy.close());
    const session = await CopySession.open(proxy.through(freshLog(t, server)));
    await session.migrate();
    await session.begin();
    proxy.cut();
    await t.rejects(session.commit(), {
      message: /^the connection broke as the copy was committed \(.*\); copy again: if the target is refused/,
    });
  });

  t.test('a log that is not there cannot be begun with', async (t) => {
    const session = await CopySession.open(freshLog(t, server));
    t.teardown(() => session.end());
    await t.rejects(session.begin(), { message: /relation ".*log" does not exist/ });
  });
});
