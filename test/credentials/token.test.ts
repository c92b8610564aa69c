import { crc32 } from 'node:zlib';
import { test } from 'tap';
import { hashSecret, newToken, readToken, sameHash } from '../../src/credentials/token.ts';

test('a new token is 53 characters, another each time, and can be read', async (t) => {
  const tokens = Array.from({ length: 1000 }, newToken);
  t.equal(new Set(tokens).size, 1000);
  for (const token of tokens) {
    t.match(token, /^spt_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}$/);
    t.strictSame(readToken(token), { token });
  }
});

test('the checksum is the CRC-32 of the random part in base62', async (t) => {
  const token = newToken();
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const number = [...token.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
  t.equal(number, crc32(token.slice(4, 47)));
});

test('a token with one wrong character anywhere is a typing error', async (t) => {
  const token = newToken();
  for (let index = 4; index < token.length; index++) {
    const other = token[index] === 'a' ? 'b' : 'a';
    const typed = token.slice(0, index) + other + token.slice(index + 1);
    t.equal(readToken(typed), 'bad-checksum', `at ${index}`);
  }
});

test('what has not the form of a token is malformed', async (t) => {
  const token = newToken();
  const wrong = ['', 'spt_', token.slice(0, -1), `${token}a`, ` ${token}`, `${token}\n`, token.slice(4)];
  for (const text of [...wrong, token.toUpperCase(), `ghp_${token.slice(4)}`, token.replace(/.$/, 'é')]) {
    t.equal(readToken(text), 'malformed', JSON.stringify(text));
  }
});

test('a hash is the SHA-256 in hexadecimal', async (t) => {
  t.equal(hashSecret('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('hashes are the same only if all of them is', async (t) => {
  const hash = hashSecret('a');
  t.ok(sameHash(hash, hash));
  t.notOk(sameHash(hash, hashSecret('b')));
  t.notOk(sameHash(hash, hash.slice(1)));
  t.notOk(sameHash(hash, ''));
});
