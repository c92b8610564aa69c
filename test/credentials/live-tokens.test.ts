import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { LiveTokens } from '../../src/credentials/live-tokens.ts';
import { replaceFile } from '../../src/credentials/private-file.ts';
import { type TokenEntry, writeTokens } from '../../src/credentials/token-entry.ts';
import { made } from './parts.ts';

async function open(t: Test, entries: TokenEntry[] | null, setting: TokenEntry[] | null = null) {
  const path = join(t.testdir({}), 'tokens.json');
  const errors: string[] = [];
  if (entries !== null) writeFileSync(path, writeTokens(entries));
  const text = setting === null ? null : writeTokens(setting);
  const tokens = await LiveTokens.open({ path, text, reportError: (sentence) => errors.push(sentence) });
  return { path, tokens, errors };
}

function stateOf(tokens: LiveTokens, token: string): string {
  const found = tokens.find(token);
  if (typeof found === 'string') return found;
  return found.isRevoked ? 'revoked' : found.role;
}

test('a token is found by its hash, with what is known of it', async (t) => {
  const ann = made('ann', 'operator', { expires_at: '2027-01-01T00:00:00.000Z' });
  const { tokens } = await open(t, [made('bob', 'viewer').entry, ann.entry]);
  t.ok(tokens.isConfigured);
  t.strictSame(tokens.find(ann.token), {
    name: 'ann',
    role: 'operator',
    sha256: ann.entry.sha256,
    expiresAt: Date.UTC(2027, 0, 1),
    isRevoked: false,
  });
  t.equal(tokens.find(made('eve', 'admin').token), 'unknown');
  t.equal(tokens.find(`${ann.token.slice(0, -1)}!`), 'malformed');
  t.equal(
    tokens.find(ann.token.replace(/^spt_./, (start) => `spt_${start === 'spt_a' ? 'b' : 'a'}`)),
    'bad-checksum',
  );
});

test('without a file and a setting nothing is configured, and an empty list is as good as none', async (t) => {
  t.notOk((await open(t, null)).tokens.isConfigured);
  t.notOk((await open(t, [])).tokens.isConfigured);
  t.notOk((await LiveTokens.open({ path: null, text: null, reportError: () => {} })).isConfigured);
  t.ok(
    (await open(t, [made('a', 'viewer', { revoked_at: '2026-01-01T00:00:00.000Z' }).entry])).tokens
      .isConfigured,
  );
  t.ok((await open(t, null, [made('a', 'viewer').entry])).tokens.isConfigured);
});

test('a file that appears, changes, is replaced and is written to counts as it is', async (t) => {
  const [ann, bob] = [made('ann', 'agent'), made('bob', 'agent')];
  const { path, tokens, errors } = await open(t, null);
  await tokens.check();
  t.notOk(tokens.isConfigured);
  await replaceFile(path, writeTokens([ann.entry]));
  await tokens.check();
  t.ok(tokens.isConfigured);
  t.equal(stateOf(tokens, ann.token), 'agent');
  writeFileSync(path, writeTokens([{ ...ann.entry, role: 'operator' }, bob.entry]));
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'operator');
  t.equal(stateOf(tokens, bob.token), 'agent');
  await replaceFile(path, writeTokens([{ ...ann.entry, revoked_at: '2026-11-23T10:00:00.000Z' }]));
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'revoked');
  t.equal(stateOf(tokens, bob.token), 'unknown');
  t.strictSame(errors, []);
});

test('a file whose folder is a link that is swapped, as in Kubernetes, is seen', async (t) => {
  const folder = t.testdir({ one: {}, two: {} });
  const [ann, bob] = [made('ann', 'agent'), made('bob', 'agent')];
  writeFileSync(join(folder, 'one', 'tokens.json'), writeTokens([ann.entry]));
  writeFileSync(join(folder, 'two', 'tokens.json'), writeTokens([bob.entry]));
  symlinkSync('one', join(folder, 'data'));
  const path = join(folder, 'data', 'tokens.json');
  const tokens = await LiveTokens.open({ path, text: null, reportError: t.fail });
  symlinkSync('two', join(folder, 'data.new'));
  renameSync(join(folder, 'data.new'), join(folder, 'data'));
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'unknown');
  t.equal(stateOf(tokens, bob.token), 'agent');
});

