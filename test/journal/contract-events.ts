import { type Test, test } from 'tap';
import { type EventQuery, eventJson, type Journal } from '../../src/host/journal.ts';
import { agent, notification } from './changes.ts';
import type { OpenFreshJournal } from './contract.ts';

const ALL: EventQuery = { after: 0, before: null, order: 'asc', limit: 1000, kinds: [], agentId: null };

async function seqs(journal: Journal, query: Partial<EventQuery>): Promise<number[]> {
  return (await journal.events({ ...ALL, ...query })).events.map(({ seq }) => seq);
}

export function eventsContract(name: string, open: OpenFreshJournal): void {
  /** 1 deploy.started, 2 deploy.done (agent a), 3 deployment, 4 host.notification (b), 5 deploy.started (a), 6 deploy */
  async function six(t: Test): Promise<Journal> {
    const { journal } = await open(t);
    const kinds = [
      'deploy.started',
      'deploy.done',
      'deployment',
      'host.notification',
      'deploy.started',
      'deploy',
    ];
    const agents = [null, 'a', null, 'b', 'a', null];
    await Promise.all(
      kinds.map((kind, index) => journal.append(notification({ kind, agentId: agents[index] ?? null }))),
    );
    return journal;
  }

  test(`${name}: events come in either order, between two numbers, page by page`, async (t) => {
    const journal = await six(t);
    t.strictSame(await seqs(journal, {}), [1, 2, 3, 4, 5, 6]);
    t.strictSame(await seqs(journal, { order: 'desc' }), [6, 5, 4, 3, 2, 1]);
    t.strictSame(await seqs(journal, { after: 2, limit: 2 }), [3, 4]);
    t.strictSame(await seqs(journal, { before: 5, order: 'desc', limit: 2 }), [4, 3]);
    t.strictSame(await seqs(journal, { after: 1, before: 4 }), [2, 3]);
    t.strictSame(await seqs(journal, { after: 6 }), []);
  });

  test(`${name}: a page is cut after the event that makes it long enough, and says so`, async (t) => {
    const { journal } = await open(t);
    for (const payload of ['"x"', JSON.stringify('x'.repeat(5000)), '"y"', '"z"']) {
      await journal.append(notification({ payload }));
    }
    const page = async (query: Partial<EventQuery>) => {
      const { events, isCut } = await journal.events({ ...ALL, ...query });
      return [events.map(({ seq }) => seq), isCut];
    };
    t.strictSame(await page({}), [[1, 2, 3, 4], false]);
    t.strictSame(await page({ maxLength: 100_000 }), [[1, 2, 3, 4], false]);
    t.strictSame(await page({ maxLength: 5000 }), [[1, 2], true]);
    t.strictSame(await page({ maxLength: 5000, after: 2 }), [[3, 4], false]);
    t.strictSame(await page({ maxLength: 1 }), [[1], true]);
  });

  test(`${name}: events are filtered by kinds and by families of kinds`, async (t) => {
    const journal = await six(t);
    t.strictSame(await seqs(journal, { kinds: ['deploy.started'] }), [1, 5]);
    t.strictSame(await seqs(journal, { kinds: ['deploy.started', 'host.notification'] }), [1, 4, 5]);
    t.strictSame(
      await seqs(journal, { kinds: ['deploy.*'] }),
      [1, 2, 5],
      'deploy and deployment are no members',
    );
    t.strictSame(
      await seqs(journal, { kinds: ['deploy.*', 'deploy.done', 'deploy'], order: 'desc' }),
      [6, 5, 2, 1],
    );
    t.strictSame(await seqs(journal, { kinds: ['deploy.*', 'host.*'], limit: 2, after: 1 }), [2, 4]);
    t.strictSame(await seqs(journal, { kinds: ['nothing.*'] }), []);
    t.strictSame(await seqs(journal, { kinds: ['nothing'] }), []);
  });

  test(`${name}: events are filtered by agent, with and without kinds`, async (t) => {
    const journal = await six(t);
    t.strictSame(await seqs(journal, { agentId: 'a' }), [2, 5]);
    t.strictSame(await seqs(journal, { agentId: 'a', order: 'desc', limit: 1 }), [5]);
    t.strictSame(await seqs(journal, { agentId: 'a', kinds: ['deploy.done', 'host.*'] }), [2]);
    t.strictSame(await seqs(journal, { agentId: 'nobody' }), []);
  });

  test(`${name}: a family of very many kinds is read like any other`, async (t) => {
    const { journal } = await open(t);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        journal.append(notification({ kind: index % 2 === 0 ? `job.${index}` : 'other' })),
      ),
    );
    const even = Array.from({ length: 50 }, (_, index) => 2 * index + 1);
    t.strictSame(await seqs(journal, { kinds: ['job.*'] }), even);
    t.strictSame(await seqs(journal, { kinds: ['job.*', 'other'] }).then((found) => found.length), 100);
    const many = Array.from({ length: 80 }, (_, index) => `job.${index}`);
    t.strictSame(await seqs(journal, { kinds: many, order: 'desc', limit: 3 }), [79, 77, 75]);
  });

  test(`${name}: any text comes back as it was`, async (t) => {
    const { journal } = await open(t);
    const odd = {
      '': 'é😀\u2028\u0000\ud800\n\r"\'\\',
      'snow\u2603man': [1.5e300, -0, null, ''],
      long: 'ß'.repeat(9999),
    };
    const change = notification({ payload: odd, message: 'näht 😀 \u0000 \udfff', agentId: 'Ω' });
    await journal.append(change);
    const { events, floor } = await journal.events(ALL);
    const { kind, agentId, head, payload } = change;
    t.strictSame(
      events.map((event) => ({ ...event })),
      [{ seq: 1, kind, agentId, head, payload }],
    );
    t.equal(floor, 0);
    t.strictSame(JSON.parse(eventJson({ seq: 1, head, payload })).payload, JSON.parse(JSON.stringify(odd)));
  });

  test(`${name}: an event keeps its own payload when the entity's state is another`, async (t) => {
    const { journal } = await open(t);
    await journal.append(agent('worker', 0, { status: 'running' }, { payload: { progress: 0.5 } }));
    const { events } = await journal.events(ALL);
    t.equal(events[0]?.payload, '{"progress":0.5}');
  });
}
