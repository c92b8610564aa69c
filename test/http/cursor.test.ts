import { test } from 'tap';
import { start } from '../service.ts';
import { isProblem } from './problems.ts';

test('a cursor that was not made here for this list is a 400', async (t) => {
  const here = await start(t, { store: 'memory:' });
  const there = await start(t, { store: 'memory:' });
  for (const { client } of [here, there]) {
    for (const id of ['a', 'b', 'c']) {
      await client.post('/agents', { id, name: 'n', kind: 'k' });
      await client.post('/approvals', { action: 'a' });
    }
  }
  const { client } = here;
  const cursorOf = async (list: string, of = client): Promise<string> =>
    (await of.get(`${list}?limit=1`)).body.next_cursor;
  for (const [list, other] of [
    ['/agents', '/approvals'],
    ['/approvals', '/agents'],
  ] as const) {
    const cursor = await cursorOf(list);
    t.equal((await client.get(`${list}?limit=1&cursor=${cursor}`)).status, 200);
    const bytes = Buffer.from(cursor, 'base64url');
    const changed = (index: number) => {
      const copy = Buffer.from(bytes);
      copy[index] = (copy[index] as number) ^ 1;
      return copy.toString('base64url');
    };
    const wrong = [
      await cursorOf(other),
      await cursorOf(list, there.client),
      ...Array.from(bytes, (_, index) => changed(index)),
      ...Array.from(cursor, (_, length) => cursor.slice(0, length)).slice(1),
      `${cursor}A`,
      `${cursor}%3D`,
      `%20${cursor}`,
      cursor.toUpperCase(),
      bytes
        .toString('base64')
        .replaceAll('+', '%2B')
        .replaceAll('=', '%3D')
        .padEnd(cursor.length + 1, '='),
      'x',
      '0',
      'null',
      '%00',
      'x'.repeat(2000),
      'x'.repeat(2001),
      '',
    ];
    for (const one of wrong) {
      const answer = await client.get(`${list}?cursor=${one}`);
      isProblem(t, answer, 400, 'validation-failed', ['cursor']);
    }
  }
});

test('a cursor is of use for the longest names there are', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const long = { kind: 'k', name: '\u{1f600}'.repeat(200) };
  const ugly = { kind: 'k', name: '\u0001'.repeat(200) };
  for (const body of [ugly, long]) {
    await client.post('/agents', { ...body, id: 'x'.repeat(127) + (body === long ? 'l' : 'u') });
  }
  const first = await client.get('/agents?limit=1');
  t.equal(first.body.agents[0].name, ugly.name);
  const second = await client.get(`/agents?limit=1&cursor=${first.body.next_cursor}`);
  t.match(second, { status: 200, body: { agents: [{ name: long.name }], next_cursor: null } });
});
