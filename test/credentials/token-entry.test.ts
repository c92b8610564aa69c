import { test } from 'tap';
import {
  isTokenName,
  readTokens,
  stateOf,
  TOKENS_MAX,
  writeTokens,
} from '../../src/credentials/token-entry.ts';
import { made, NOW } from './parts.ts';

function sentence(text: string): string {
  try {
    readTokens(text, 'SALLYPORT_TOKENS');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

function list(...tokens: unknown[]): string {
  return JSON.stringify({ version: 1, tokens });
}

test('what is written is read', async (t) => {
  const entries = [
    made('ann', 'operator').entry,
    made('ci@build-7', 'agent', { expires_at: '2027-01-01T00:00:00.000Z' }).entry,
    made('old', 'admin', { revoked_at: '2026-02-01T00:00:00.000Z' }).entry,
  ];
  t.strictSame(readTokens(writeTokens(entries), 'it'), entries);
  t.strictSame(readTokens(list(), 'it'), []);
});

test('a list that becomes wrong is refused by a sentence that says where', async (t) => {
  const { entry } = made('ann', 'operator');
  t.equal(sentence(list(entry)), 'accepted');
  const cases: [string, RegExp][] = [
    ['', /^SALLYPORT_TOKENS is damaged: it is not JSON$/],
    [list(entry).slice(0, -1), /it is not JSON$/],
    ['[]', /damaged at '\/': /],
    ['{"version":2,"tokens":[]}', /'\/version'/],
    ['{"version":1}', /'\/tokens'/],
    ['{"version":1,"tokens":[],"more":1}', /'\/more'/],
    ['{"version":1,"tokens":[],"__proto__":{}}', /'\/__proto__'/],
    [list({ ...entry, name: undefined }), /'\/tokens\/0\/name'/],
    [list({ ...entry, name: '' }), /'\/tokens\/0\/name'/],
    [list({ ...entry, role: 'root' }), /'\/tokens\/0\/role'/],
    [list({ ...entry, sha256: entry.sha256.slice(1) }), /'\/tokens\/0\/sha256'/],
    [list({ ...entry, sha256: entry.sha256.toUpperCase().replace(/\d/g, 'A') }), /'\/tokens\/0\/sha256'/],
    [list({ ...entry, created_at: 'yesterday' }), /'\/tokens\/0\/created_at'/],
    [list({ ...entry, created_at: '2026-02-30T00:00:00.000Z' }), /a time that no calendar has$/],
    [list({ ...entry, expires_at: '2026-13-01T00:00:00.000Z' }), /a time that no calendar has$/],
    [list({ ...entry, expires_at: 0 }), /'\/tokens\/0\/expires_at'/],
    [list({ ...entry, revoked_at: null }), /'\/tokens\/0\/revoked_at'/],
    [list({ ...entry, revoked: true }), /'\/tokens\/0\/revoked'/],
    [list(entry, made('ann', 'viewer').entry), /two of its tokens have the same name$/],
    [list(entry, { ...entry, name: 'bob' }), /two of its tokens have the same sha256$/],
    [list(...Array.from({ length: TOKENS_MAX + 1 }, () => entry)), /'\/tokens'/],
  ];
  for (const [text, expected] of cases) {
    t.match(sentence(text), expected, text.slice(0, 200));
  }
});

test('no sentence repeats what is there', async (t) => {
  const { token, entry } = made('ann', 'operator');
  for (const text of [token, `{"${'a'}":${token}`, list(token), list({ ...entry, role: token })]) {
    t.notMatch(sentence(text), token.slice(4, 20));
  }
});

test('a name is short, printable and not a token', async (t) => {
  for (const name of ['a', '0', 'Ann.B_c-d', 'ann@example.org', 'x'.repeat(64)]) {
    t.ok(isTokenName(name), name);
  }
  for (const name of [
    '',
    '-a',
    '.a',
    '@a',
    'a b',
    'a\n',
    'é',
    'a/b',
    'a:b',
    'x'.repeat(65),
    made('a', 'admin').token,
  ]) {
    t.notOk(isTokenName(name), JSON.stringify(name));
  }
});

test('a token is active until it is revoked or its time has come', async (t) => {
  const expires_at = new Date(NOW).toISOString();
  t.equal(stateOf(made('a', 'admin').entry, NOW), 'active');
  t.equal(stateOf(made('a', 'admin', { expires_at }).entry, NOW - 1), 'active');
  t.equal(stateOf(made('a', 'admin', { expires_at }).entry, NOW), 'expired');
  t.equal(stateOf(made('a', 'admin', { expires_at, revoked_at: expires_at }).entry, NOW), 'revoked');
});
