import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { hashSecret } from '../../src/credentials/token.ts';
import { bearer } from '../access/guarded.ts';
import { Sallyport } from './sallyport.ts';

/** On all addresses, with the most of a log. */
function startPublic(t: Test, cwd: string, env: Record<string, string> = {}): Sallyport {
  const settings = { SALLYPORT_HOST: '0.0.0.0', SALLYPORT_PORT: '0', SALLYPORT_LOG_LEVEL: 'debug', ...env };
  return new Sallyport(t, { cwd, env: settings });
}

/** Where this machine reaches it. */
async function urlOf(sallyport: Sallyport): Promise<string> {
  const { port } = new URL(await sallyport.url());
  return `http://127.0.0.1:${port}`;
}

const NAMED = /\{[^\n]*an administrator's token is in [^\n]*\}/;

test('a first start beyond this machine makes a way in for its administrator alone', async (t) => {
  const cwd = t.testdir({});
  const path = join(cwd, 'data', 'admin-token');
  const first = startPublic(t, cwd);
  const line = JSON.parse((await first.line(NAMED))[0]);
  t.match(line, { level: 40, msg: /data\/admin-token, which goes away when it is used/ });
  t.equal(statSync(path).mode & 0o777, 0o600);
  const token = readFileSync(path, 'utf8').trim();
  const kept = readFileSync(join(cwd, 'data', 'tokens.json'), 'utf8');
  t.ok(kept.includes(hashSecret(token)));
  t.notOk(kept.includes(token), 'only its hash is kept');
  t.equal((await fetch(`${await urlOf(first)}/agents`)).status, 401);
  t.ok(existsSync(path), 'what is refused does not use it');
  const ended = [await first.stop()];

  const second = startPublic(t, cwd);
  t.match((await second.line(NAMED))[0], 'data/admin-token');
  const url = await urlOf(second);
  const used = await fetch(`${url}/agents`, { headers: bearer(token) });
  t.equal(used.status, 200, 'it is the same token');
  t.notOk(existsSync(path), 'the file is gone at the first use');
  t.equal(
    (await fetch(`${url}/agents`, { headers: bearer(token) })).status,
    200,
    'and it is good from then on',
  );
  t.equal((await fetch(`${url}/agents`)).status, 401);
  ended.push(await second.stop());

  const third = startPublic(t, cwd);
  t.equal((await fetch(`${await urlOf(third)}/agents`, { headers: bearer(token) })).status, 200);
  t.equal((await fetch(`${await urlOf(third)}/agents`)).status, 401);
  ended.push(await third.stop());
  t.notMatch(ended[2]?.stdout, NAMED, 'one that was used is not named again');
  for (const { code, stdout, stderr } of ended) {
    t.equal(code, 0);
    t.notOk((stdout + stderr).includes(token), 'the token itself is never said');
  }
});

test('SALLYPORT_INSECURE needs no credentials anywhere, and says so at each start', async (t) => {
  const cwd = t.testdir({});
  for (const _start of [1, 2]) {
    const sallyport = startPublic(t, cwd, { SALLYPORT_INSECURE: 'true' });
    const [line] = await sallyport.line(/\{[^\n]*SALLYPORT_INSECURE is set[^\n]*\}/);
    t.match(JSON.parse(line), { level: 40, msg: /whoever reaches 0\.0\.0\.0:\d+ can decide everything/ });
    t.equal((await fetch(`${await urlOf(sallyport)}/agents`)).status, 200);
    t.equal((await sallyport.stop()).code, 0);
  }
  t.notOk(existsSync(join(cwd, 'data', 'admin-token')));
});

test('without a place for a token it does not start beyond this machine', async (t) => {
  const { code, stderr } = await startPublic(t, t.testdir({}), { SALLYPORT_STORE: 'memory:' }).exited;
  t.equal(code, 1);
  t.match(
    stderr,
    /^sallyport: there is no folder to keep an administrator token in; make a token, and set SALLYPORT_TOKENS/,
  );
});
