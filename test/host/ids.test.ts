import { test } from 'tap';
import { newId } from '../../src/host/ids.ts';
import { NOW } from './samples.ts';

test('an id is its prefix and 28 hex digits', (t) => {
  for (const prefix of ['agent-', 'approval-', 'event-', 'request-'] as const) {
    for (const now of [0, 1, NOW, 2 ** 48 - 1]) {
      t.match(newId(prefix, now), new RegExp(`^${prefix}[0-9a-f]{28}$`));
    }
  }
  t.end();
});

test('no two ids are the same, although they are made in the same millisecond', (t) => {
  const made = Array.from({ length: 20_000 }, () => newId('event-', NOW));
  t.equal(new Set(made).size, made.length);
  const chances = made.flatMap((id) => [id.slice(-16, -8), id.slice(-8)]);
  t.ok(new Set(chances).size > chances.length - 10, 'one says nothing about the next');
  t.end();
});

test('later ids sort after earlier ones', (t) => {
  const times = [0, 1, 15, 16, NOW - 1, NOW, NOW + 1, NOW + 86_400_000];
  const made = times.map((now) => newId('approval-', now));
  t.strictSame(made.toSorted(), made);
  t.end();
});
