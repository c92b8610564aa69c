import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'tap';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { isProblem } from '../http/problems.ts';
import { start } from '../service.ts';
import { bearer } from './guarded.ts';

test('with the first token, what is open without one ends, and credentials are needed', async (t) => {
  const folder = t.testdir({});
  const tokensFile = join(folder, 'tokens.json');
  const { client, stream, logged } = await start(t, { store: `sqlite:${join(folder, 'log.db')}` });
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
  const said = logged.filter(({ msg }) => /credentials are needed/.test(String(msg)));
  t.match(said, [
    { level: 30, msg: 'credentials are needed from now on; streams and waits without one have ended' },
  ]);
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
  const { client, credentials, logged } = await start(t, {
    host: '0.0.0.0',
    store: `sqlite:${join(folder, 'log.db')}`,
  });
  const path = join(folder, 'admin-token');
  t.equal(credentials.unusedAdminToken, path);
  t.notMatch(JSON.stringify(logged), 'credentials are needed from now on', 'nobody was let in without one');
  isProblem(t, await client.get('/agents'), 401, 'unauthenticated');
  const token = (await readFile(path, 'utf8')).trim();
  t.equal((await client.as(token).get('/agents')).status, 200);
  t.equal(credentials.unusedAdminToken, null);
  await t.rejects(start(t, { host: '0.0.0.0', store: 'memory:' }), { message: /SALLYPORT_TOKENS_FILE/ });
});

test('a file of tokens that is named and is not there stops the start', async (t) => {
  const folder = t.testdir({ file: '' });
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    for (const tokensFile of [join(folder, 'tokens.json'), join(folder, 'file', 'tokens.json')]) {
      await t.rejects(start(t, { store: 'memory:', host, tokensFile }), {
        message: `SALLYPORT_TOKENS_FILE '${tokensFile}' does not exist; make it with 'sallyport token create --name NAME --role admin --tokens-file ${tokensFile}', or leave the setting away`,
      });
    }
  }
  const tokensFile = join(folder, 'tokens.json');
  await new TokenFile(tokensFile).create({ name: 'ann', role: 'operator', expiresAt: null });
  const { client } = await start(t, { store: 'memory:', tokensFile });
  isProblem(t, await client.get('/agents'), 401, 'unauthenticated');
});

test('the file of tokens that goes away is said, and nobody is told that their token was revoked', async (t) => {
  const folder = t.testdir({});
  const tokensFile = join(folder, 'tokens.json');
  const { token } = await new TokenFile(tokensFile).create({
    name: 'ann',
    role: 'operator',
    expiresAt: null,
  });
  const { client, credentials, logged } = await start(t, { store: 'memory:', tokensFile, credential: token });
  await rm(tokensFile);
  await credentials.check();
  await credentials.check();
  const refused = await client.get('/agents');
  isProblem(t, refused, 401, 'unauthenticated');
  t.notMatch(refused.body.detail, 'revoked');
  const msg = `the token file '${tokensFile}' is gone: its tokens are refused until it is back`;
  t.match(
    logged.filter(({ level }) => Number(level) >= 50),
    [{ msg }],
  );
});
