import { test } from 'tap';
import { unreachable } from '../../src/client/connection.ts';

test('what cannot be reached is said with the deepest reason there is', async (t) => {
  const said = (cause?: unknown) => {
    const error = unreachable(new TypeError('fetch failed', { cause }), undefined, 'http://gate');
    return (error as Error).message;
  };
  t.equal(said(new Error('connect ECONNREFUSED')), 'http://gate cannot be reached: connect ECONNREFUSED');
  // Of a name with several addresses.
  const several = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  t.equal(said(several), 'http://gate cannot be reached: ECONNREFUSED');
  t.equal(said(), 'http://gate cannot be reached: fetch failed');
});
