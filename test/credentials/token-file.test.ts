import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { hashSecret } from '../../src/credentials/token.ts';
import { TOKENS_MAX, writeTokens } from '../../src/credentials/token-entry.ts';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { without } from '../process/built.ts';
import { made, NOW } from './parts.ts';

function open(t: Test) {
  const path = join(t.testdir({}), 'tokens.json');
  const clock = { now: NOW };
  return { path, clock, file: new TokenFile(path, () => clock.now) };
}

test('a token that is created is in the file by its hash alone', async (t) => {
  const { path, file } = open(t);
  const { token, entry } = await file.create({ name: 'ann', role: 'operator', expiresAt: NOW + 1000 });
  t.strictSame(entry, {
    name: 'ann',
    role: 'operator',
    sha256: hashSecret(token),
    created_at: '2026-11-23T10:00:00.000Z',
    expires_at: '2026-11-23T10:00:01.000Z',
  });
  t.strictSame(await file.list(), [entry]);
  t.notMatch(readFileSync(path, 'utf8'), token.slice(4, 20));
  t.equal(statSync(path).mode & 0o777, 0o600);
});

test('a name is given once, ever', async (t) => {
  const { file } = open(t);
  const ann = { name: 'ann', role: 'agent', expiresAt: null } as const;
  await file.create(ann);
  await t.rejects(file.create(ann), { message: /^there is a token 'ann' already; .*'token rotate ann'$/ });
  await file.revoke('ann');
  await t.rejects(file.create(ann), { message: /^'ann' was the name of a token that is revoked/ });
  await t.rejects(file.create({ ...ann, name: 'a b' }), { message: /^the name of a token must be / });
  t.equal((await file.list()).length, 1);
});

test('a token that is rotated keeps its name, role and end, and has another secret', async (t) => {
  const { file, clock } = open(t);
  const before = await file.create({ name: 'ann', role: 'agent', expiresAt: NOW + 1000 });
  await file.create({ name: 'bob', role: 'viewer', expiresAt: null });
  clock.now += 1;
  const after = await file.rotate('ann');
  t.not(after.token, before.token);
  t.strictSame(after.entry, {
    ...before.entry,
    sha256: hashSecret(after.token),
    created_at: '2026-11-23T10:00:00.001Z',
  });
  t.strictSame((await file.list())[0], after.entry);
  t.equal((await file.rotate('ann', null)).entry.expires_at, null);
  t.equal((await file.rotate('ann', NOW + 5000)).entry.expires_at, '2026-11-23T10:00:05.000Z');
});

test('a token that has expired is rotated only with another end', async (t) => {
  const { file, clock } = open(t);
  await file.create({ name: 'ann', role: 'agent', expiresAt: NOW + 1000 });
  clock.now += 1000;
  await t.rejects(file.rotate('ann'), { message: /^token 'ann' has expired; .*--expires DAYS$/ });
  await t.resolves(file.rotate('ann', clock.now + 1));
});

test('a token that is revoked stays so', async (t) => {
  const { file, clock } = open(t);
  await file.create({ name: 'ann', role: 'agent', expiresAt: null });
  const revoked = await file.revoke('ann');
  t.equal(revoked.revoked_at, '2026-11-23T10:00:00.000Z');
  clock.now += 1000;
  t.strictSame(await file.revoke('ann'), revoked);
  await t.rejects(file.rotate('ann'), { message: /^token 'ann' is revoked, which is for good/ });
});

test('a token that is not there is named', async (t) => {
  const { file } = open(t);
  await t.rejects(file.rotate('ann'), { message: /^there is no token 'ann' in '.*tokens.json'; / });
  await t.rejects(file.revoke('ann'), { message: /^there is no token 'ann' / });
  t.strictSame(await file.list(), []);
});

test('a damaged file is an error to everybody, and stays as it is', async (t) => {
  const { path, file } = open(t);
  writeFileSync(path, '{"version":1,"tokens":[');
  const error = {
    message: `the token file '${path}' is damaged: it is not JSON; put back a copy of it (deleting it opens the service)`,
  };
  await t.rejects(file.list(), error);
  await t.rejects(file.create({ name: 'ann', role: 'admin', expiresAt: null }), error);
  await t.rejects(file.rotate('ann'), error);
  await t.rejects(file.revoke('ann'), error);
  await t.rejects(
    file.createFirst({ name: 'ann', role: 'admin', expiresAt: null }, async () => {}),
    error,
  );
  t.equal(readFileSync(path, 'utf8'), '{"version":1,"tokens":[');
});

test('a file that cannot be read is an error', async (t) => {
  const file = new TokenFile(t.testdir({}));
  await t.rejects(file.list(), { message: /^the tokens cannot be read: EISDIR/ });
});

test('there is a most', async (t) => {
  const { path, file } = open(t);
  const entries = Array.from({ length: TOKENS_MAX }, (_, index) => made(`t${index}`, 'viewer').entry);
  writeFileSync(path, writeTokens(entries));
  await t.rejects(file.create({ name: 'one-more', role: 'viewer', expiresAt: null }), {
    message: `there are ${TOKENS_MAX} tokens, and that is the most a file may have`,
  });
});

test('changes at the same moment are all kept', async (t) => {
  const { path } = open(t);
  const names = Array.from({ length: 20 }, (_, index) => `t${index}`);
  const create = (name: string) => new TokenFile(path).create({ name, role: 'viewer', expiresAt: null });
  await Promise.all(names.map(create));
  t.strictSame((await new TokenFile(path).list()).map(({ name }) => name).sort(), names.sort());
});

test('the first token is made only where there was none', async (t) => {
  const { file } = open(t);
  const kept: string[] = [];
  const admin = { name: 'admin', role: 'admin', expiresAt: null } as const;
  const keep = async (token: string) => {
    kept.push(token);
  };
  await t.rejects(
    file.createFirst(admin, () => Promise.reject(new Error('disk full'))),
    { message: 'disk full' },
  );
  t.strictSame(await file.list(), []);
  const first = await file.createFirst(admin, keep);
  t.strictSame(kept, [first?.token]);
  await file.revoke('admin');
  t.equal(await file.createFirst(admin, keep), null);
  t.equal(kept.length, 1);
});

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

test('killed before the rename, the old file is there whole', { skip: without('strace') }, async (t) => {
  const { path, file } = open(t);
  await file.create({ name: 'ann', role: 'agent', expiresAt: null });
  const before = readFileSync(path, 'utf8');
  const calls = 'rename,renameat,renameat2';
  const strace = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:signal=KILL`,
  ];
  const command = [process.execPath, MAIN, 'token', 'rotate', 'ann', '--tokens-file', path];
  const killed = spawnSync('strace', [...strace, ...command], { encoding: 'utf8' });
  t.equal(killed.signal ?? killed.status, 'SIGKILL', killed.stderr);
  t.equal(killed.stdout, '', 'nobody was told of a secret that does not count');
  t.equal(readFileSync(path, 'utf8'), before);
  t.ok(readdirSync(join(path, '..')).includes('tokens.json.tmp'), 'it was killed between the two');

  const { entry } = await file.rotate('ann');
  t.strictSame(await file.list(), [entry]);
  t.strictSame(readdirSync(join(path, '..')).sort(), ['tokens.json', 'tokens.json-lock']);
});
