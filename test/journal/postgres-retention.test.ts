import { test } from 'tap';
import { SharedRetention } from '../../src/journal/postgres-retention.ts';

test('what could not be forgotten is tried again at the next look', async (t) => {
  const asked: (readonly (number | null)[])[] = [];
  const floors: number[] = [];
  let works = false;
  const retention = new SharedRetention({
    retainEvents: 10,
    retainApprovalsDays: 1,
    now: () => 86_400_000,
    retain: async (values) => {
      asked.push(values);
      if (!works) throw new Error('away');
      return { floor: Number(values[1]), more: false };
    },
    moved: (floor) => floors.push(floor),
  });
  await retention.idle();
  retention.look(15, 0);
  retention.look(15, 0);
  await retention.idle();
  t.strictSame([asked, floors], [[[0, 5, 0, 1000]], []], 'once at a time');
  works = true;
  retention.look(15, 0);
  await retention.idle();
  retention.look(15, 5);
  await retention.idle();
  t.strictSame([asked.length, floors], [2, [5]], 'then nothing is due');
});
