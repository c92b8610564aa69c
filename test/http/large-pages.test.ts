import { test } from 'tap';
import { start } from '../service.ts';

const LARGE = 'x'.repeat(250_000);
const COUNT = 20;

test('a page of large events is cut, and whoever goes on from its last seq gets them all', async (t) => {
  // So little in memory that the journal answers.
  const { client } = await start(t, { recentBytes: 65_536, maxJsonBytes: 262_144 });
  for (let event = 1; event <= COUNT; event++) {
    await client.post('/events', { payload: LARGE });
  }
  const seqs: number[] = [];
  const pages: number[] = [];
  for (let after = 0; ; after = seqs.at(-1) ?? 0) {
    const { body } = await client.get(`/events?limit=1000&after=${after}`);
    if (body.events.length === 0) break;
    pages.push(body.events.length);
    seqs.push(...body.events.map(({ seq }: { seq: number }) => seq));
  }
  t.ok(pages.length > 1 && (pages[0] as number) < COUNT, pages.join());
  t.strictSame(
    seqs,
    Array.from({ length: COUNT }, (_, index) => index + 1),
  );
});

test('a page of large approvals is cut, and its cursor leads to the others', async (t) => {
  const { client } = await start(t, { maxJsonBytes: 262_144 });
  const made: string[] = [];
  for (let approval = 1; approval <= COUNT; approval++) {
    made.push((await client.post('/approvals', { action: 'a', details: LARGE })).body.id);
  }
  const found: string[] = [];
  const pages: number[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await client.get(`/approvals?order=asc&limit=500${cursor}`);
    pages.push(body.approvals.length);
    found.push(...body.approvals.map(({ id }: { id: string }) => id));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  t.ok(pages.length > 1 && (pages[0] as number) < COUNT, pages.join());
  t.strictSame(found, made);
});
