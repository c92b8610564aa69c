import { test } from 'tap';
import { ExpiryQueue } from '../../src/host/expiry-queue.ts';
import { randomBelow, randomFrom } from './random.ts';

test('nothing is due in an empty queue', (t) => {
  const queue = new ExpiryQueue();
  t.equal(queue.next, undefined);
  t.strictSame(queue.take(Number.MAX_SAFE_INTEGER, 10), []);
  t.end();
});

test('what is due comes out earliest first, within the limit, and the rest stays', (t) => {
  const queue = new ExpiryQueue();
  for (const at of [5, 1, 4, 2, 3]) {
    queue.add(`at-${at}`, at);
  }
  t.equal(queue.next, 1);
  t.strictSame(queue.take(0, 10), []);
  t.strictSame(queue.take(4, 2), ['at-1', 'at-2']);
  t.equal(queue.next, 3);
  t.strictSame(queue.take(4, 10), ['at-3', 'at-4']);
  t.equal(queue.next, 5);
  t.strictSame(queue.take(5, 0), []);
  t.strictSame(queue.take(5, 10), ['at-5']);
  t.equal(queue.next, undefined);
  t.end();
});

test('a queue does what a sorted list does, whatever is added and taken', (t) => {
  const random = randomFrom(20261123);
  const queue = new ExpiryQueue();
  let model: { id: string; at: number }[] = [];
  const timeOf = new Map<string, number>();
  for (let step = 0; step < 5000; step++) {
    if (random() < 0.6) {
      const [id, at] = [`approval-${step}`, randomBelow(random, 500)];
      timeOf.set(id, at);
      queue.add(id, at);
      model.push({ id, at });
      model.sort((a, b) => a.at - b.at);
    } else {
      const [now, limit] = [randomBelow(random, 500), randomBelow(random, 8)];
      const taken = queue.take(now, limit);
      const expected = model.filter(({ at }) => at <= now).slice(0, limit);
      // Those that are due at the same moment come in any order.
      const times = taken.map((id) => timeOf.get(id));
      if (JSON.stringify(times) !== JSON.stringify(expected.map(({ at }) => at))) {
        t.strictSame(times, expected, `step ${step}`);
      }
      model = model.filter(({ id }) => !taken.includes(id));
    }
    if (queue.next !== model[0]?.at) {
      t.equal(queue.next, model[0]?.at, `step ${step}`);
    }
  }
  t.ok(model.length > 0);
  const rest = queue.take(Number.MAX_SAFE_INTEGER, 5000);
  t.strictSame(rest.sort(), model.map(({ id }) => id).sort(), 'each comes out once');
  t.equal(queue.next, undefined);
  t.end();
});
