import { test } from 'tap';
import { lineDiff } from '../../src/cli/line-diff.ts';

test('a difference is what comes and goes, with a little around it', async (t) => {
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].join('\n');
  t.strictSame(lineDiff(before, before.replace('d', 'D')), ['  b', '  c', '+ D', '- d', '  e', '  f']);
  t.strictSame(lineDiff('', 'a\nb\n'), ['+ a', '+ b']);
  t.strictSame(lineDiff('a\r\nb\r\n', 'a\n'), ['  a', '- b']);
  t.strictSame(lineDiff('same\n', 'same'), []);
  t.strictSame(lineDiff('a\nx', 'b\na\nc'), ['+ b', '  a', '+ c', '- x']);
});
