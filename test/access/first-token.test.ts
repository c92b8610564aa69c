import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { isProblem } from '../http/problems.ts';
import { start } from '../service.ts';
import { bearer } from './guarded.ts';

test('with the first token, what is open without one ends, and credentials are needed', async (t) => {
  const tokensFile = join(t.testdir({}), 'tokens.json');
  const { client, stream } = await start(t, { store: 'memory:', tokensFile });
  const events = await stream('/events/stream?session_id=ui');
  await events.hello();
  const wait = client.post('/approvals/wait', { action: 'Deploy?' });
  const { payload: approval } = await events.seq(1);
  const file = new TokenFile(tokensFile);
  const { token } = await file.create({ name: 'ann', role: 'operator', expiresAt: null });
  const madeAt = performance.now();
  const [answer, isClean] = await Promise.all([wait, events.ended]);
  t.ok(performance.now() - madeAt < 1000, 'within a second');
  isProblem(t, answer, 401, 'unauthenticated');
  t.match(answer.body.detail, 'needs credentials from now on');
  t.equal(answer.headers['www-authenticate'], 'Bearer realm="sallyport"');
  t.equal(isClean, false, 'the stream is cut');
  isProblem(t, await client.get('/agents'), 401, 'unauthenticated');

  const ann = client.as(token);
  t.match((await ann.get(`/approvals/${approval.id}`)).body, { status: 'pending' }, 'the question stays');
  t.equal((await stream('/events/stream', bearer(token))).status, 200);
  const from = { headers: { 'X-Forwarded-For': '10.0.0.1', Host: 'sallyport.example' } };
  t.equal((await ann.get('/agents', from)).status, 200, 'and nothing of open mode is asked any more');
  await file.revoke('ann');
  const closed = await stream('/events/stream', bearer(token));
  await closed.ended;
  isProblem(t, await client.get('/agents'), 401, 'unauthenticated');
});

test('a service that others can reach makes the first token itself, or does not start', async (t) => {
  const folder = t.testdir({});
  const { client, credentials } = await start(t, {
    host: '0.0.0.0',
    store: `sqlite:${join(folder, 'log.db')}`,
  });
  const path = join(folder, 'admin-token');
  t.equal(credentials.unusedAdminToken, path);
  isProblem(t, await client.get('/agents'), 401, 'unauthenticated');
  const token = (await readFile(path, 'utf8')).trim();
  t.equal((await client.as(token).get('/agents')).status, 200);
  t.equal(credentials.unusedAdminToken, null);
  await t.rejects(start(t, { host: '0.0.0.0', store: 'memory:' }), { message: /SALLYPORT_TOKENS_FILE/ });
});
