import { test } from 'tap';
import { LeftOpen } from '../../src/http/hooks/left-open.ts';

test('what was left open is good for one more call, within an hour', (t) => {
  let now = 0;
  const left = new LeftOpen(() => now);
  left.leave('call', 'approval-1');
  t.equal(left.take('another'), undefined);
  now = 3_600_000;
  t.equal(left.take('call'), 'approval-1');
  t.equal(left.take('call'), undefined);
  left.leave('call', 'approval-2');
  left.leave('call', 'approval-3');
  now += 3_600_001;
  t.equal(left.take('call'), undefined, 'who asks later is in another situation');
  t.end();
});

test('the oldest are forgotten first, and one that is left again is not old', (t) => {
  const left = new LeftOpen(() => 0);
  left.leave('again', 'a');
  left.leave('oldest', 'b');
  left.leave('again', 'a');
  for (let index = 0; index < 9999; index++) {
    left.leave(`${index}`, 'x');
  }
  t.equal(left.take('oldest'), undefined);
  t.equal(left.take('again'), 'a');
  t.equal(left.take('0'), 'x');
  t.end();
});
