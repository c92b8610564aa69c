import { test } from 'tap';
import { LeftOpen } from '../../src/http/hooks/left-open.ts';

test('what was left open is good for one more call, within an hour', (t) => {
  let now = 0;
  const left = new LeftOpen(() => now);
  left.leave('call', { approvalId: 'approval-1', ticket: 't' });
  t.equal(left.take('another'), undefined);
  now = 3_600_000;
  t.strictSame(left.take('call'), { approvalId: 'approval-1', ticket: 't', at: 0 });
  t.equal(left.take('call'), undefined);
  left.leave('call', { approvalId: 'approval-2', ticket: 't' });
  left.leave('call', { approvalId: 'approval-3', ticket: 't' });
  now += 3_600_001;
  t.equal(left.take('call'), undefined, 'who asks later is in another situation');
  t.end();
});

test('the oldest are forgotten first, and one that is left again is not old', (t) => {
  const left = new LeftOpen(() => 0);
  left.leave('again', { approvalId: 'a', ticket: 't' });
  left.leave('oldest', { approvalId: 'b', ticket: 't' });
  left.leave('again', { approvalId: 'a', ticket: 't' });
  for (let index = 0; index < 9999; index++) {
    left.leave(`${index}`, { approvalId: 'x', ticket: 't' });
  }
  t.equal(left.take('oldest'), undefined);
  t.strictSame(left.take('again'), { approvalId: 'a', ticket: 't', at: 0 });
  t.strictSame(left.take('0'), { approvalId: 'x', ticket: 't', at: 0 });
  t.end();
});
