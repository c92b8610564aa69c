import { test } from 'tap';
import type { Authenticated } from '../../src/credentials/identity.ts';
import { OpenUses } from '../../src/credentials/open-uses.ts';

function authenticated(credential: string): Authenticated {
  return { principal: 'token:ann', role: 'agent', expiresAt: null, source: 'token', credential };
}

test('what is open ends once its credential is not good any more, and only that', async (t) => {
  const ended: string[] = [];
  const uses = new OpenUses(t.fail);
  uses.add(authenticated('a'), () => ended.push('a1'));
  uses.add(authenticated('a'), () => ended.push('a2'));
  uses.add(authenticated('b'), () => ended.push('b'));
  uses.endUnless(() => true);
  t.strictSame(ended, []);
  uses.endUnless((authenticated) => authenticated?.credential !== 'a');
  uses.endUnless((authenticated) => authenticated?.credential !== 'a');
  t.strictSame(ended, ['a1', 'a2']);
});

test('what has ended by itself is forgotten', async (t) => {
  const ended: string[] = [];
  const uses = new OpenUses(t.fail);
  const listener = () => ended.push('a');
  const stopFirst = uses.add(authenticated('a'), listener);
  const stopSecond = uses.add(authenticated('a'), listener);
  stopFirst();
  stopFirst();
  uses.endUnless(() => false);
  t.strictSame(ended, ['a']);
  const stopThird = uses.add(authenticated('a'), listener);
  stopSecond();
  uses.endUnless(() => false);
  t.strictSame(ended, ['a', 'a'], 'one that stops late takes no newer one with it');
  stopThird();
  uses.add(authenticated('b'), listener)();
  const asked: string[] = [];
  uses.endUnless((authenticated) => asked.push(`${authenticated?.credential}`) > 0);
  t.strictSame(asked, [], 'nothing is left');
});

test('one that fails keeps no other open', async (t) => {
  const [errors, ended]: string[][] = [[], []];
  const uses = new OpenUses((sentence) => errors?.push(sentence));
  uses.add(authenticated('a'), () => {
    throw new Error('no');
  });
  uses.add(authenticated('a'), () => ended?.push('a'));
  uses.endUnless(() => false);
  t.strictSame(ended, ['a']);
  t.match(errors, [/could not be closed: Error: no$/]);
});
