import { test } from 'tap';
import { readDuration, shownDuration } from '../../src/cli/duration.ts';

test('a duration is a number and a unit', async (t) => {
  const read = (text: string) => readDuration('--timeout', text);
  t.strictSame(
    ['500ms', '90s', '10m', '1h', '2d', '365d'].map(read),
    [500, 90_000, 600_000, 3_600_000, 172_800_000, 31_536_000_000],
  );
  for (const wrong of [
    '',
    '10',
    's',
    '0s',
    '-1s',
    '1.5h',
    '1 h',
    '1H',
    '1w',
    '366d',
    '1h30m',
    '99999999999d',
  ]) {
    t.throws(() => read(wrong), { message: /^--timeout must be a number and a unit/ }, wrong);
  }
});

test('a duration is shown by its two greatest units', async (t) => {
  t.strictSame([0, 999, 1000, 61_000, 3_600_000, 90_061_000].map(shownDuration), [
    '0s',
    '0s',
    '1s',
    '1m 1s',
    '1h',
    '1d 1h',
  ]);
});
