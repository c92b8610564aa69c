import { type Test, test } from 'tap';
import { Expirer } from '../../src/host/expirer.ts';
import { manualTimers } from './open-host.ts';

const START = 1_000_000;

function make(t: Test) {
  const tick = manualTimers(t);
  const clock = { now: START };
  const pending = new Set<string>();
  const expired: string[] = [];
  const figures = { running: 0, runningMax: 0, reads: 0 };
  let fails = (_id: string) => false;
  const expirer = new Expirer({
    clock: () => {
      figures.reads += 1;
      return clock.now;
    },
    isPending: (id) => pending.has(id),
    expire: async (id) => {
      figures.running += 1;
      figures.runningMax = Math.max(figures.runningMax, figures.running);
      await new Promise(setImmediate);
      figures.running -= 1;
      if (!fails(id)) {
        expired.push(id);
        pending.delete(id);
      }
      return !pending.has(id);
    },
  });
  t.teardown(() => expirer.stop());
  return {
    expirer,
    clock,
    expired,
    pending,
    figures,
    add: (id: string, at: number) => {
      pending.add(id);
      expirer.add(id, at);
    },
    fail: (test: (id: string) => boolean) => {
      fails = test;
    },
    /** Time passes, on the clock and for the timers. */
    pass: async (ms: number) => {
      clock.now += ms;
      tick(ms);
      await settled();
    },
    tick: async (ms: number) => {
      tick(ms);
      await settled();
    },
  };
}

/** What has begun has ended. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) {
    await new Promise(setImmediate);
  }
}

test('what is due is expired, and what is not yet due stays', async (t) => {
  const { add, pass, expired } = make(t);
  add('soon', START + 300);
  add('sooner', START + 200);
  add('later', START + 400);
  await pass(199);
  t.strictSame(expired, []);
  await pass(1);
  t.strictSame(expired, ['sooner']);
  await pass(100);
  t.strictSame(expired, ['sooner', 'soon']);
  await pass(100);
  t.strictSame(expired, ['sooner', 'soon', 'later']);
});

test('what is already due when it is added is expired in the next turn', async (t) => {
  const { add, tick, expired } = make(t);
  add('overdue', START - 5000);
  await tick(1);
  t.strictSame(expired, ['overdue']);
});

test('a clock that jumps forward is noticed within a second', async (t) => {
  const { add, clock, tick, expired } = make(t);
  add('tomorrow', START + 86_400_000);
  await tick(1000);
  t.strictSame(expired, []);
  clock.now += 86_400_000;
  await tick(1000);
  t.strictSame(expired, ['tomorrow']);
});

test('a clock that jumps backward expires nothing before its time', async (t) => {
  const { add, clock, pass, tick, expired } = make(t);
  add('soon', START + 500);
  clock.now -= 3_600_000;
  await tick(500);
  await tick(10_000);
  t.strictSame(expired, []);
  clock.now = START;
  await pass(500);
  await tick(1000);
  t.strictSame(expired, ['soon']);
});

test('nothing is looked at while nothing can expire', async (t) => {
  const { add, pass, tick, figures, expired } = make(t);
  add('soon', START + 10);
  await pass(10);
  t.strictSame(expired, ['soon']);
  const { reads } = figures;
  await tick(3_600_000);
  t.equal(figures.reads, reads);
});

test('what is no longer pending is passed over', async (t) => {
  const { add, pending, pass, figures, expired } = make(t);
  add('decided', START + 10);
  add('due', START + 10);
  pending.delete('decided');
  await pass(10);
  t.strictSame(expired, ['due']);
  t.equal(figures.runningMax, 1);
});

test('any number that is due at once is expired, a thousand at a time', async (t) => {
  const { add, expirer, figures, expired } = make(t);
  for (let index = 0; index < 2500; index++) {
    add(`approval-${index}`, START - 1 - index);
  }
  t.equal(await expirer.expireDue(), true);
  t.equal(new Set(expired).size, 2500);
  t.equal(figures.runningMax, 1000);
});

test('what could not be expired is tried again after a second, and not before', async (t) => {
  const { add, fail, expirer, tick, figures, expired } = make(t);
  let tries = 0;
  fail((id) => {
    tries += id === 'stuck' ? 1 : 0;
    return id === 'stuck';
  });
  add('stuck', START - 1);
  add('fine', START - 1);
  t.equal(await expirer.expireDue(), false);
  t.strictSame(expired, ['fine']);
  await tick(999);
  t.equal(tries, 1);
  await tick(1);
  t.equal(tries, 2);
  fail(() => false);
  await tick(1000);
  t.strictSame(expired, ['fine', 'stuck']);
  const { reads } = figures;
  await tick(10_000);
  t.equal(figures.reads, reads, 'it is done');
});

test('what is added while some are being expired is not forgotten', async (t) => {
  const { add, expirer, tick, figures, expired } = make(t);
  add('first', START - 1);
  const running = expirer.expireDue();
  add('second', START - 2);
  add('third', START + 5);
  await tick(1);
  t.equal(await running, true);
  t.equal(figures.runningMax, 1, 'one batch after the other');
  t.strictSame(expired, ['first', 'second']);
  await tick(1000);
  t.strictSame(expired, ['first', 'second']);
});

test('nothing expires any more once it is stopped', async (t) => {
  const { add, expirer, tick, pass, expired } = make(t);
  add('soon', START + 10);
  expirer.stop();
  await pass(10_000);
  add('overdue', START - 1);
  await tick(10_000);
  t.strictSame(expired, []);
});

test('what is being expired at the stop is finished, and nothing is tried again', async (t) => {
  const { add, fail, expirer, tick, expired } = make(t);
  fail((id) => id === 'stuck');
  add('stuck', START - 1);
  add('fine', START - 1);
  const running = expirer.expireDue();
  expirer.stop();
  t.equal(await running, false);
  fail(() => false);
  await tick(10_000);
  t.strictSame(expired, ['fine']);
});
