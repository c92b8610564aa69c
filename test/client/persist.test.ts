import { test } from 'tap';
import { SallyportError } from '../../src/client/index.ts';
import { Backoff, persist } from '../../src/client/persist.ts';

const down = new SallyportError({ code: 'unreachable', status: 0, detail: 'down' });

test('delays grow to ten seconds, are spread, and are never below what the service asks for', async (t) => {
  const backoff = new Backoff();
  const delays = Array.from({ length: 12 }, () => backoff.next());
  t.ok(
    delays.every((delay, index) => delay >= Math.min(100 * 2 ** index, 5000)),
    delays.join(),
  );
  t.ok(
    delays.every((delay, index) => delay <= Math.min(200 * 2 ** index, 10_000)),
    delays.join(),
  );
  backoff.reset();
  const after = backoff.next(3000);
  t.ok(after >= 3100 && after <= 3200, `${after}`);
});

test('after a call that was good for a while, trouble begins anew', async (t) => {
  let clock = 0;
  let calls = 0;
  const delays: number[] = [];
  const call = async () => {
    calls += 1;
    clock += calls === 3 ? 6000 : 1;
    if (calls < 5) throw down;
    return calls;
  };
  const onRetry = (_: unknown, delayMs: number) => void delays.push(delayMs);
  t.equal(await persist(call, { onRetry, now: () => clock }), 5);
  t.ok(Number(delays[1]) >= 200 && Number(delays[2]) <= 200, delays.join());
});

test('what is no trouble of the connection is not tried again', async (t) => {
  let calls = 0;
  const call = async () => {
    calls += 1;
    throw new TypeError('a mistake');
  };
  await t.rejects(persist(call, {}), { message: 'a mistake' });
  t.equal(calls, 1);
});
