import { test } from 'tap';
import { Counter } from '../../src/host/counter.ts';

test('a counter counts each name by itself and forgets what is back at zero', (t) => {
  const counter = new Counter();
  t.equal(counter.of('a'), 0);
  counter.add('a');
  counter.add('a');
  counter.add('b');
  t.strictSame([counter.of('a'), counter.of('b'), counter.of('c')], [2, 1, 0]);
  counter.remove('a');
  counter.remove('b');
  t.strictSame([counter.of('a'), counter.of('b')], [1, 0]);
  counter.remove('b');
  counter.add('b');
  t.equal(counter.of('b'), 1, 'never less than none');
  t.end();
});
