import { test } from 'tap';
import { visible, visibleJson, withoutTokens } from '../../src/cli/visible.ts';

test('what a terminal would obey is shown instead, and the rest stays', async (t) => {
  t.equal(visible('naïve 日本 👍 a-b'), 'naïve 日本 👍 a-b');
  t.equal(visible('a\u001b[31m\u0007\u009b'), 'a\\x1b[31m\\x07\\x9b');
  t.equal(visible('two\nlines\r\tand'), 'two\\nlines\\r\\tand');
  t.equal(visible('\u202eevil\u2066\u200b\u00ad\ufeff'), '\\u202eevil\\u2066\\u200b\\xad\\ufeff');
  t.equal(visible('a\u2028b\u3164\u{e0041}'), 'a\\u2028b\\u3164\\u{e0041}');
});

test('JSON says the same to a parser, and nothing to a terminal', async (t) => {
  const value = { text: 'a\u001b\u009b\u202e\u{e0041}\n', more: ['é', 1, null] };
  const line = visibleJson(value);
  t.equal(line, '{"text":"a\\u001b\\u009b\\u202e\\udb40\\udc41\\n","more":["é",1,null]}');
  t.strictSame(JSON.parse(line), value);
});

test('credentials in the wrong place are not repeated', async (t) => {
  t.equal(withoutTokens("no 'spt_abc-DEF' here"), "no '(a credential)' here");
  t.equal(withoutTokens('eyJhbGciOi.eyJzdWIi.c2ln x'), '(a credential) x');
});
