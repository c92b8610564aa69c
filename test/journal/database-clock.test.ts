import { test } from 'tap';
import { DatabaseClock } from '../../src/journal/database-clock.ts';

test('it goes by the answer that took the shortest way', (t) => {
  let ms = 1000;
  const clock = new DatabaseClock(() => ms);
  ms = 1100;
  clock.heard(5_000_050, 1000);
  t.equal(clock.now(), 5_000_100, 'half of the way back has passed since');
  t.equal(clock.heardAt, 1100);
  ms = 1110;
  clock.heard(5_000_205, 1100);
  t.equal(clock.now(), 5_000_210, 'a shorter way');
  ms = 1310;
  clock.heard(9_000_000, 1110);
  t.equal(clock.now(), 5_000_410, 'a longer one says less');
  t.equal(clock.heardAt, 1310, 'but it was heard');
  t.end();
});

test('an old answer is worth less and less, so a clock that was set is followed', (t) => {
  let ms = 0;
  const clock = new DatabaseClock(() => ms);
  clock.heard(1_000_000, 0);
  for (let asked = 0; asked < 20; asked += 1) {
    ms += 1000;
    clock.heard(2_000_000 + ms, ms - 10);
  }
  t.ok(Math.abs(clock.now() - 2_020_000) <= 10);
  t.end();
});

test('by itself it takes the time that never goes back', (t) => {
  const clock = new DatabaseClock();
  clock.heard(1000, performance.now());
  t.ok(clock.now() >= 1000);
  t.end();
});
