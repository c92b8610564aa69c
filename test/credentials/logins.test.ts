import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { LOGIN_LIFE_MS, LOGINS_MAX, LOGINS_PER_TOKEN_MAX, Logins } from '../../src/credentials/logins.ts';
import { hashSecret } from '../../src/credentials/token.ts';
import { NOW } from './parts.ts';

const ann = { sha256: hashSecret('ann'), expiresAt: null };
const bob = { sha256: hashSecret('bob'), expiresAt: NOW + 1000 };
const everyone = () => true;

async function open(t: Test, text?: string) {
  const path = join(t.testdir({}), 'logins.json');
  if (text !== undefined) writeFileSync(path, text);
  const errors: string[] = [];
  const clock = { now: NOW };
  const reopen = () =>
    Logins.open({ path, clock: () => clock.now, reportError: (error) => errors.push(error) });
  return { path, errors, clock, reopen, logins: await reopen() };
}

test('a sign-in lasts 12 hours, or as long as its token', async (t) => {
  const { logins } = await open(t);
  const first = await logins.create(ann, everyone);
  const second = await logins.create(bob, everyone);
  t.equal(first?.expiresAt, NOW + 12 * 60 * 60 * 1000);
  t.equal(second?.expiresAt, NOW + 1000);
  t.match(first?.id, /^[A-Za-z0-9_-]{43}$/);
  t.strictSame(logins.find(first?.id ?? ''), {
    sha256: hashSecret(first?.id ?? ''),
    token_sha256: ann.sha256,
    expires_at: NOW + LOGIN_LIFE_MS,
  });
  t.equal(logins.find('x'.repeat(43)), undefined);
});

test('a sign-in outlives a restart, in a private file that does not have the cookie', async (t) => {
  const { logins, path, reopen, errors } = await open(t);
  const login = await logins.create(ann, everyone);
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.notMatch(readFileSync(path, 'utf8'), login?.id);
  t.strictSame((await reopen()).find(login?.id ?? ''), logins.find(login?.id ?? ''));
  await logins.end(login?.id ?? '');
  t.equal(logins.find(login?.id ?? ''), undefined);
  t.equal((await reopen()).find(login?.id ?? ''), undefined);
  await logins.end('unknown');
  t.strictSame(errors, []);
});

test('many at the same moment are all kept', async (t) => {
  const { logins, reopen } = await open(t);
  const made = await Promise.all(Array.from({ length: 50 }, () => logins.create(ann, everyone)));
  const again = await reopen();
  t.ok(made.every((login) => again.find(login?.id ?? '') !== undefined));
});

test('sign-ins that have expired, or whose token is dead, are tidied away', async (t) => {
  const { logins, clock, path } = await open(t);
  await logins.create(bob, everyone);
  await logins.create({ sha256: hashSecret('eve'), expiresAt: null }, everyone);
  clock.now += 1000;
  await logins.create(ann, (sha256) => sha256 !== hashSecret('eve'));
  t.equal(JSON.parse(readFileSync(path, 'utf8')).logins.length, 1);
});

test('of too many with one token the oldest ends', async (t) => {
  const { logins } = await open(t);
  const other = await logins.create(bob, everyone);
  const ids: string[] = [];
  for (let count = 0; count < LOGINS_PER_TOKEN_MAX + 1; count++) {
    ids.push((await logins.create(ann, everyone))?.id ?? '');
  }
  t.equal(logins.find(ids[0] ?? ''), undefined);
  t.ok(logins.find(ids[1] ?? ''));
  t.ok(logins.find(ids.at(-1) ?? ''));
  t.ok(logins.find(other?.id ?? ''));
});

test('with too many in all, none is taken', async (t) => {
  const logins = Array.from({ length: LOGINS_MAX }, (_, index) => ({
    sha256: hashSecret(`${index}`),
    token_sha256: hashSecret(`${index % 1000}`),
    expires_at: NOW + 1,
  }));
  const { logins: full, clock } = await open(t, JSON.stringify({ version: 1, logins }));
  t.equal(await full.create(ann, everyone), null);
  clock.now += 1;
  t.not(await full.create(ann, everyone), null);
});

test('who signs in anew is no longer who they were', async (t) => {
  const { logins, path, reopen } = await open(t);
  const first = String((await logins.create(ann, everyone))?.id);
  const second = String((await logins.create(bob, everyone, first))?.id);
  t.equal(logins.find(first), undefined);
  t.equal((await reopen()).find(first), undefined);
  t.match((await reopen()).find(second), { token_sha256: bob.sha256 });
  t.ok(await logins.create(ann, everyone, 'unknown'), 'a cookie that was good once');
  rmSync(path);
  mkdirSync(path);
  await t.rejects(logins.create(ann, everyone, second), { code: 'EISDIR' });
  t.match(logins.find(second), { token_sha256: bob.sha256 }, 'nothing happened');
});

test('a damaged file is reported, and everybody signs in again', async (t) => {
  const { logins, errors } = await open(t, '{"version":1');
  t.match(errors, [/^the file of sign-ins '.*' is damaged: it is not JSON; everybody has to sign in again$/]);
  t.ok(await logins.create(ann, everyone));
});

test('what cannot be written down did not happen', async (t) => {
  const { logins, path, reopen } = await open(t);
  const login = await logins.create(ann, everyone);
  rmSync(path);
  mkdirSync(path);
  await t.rejects(logins.create(ann, everyone), { code: 'EISDIR' });
  await t.rejects(logins.end(login?.id ?? ''), { code: 'EISDIR' });
  t.equal(logins.find(login?.id ?? ''), undefined, 'it is over in any case');
  rmSync(path, { recursive: true });
  const next = await logins.create(ann, everyone);
  const again = await reopen();
  t.ok(again.find(next?.id ?? ''));
  t.equal(JSON.parse(readFileSync(path, 'utf8')).logins.length, 1);
});

test('without a path nothing is written', async (t) => {
  const logins = await Logins.open({ path: null, clock: () => NOW, reportError: t.fail });
  const login = await logins.create(ann, everyone);
  t.ok(logins.find(login?.id ?? ''));
});
