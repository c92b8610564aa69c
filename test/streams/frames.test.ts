import { test } from 'tap';
import { joinParts } from '../../src/streams/frames.ts';

test('the frames of a batch become one part, and several when they are long', (t) => {
  t.strictSame(joinParts([]), []);
  const [part, ...others] = joinParts(['id: 1\n\n', 'id: 2\n\n']);
  t.equal(part?.plain.toString(), 'id: 1\n\nid: 2\n\n');
  t.strictSame(others, []);
  const frames = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(100_000));
  const plain = joinParts(frames).map((long) => long.plain);
  t.equal(Buffer.concat(plain).toString(), frames.join(''), 'nothing is lost, and the order stays');
  t.equal(plain.length, 4);
  t.ok(plain.every(({ length }) => length <= 256 * 1024 + 100_000));
  t.end();
});

test('a part is also one chunk of HTTP, as long in bytes as it says', (t) => {
  for (const [text, chunk] of [
    ['id: 1\n\n', '7\r\nid: 1\n\n\r\n'],
    ['é😀\ud83d', '9\r\né😀\ufffd\r\n'],
    ['x'.repeat(4096), `1000\r\n${'x'.repeat(4096)}\r\n`],
  ] as const) {
    const [part] = joinParts([text]);
    t.equal(part?.chunk.toString(), chunk);
    t.equal(part?.plain.toString(), text.replace(/\ud83d$/, '\ufffd'));
  }
  t.end();
});
