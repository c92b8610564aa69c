import type { Test } from 'tap';
import type { Answer } from '../client.ts';
import type { Started } from '../service.ts';

export interface Filled {
  /** An approval that is pending. */
  readonly pending: string;
  /** One whose owner has been asked to decide. */
  readonly passedOn: string;
}

const KEY = { headers: { 'Idempotency-Key': 'key-1' } };
const ASKED = { action: 'Deploy', agent_id: 'worker', details: { text: 'ä "quoted" \u0000 🚀' } };

/** Makes some of everything that there can be, and so many events that the first are forgotten. */
export async function fill({ client, stream }: Started): Promise<Filled> {
  const ask = async (body: object, session: string) =>
    (await client.post('/approvals', { action: 'Run tests', ...body }, { session })).body.id;
  const resolve = (id: string, session: string, resolution: string) =>
    client.post(`/approvals/${id}/resolve`, { resolution, comment: 'fine' }, { session });
  await client.post('/agents', { id: 'worker', name: 'Worker', kind: 'builtin', metadata: { a: [1] } });
  await client.post('/agents', { id: 'gone', name: 'Gone', kind: 'external' });
  await client.delete('/agents/gone');
  await client.post('/approvals', { ...ASKED, system_level: true }, { session: 'gate', ...KEY });
  const early = await ask({ agent_id: 'worker' }, 'ann');
  await resolve(early, 'ann', 'approve');
  await client.post(`/approvals/${await ask({}, 'ann')}/cancel`, {}, { session: 'ann' });
  await client.post('/approvals/wait', { action: 'Soon', expires_in_ms: 1, timeout_ms: 5000 });
  const pending = await ask({ system_level: true, expires_in_ms: 3_600_000 }, 'ann');
  for (let index = 0; index < 1200; index += 50) {
    const events = Array.from({ length: 50 }, (_, at) => ({
      message: `event ${index + at}`,
      payload: { at },
    }));
    await Promise.all(events.map((event) => client.post('/events', { kind: `job.${index}`, ...event })));
  }
  await client.put('/agents/worker/status', { status: 'running', message: 'on it', payload: { step: 1 } });
  await resolve(await ask({ system_level: true, agent_id: 'worker' }, 'ann'), 'bob', 'deny');
  const passedOn = await ask({ options: ['yes', 'approve'] }, 'owner');
  const open = await stream('/events/stream?session_id=owner');
  await open.hello();
  await resolve(passedOn, 'bob', 'yes');
  open.close();
  return { pending, passedOn };
}

const LISTS = [
  '/agents',
  '/agents?kind=builtin',
  '/approvals',
  '/approvals?order=asc',
  ...['pending', 'resolved', 'expired', 'cancelled'].map((status) => `/approvals?status=${status}`),
  '/approvals?agent_id=worker',
  '/approvals?decided_by=bob',
  '/approvals?decided_by=ann&agent_id=worker',
  '/approvals?created_after=2000-01-01T00:00:00.000Z',
  '/approvals?created_before=2000-01-01T00:00:00.000Z',
  '/events?limit=1000',
  '/events?after=0&limit=1000',
  '/events?kind=approval.*&kind=job.50',
  '/events?agent_id=worker',
];

/** Everything that a client can read, page by page. */
export async function readAll({ client }: Started): Promise<Record<string, unknown[]>> {
  const read: Record<string, unknown[]> = {};
  for (const list of LISTS) {
    const limit = list.includes('limit') ? '' : 'limit=3';
    const path = `${list}${list.includes('?') ? '&' : '?'}${list.startsWith('/events') ? '' : limit}`;
    read[list] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { status, body }: Answer = await client.get(cursor === '' ? path : `${path}&cursor=${cursor}`);
      const { next_cursor, ...page } = body;
      read[list].push(status, page);
      cursor = next_cursor ?? null;
    }
  }
  for (const { id } of (read['/approvals'] as { approvals?: { id: string }[] }[]).flatMap(
    ({ approvals = [] }) => approvals,
  )) {
    read[id] = [(await client.get(`/approvals/${id}`)).body];
  }
  return read;
}

export async function epochOf({ stream }: Started): Promise<string> {
  const opened = await stream();
  const { id } = await opened.hello();
  opened.close();
  return String(id).split('-')[0] as string;
}

/** What is open can be worked with, and a key still means its approval. */
export async function use(t: Test, { client }: Started, { pending }: Filled): Promise<void> {
  const asked = { ...ASKED, system_level: true };
  const joined = await client.post('/approvals', asked, { session: 'gate', ...KEY });
  t.match(joined, { status: 200, body: { action: 'Deploy', details: ASKED.details } });
  const other = await client.post('/approvals', { ...asked, action: 'Other' }, { session: 'gate', ...KEY });
  t.equal(other.status, 422);
  const { body } = await client.get('/events?limit=1');
  const decision = { resolution: 'approve', comment: 'after the copy' };
  const decided = await client.post(`/approvals/${pending}/resolve`, decision, { session: 'owner' });
  t.match(decided, { status: 200, body: { status: 'resolved', comment: 'after the copy' } });
  t.equal(Number(decided.headers['sallyport-seq']), body.events[0].seq + 1, 'numbers go on');
  const again = await client.post('/agents', { id: 'worker', name: 'Worker', kind: 'builtin' });
  t.match(again, { status: 200, body: { id: 'worker', status: 'idle' } });
}
