import { test } from 'tap';
import { TOLD_PER_TURN, Wait, type WaitEnd, Waits } from '../../src/host/waits.ts';
import { manualTimers } from './open-host.ts';

const END: WaitEnd = { type: 'answer', json: '{}' };

function make(approvalId: string) {
  const told: WaitEnd[] = [];
  return { told, wait: new Wait(approvalId, (end) => told.push(end)) };
}

test('a decision touches only the waits for its approval, each once', (t) => {
  const tick = manualTimers(t);
  const waits = new Waits();
  const [a, b, other] = [make('one'), make('one'), make('two')];
  let timeouts = 0;
  for (const { wait } of [a, b, other]) {
    waits.park(wait, 1000, () => {
      timeouts += 1;
    });
  }
  t.equal(waits.size, 3);
  t.strictSame(waits.approvalIds, ['one', 'two']);
  waits.tellAll('one', END);
  waits.tellAll('one', END);
  waits.tellAll('three', END);
  t.strictSame([a.told, b.told, other.told], [[END], [END], []]);
  t.equal(waits.size, 1);
  t.notOk(waits.has('one'));
  t.ok(waits.has('two'));
  tick(1000);
  t.equal(timeouts, 1, 'a wait that was told times out no more');
  waits.end(other.wait);
  t.end();
});

test('a wait ends once, and takes its timer along', (t) => {
  const tick = manualTimers(t);
  const waits = new Waits();
  const [a, b, never] = [make('one'), make('one'), make('one')];
  for (const { wait } of [a, b]) {
    waits.park(wait, 1000, () => t.fail('it has ended'));
  }
  waits.end(a.wait);
  waits.end(a.wait);
  waits.end(never.wait);
  t.equal(waits.size, 1);
  t.ok(waits.has('one'));
  waits.end(b.wait);
  t.equal(waits.size, 0);
  t.notOk(waits.has('one'));
  t.strictSame(waits.approvalIds, []);
  tick(1000);
  waits.tellAll('one', END);
  t.strictSame([a.told, b.told], [[], []]);
  t.end();
});

test('a wait that is not decided times out after its time, and is then ended by whoever parked it', (t) => {
  const tick = manualTimers(t);
  const waits = new Waits();
  const { wait } = make('one');
  let timeouts = 0;
  waits.park(wait, 600_000, () => {
    timeouts += 1;
  });
  tick(599_999);
  t.equal(timeouts, 0);
  tick(1);
  t.equal(timeouts, 1);
  t.equal(waits.size, 1);
  waits.end(wait);
  t.equal(waits.size, 0);
  t.end();
});

test('so many are told in one turn, the others in the next ones, and who has gone meanwhile is not', async (t) => {
  const waits = new Waits();
  const parked = Array.from({ length: 2 * TOLD_PER_TURN + 10 }, () => make('one'));
  for (const { wait } of parked) {
    waits.park(wait, 1000, () => t.fail('it is decided'));
  }
  const told = () => parked.filter((one) => one.told.length > 0).length;
  waits.tellAll('one', END);
  t.equal(told(), TOLD_PER_TURN);
  t.notOk(waits.has('one'), 'nobody joins what is decided');
  t.equal(waits.size, TOLD_PER_TURN + 10);
  waits.end((parked.at(-1) as (typeof parked)[number]).wait);
  const later = make('one');
  waits.park(later.wait, 1000, () => undefined);
  while (waits.size > 1) {
    await new Promise(setImmediate);
  }
  t.equal(told(), 2 * TOLD_PER_TURN + 9);
  t.ok(parked.every((one) => one.told.length <= 1));
  t.ok(waits.has('one'), 'one that was parked since then stays');
  t.strictSame(later.told, []);
  waits.end(later.wait);
});
