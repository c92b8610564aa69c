import { test } from 'tap';
import { Expirer } from '../../src/host/expirer.ts';
import { ExpiryQueue } from '../../src/host/expiry-queue.ts';

test('a queue forgets what is not wanted, and keeps the rest in order', (t) => {
  const queue = new ExpiryQueue();
  for (const at of [5, 3, 9, 1, 7, 2]) {
    queue.add(`id-${at}`, at);
  }
  queue.keep((id) => id !== 'id-1' && id !== 'id-7');
  t.equal(queue.size, 4);
  t.equal(queue.next, 2);
  t.strictSame(queue.take(100, 100), ['id-2', 'id-3', 'id-5', 'id-9']);
  t.end();
});

test('what was decided long before it was due does not pile up', async (t) => {
  const pending = new Set<string>();
  const looked = { times: 0 };
  const expirer = new Expirer({
    clock: () => 0,
    isPending: (id) => {
      looked.times += 1;
      return pending.has(id);
    },
    expire: async () => true,
  });
  t.teardown(() => expirer.stop());
  for (let number = 0; number < 5000; number++) {
    pending.clear();
    pending.add(`${number}`);
    expirer.add(`${number}`, 1e12 + number);
  }
  // Each round leaves the one that is pending, so each thousand is looked through once, not again and again.
  t.ok(looked.times >= 5000 && looked.times < 6000, `${looked.times}`);
});
