import { test } from 'tap';
import { joinParts } from '../../src/streams/frames.ts';

test('the frames of a turn become one buffer, and several when they are long', (t) => {
  t.strictSame(joinParts([]), []);
  t.strictSame(joinParts(['id: 1\n\n', 'id: 2\n\n']).map(String), ['id: 1\n\nid: 2\n\n']);
  const frames = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(100_000));
  const parts = joinParts(frames);
  t.equal(Buffer.concat(parts).toString(), frames.join(''), 'nothing is lost, and the order stays');
  t.equal(parts.length, 4);
  t.ok(parts.every(({ length }) => length <= 256 * 1024 + 100_000));
  t.end();
});