test('a damaged file stops the start', async (t) => {
  const path = join(t.testdir({ 'tokens.json': '{}' }), 'tokens.json');
  const reportError = t.fail;
  await t.rejects(LiveTokens.open({ path, text: null, reportError }), {
    message:
      /^the token file '.*tokens.json' is damaged at .*; put back a copy of it \(deleting it opens the service\)$/,
  });
  await t.rejects(LiveTokens.open({ path: null, text: '{}', reportError }), {
    message: /^SALLYPORT_TOKENS is damaged at ((?!put back).)*$/,
  });
  await t.rejects(LiveTokens.open({ path: t.testdir({}), text: null, reportError }), {
    message: /^the token file '.*' is damaged: it is no file of at most 8388608 bytes; put back a copy of it/,
  });
});

test('a file that becomes damaged changes nothing and is reported, once', async (t) => {
  const [ann, bob] = [made('ann', 'agent'), made('bob', 'agent')];
  const { path, tokens, errors } = await open(t, [ann.entry]);
  writeFileSync(path, writeTokens([bob.entry]).slice(0, 40));
  await tokens.check();
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'agent');
  t.strictSame(errors, [
    `the token file '${path}' is damaged: it is not JSON; what was read from it before still counts`,
  ]);
  writeFileSync(path, writeTokens([bob.entry]));
  await tokens.check();
  t.equal(stateOf(tokens, bob.token), 'agent');
  writeFileSync(path, '');
  await tokens.check();
  t.equal(errors.length, 2, 'and again when it happens again');
});

test('a file that cannot be read any more changes nothing and is reported', async (t) => {
  const ann = made('ann', 'agent');
  const { path, tokens, errors } = await open(t, [ann.entry]);
  rmSync(path);
  symlinkSync(path, path);
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'agent');
  t.match(errors, [/^the token file '.*' cannot be read: ELOOP/]);
});

test('a file that is deleted takes its tokens with it, and leaves the service closed', async (t) => {
  const ann = made('ann', 'agent');
  const { path, tokens, errors } = await open(t, [ann.entry, made('old', 'agent').entry]);
  rmSync(path);
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'unknown', 'nobody has revoked it');
  t.ok(tokens.isConfigured);
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'unknown');
  const gone = `the token file '${path}' is gone: its tokens are refused until it is back`;
  t.strictSame(errors, [gone], 'it is reported, once');
  writeFileSync(path, writeTokens([]));
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'unknown');
  t.ok(tokens.isConfigured);
  writeFileSync(path, writeTokens([ann.entry]));
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'agent');
  rmSync(join(path, '..'), { recursive: true });
  mkdirSync(join(path, '..', '..'), { recursive: true });
  writeFileSync(join(path, '..'), '');
  await tokens.check();
  t.equal(stateOf(tokens, ann.token), 'unknown', 'the folder is a file now');
  t.strictSame(errors, [gone, gone], 'and again when it happens again');
  rmSync(join(path, '..'));
});

test('where file and setting know a name, the file is right', async (t) => {
  const [setting, other] = [made('ann', 'agent'), made('bob', 'viewer')];
  const { path, tokens } = await open(t, null, [setting.entry, other.entry]);
  t.equal(stateOf(tokens, setting.token), 'agent');
  const rotated = made('ann', 'agent');
  writeFileSync(path, writeTokens([rotated.entry]));
  await tokens.check();
  t.equal(stateOf(tokens, setting.token), 'unknown');
  t.equal(stateOf(tokens, rotated.token), 'agent');
  t.equal(stateOf(tokens, other.token), 'viewer');
  rmSync(path);
  await tokens.check();
  t.equal(stateOf(tokens, setting.token), 'unknown', 'deleting the file brings nothing back');
  t.equal(stateOf(tokens, rotated.token), 'unknown');
});
