import { type Test, test } from 'tap';
import type { Result } from '../../src/host/executor.ts';
import { type Appended, StorageUnavailable } from '../../src/host/journal.ts';
import type { HostLimits } from '../../src/host/room.ts';
import {
  approvalIn,
  doneOf,
  kindsOf,
  openHost,
  openMemory,
  refusalIn,
  restarted,
  wrap,
} from './open-host.ts';
import {
  ask,
  by,
  cancel,
  NO_LIMITS,
  NOW,
  notify,
  register,
  resolve,
  setStatus,
  unregister,
} from './samples.ts';
import { twoNodes } from './two-nodes.ts';

const KEY = { id: 'key-1', request: 'request-1' };

function limited(t: Test, limits: Partial<HostLimits>, options: Parameters<typeof openHost>[1] = {}) {
  return openHost(t, { limits: { ...NO_LIMITS, ...limits }, ...options });
}

function codesOf(results: readonly Result[]): string[] {
  return results.map((result) => ('refusal' in result ? result.refusal.code : result.outcome));
}

const IN_ALL = { code: 'too-many-pending-approvals', limit: 'in-all', max: 3 };
const OF_SESSION = { code: 'too-many-pending-approvals', limit: 'of-session', max: 2 };

test('so many approvals are pending in all, and no more', async (t) => {
  const { host } = await limited(t, { maxPending: 3 });
  const ids = [];
  for (const session of ['a', 'b', 'c']) {
    ids.push(doneOf(await host.execute(ask(session))).id);
  }
  t.strictSame(refusalIn(await host.execute(ask('d'))), IN_ALL);
  t.strictSame([host.seq, host.figures.pending], [3, 3], 'nothing has changed');
  await host.execute(resolve(ids[0] as string, 'a', 'deny'));
  t.equal(doneOf(await host.execute(ask('d'))).outcome, 'created', 'there is room again');
  t.strictSame(refusalIn(await host.execute(ask('d'))), IN_ALL);
});

test('so many are pending of one session, which is another one with another principal', async (t) => {
  const { host } = await limited(t, { maxPendingPerSession: 2 });
  for (const who of [by('gate'), by('gate', 'token:ann'), by('gate', 'token:bo'), by('other', 'token:ann')]) {
    const results = [];
    for (let times = 0; times < 3; times++) {
      results.push(await host.execute(ask(who, { system_level: times > 0 })));
    }
    t.strictSame(codesOf(results), ['created', 'created', 'too-many-pending-approvals']);
    t.strictSame(refusalIn(results[2] as Result), OF_SESSION);
  }
});

test('resolving, cancelling and expiring make room, passing a decision on does not', async (t) => {
  const { host, clock } = await limited(t, { maxPendingPerSession: 1 });
  await host.presence.connect(by('gate'), NOW);
  const next = async (expires_in_ms: number | null = null) =>
    doneOf(await host.execute(ask('gate', { expires_in_ms }))).id;
  const first = await next();
  await host.execute(resolve(first, 'other', 'deny'));
  t.equal(refusalIn(await host.execute(ask('gate'))).code, OF_SESSION.code);
  await host.execute(resolve(first, 'gate', 'deny'));
  await host.execute(cancel(await next(), 'gate'));
  const last = await next(1000);
  clock.now += 1000;
  await host.execute({ type: 'expire-approval', id: last });
  t.ok(await next());
  t.equal(host.figures.pending, 1);
});

test('the texts of all pending approvals have so many bytes together', async (t) => {
  const { host } = await openHost(t);
  const size = Buffer.byteLength(doneOf(await host.execute(ask('gate', { details: 'é' }))).json);
  const { host: exact } = await limited(t, { maxPendingBytes: 2 * size });
  t.equal(doneOf(await exact.execute(ask('gate', { details: 'é' }))).outcome, 'created');
  t.strictSame(refusalIn(await exact.execute(ask('gate', { details: 'é!' }))), {
    code: 'too-many-pending-approvals',
    limit: 'in-bytes',
    max: 2 * size,
  });
  t.equal(doneOf(await exact.execute(ask('gate', { details: 'é' }))).outcome, 'created', 'to the last byte');
  t.equal(refusalIn(await exact.execute(ask('gate'))).code, 'too-many-pending-approvals');
});

test('so many agents are registered; registering again counts against none', async (t) => {
  const { host } = await limited(t, { maxAgents: 2 });
  await host.execute(register('a', 'gate'));
  await host.execute(register('b', 'gate'));
  t.strictSame(refusalIn(await host.execute(register('c', 'gate'))), { code: 'too-many-agents', max: 2 });
  t.equal(doneOf(await host.execute(register('a', 'gate', { name: 'A' }))).outcome, 'changed');
  t.equal(doneOf(await host.execute(setStatus('b', 'gate', { status: 'paused' }))).outcome, 'changed');
  t.equal(refusalIn(await host.execute(register('a', 'other'))).code, 'agent-owned-by-another-session');
  await host.execute(unregister('a', 'gate'));
  t.equal(doneOf(await host.execute(register('c', 'gate'))).outcome, 'created');
});

test('what is on its way counts: of all that come in one turn exactly as many as fit get in', async (t) => {
  const created = async (limits: Partial<HostLimits>) => {
    const { host } = await limited(t, limits);
    const results = await Promise.all([
      ...Array.from({ length: 40 }, (_, index) => host.execute(ask(index % 4 < 3 ? 'gate' : 'other'))),
      ...Array.from({ length: 10 }, (_, index) => host.execute(register(`agent-${index}`, 'gate'))),
    ]);
    const { agents, pending } = host.figures;
    t.equal(codesOf(results).filter((code) => code === 'created').length, agents + pending);
    t.equal((await kindsOf(host)).length, agents + pending);
    return { agents, pending };
  };
  t.strictSame(await created({ maxPending: 3 }), { agents: 10, pending: 3 });
  t.strictSame(await created({ maxPendingPerSession: 2 }), { agents: 10, pending: 4 });
  t.strictSame(await created({ maxAgents: 2 }), { agents: 2, pending: 40 });
});

test('what is on its way counts in bytes, too', async (t) => {
  const { host: unlimited } = await openHost(t);
  const size = doneOf(await unlimited.execute(ask('gate'))).json.length;
  const { host } = await limited(t, { maxPendingBytes: 2.5 * size });
  const results = await Promise.all(Array.from({ length: 9 }, () => host.execute(ask('gate'))));
  t.equal(codesOf(results).filter((code) => code === 'created').length, 2);
});

test('room that was taken for what never came to be is given back', async (t) => {
  const journal = await openMemory(t);
  const answers: (() => Promise<Appended>)[] = [];
  const append = (change: Parameters<typeof journal.append>[0]) =>
    answers.shift()?.() ?? journal.append(change);
  const limits = { ...NO_LIMITS, maxPending: 1, maxPendingPerSession: 1, maxAgents: 1 };
  const { host } = await openHost(t, { journal: wrap(journal, { append }), limits });
  const fails = () => Promise.reject(new StorageUnavailable('the disk is full'));
  answers.push(fails, fails);
  const failed = [await host.execute(ask('gate')), await host.execute(register('a', 'gate'))];
  t.strictSame(codesOf(failed), ['storage-unavailable', 'storage-unavailable']);
  answers.push(async () => ({ conflict: 'version', version: 0 }));
  t.equal(doneOf(await host.execute(register('a', 'gate'))).outcome, 'created', 'the second try has room');
  answers.push(async () => ({ conflict: 'key', approvalId: 'approval-gone', request: KEY.request }));
  t.equal(doneOf(await host.execute(ask('gate', {}, KEY))).outcome, 'created');
  t.strictSame(codesOf([await host.execute(ask('other')), await host.execute(register('b', 'gate'))]), [
    'too-many-pending-approvals',
    'too-many-agents',
  ]);
});

test('what joins an approval by its key counts against none, whatever limit is reached', async (t) => {
  for (const limits of [{ maxPending: 2 }, { maxPendingPerSession: 2 }, { maxPendingBytes: 900 }]) {
    const { host } = await limited(t, limits);
    const first = doneOf(await host.execute(ask('gate', {}, KEY)));
    await host.execute(ask('gate', {}));
    t.equal(refusalIn(await host.execute(ask('gate'))).code, 'too-many-pending-approvals');
    t.strictSame(await host.execute(ask('gate', {}, KEY)), { ...first, outcome: 'changed', seq: 2 });
    const other = ask('gate', {}, { ...KEY, request: 'request-2' });
    t.equal(refusalIn(await host.execute(other)).code, 'idempotency-key-reused');
    const unknown = ask('gate', {}, { ...KEY, id: 'key-2' });
    t.equal(refusalIn(await host.execute(unknown)).code, 'too-many-pending-approvals');
    const resolved = approvalIn(await host.execute(resolve(first.id, 'gate', 'deny')));
    await host.execute(ask('gate'));
    t.strictSame(approvalIn(await host.execute(ask('gate', {}, KEY))), resolved, 'final or not');
  }
});

test('those who come in one turn with one key join the one that is the last to get in', async (t) => {
  const { host } = await limited(t, { maxPending: 1 });
  const results = await Promise.all(Array.from({ length: 5 }, () => host.execute(ask('gate', {}, KEY))));
  t.strictSame(codesOf(results), ['created', 'changed', 'changed', 'changed', 'changed']);
  t.equal(host.seq, 1);
});

test('a key whose approval has gone in that moment joins nothing', async (t) => {
  const journal = await openMemory(t);
  const approvalByKey = async () => ({ approvalId: 'approval-gone', request: KEY.request });
  const { host } = await openHost(t, {
    journal: wrap(journal, { approvalByKey }),
    limits: { ...NO_LIMITS, maxPending: 0 },
  });
  t.strictSame(refusalIn(await host.execute(ask('gate', {}, KEY))), { ...IN_ALL, max: 0 });
});

test('a key that cannot be looked up is storage that is unavailable', async (t) => {
  const journal = await openMemory(t);
  const approvalByKey = () => Promise.reject(new StorageUnavailable('the log is closed'));
  const { host } = await openHost(t, {
    journal: wrap(journal, { approvalByKey }),
    limits: { ...NO_LIMITS, maxPending: 0 },
  });
  t.equal(refusalIn(await host.execute(ask('gate', {}, KEY))).code, 'storage-unavailable');
});

test('a host that is started again has the same counts', async (t) => {
  const journal = await openMemory(t);
  const { host: before } = await openHost(t, { journal });
  const hostile = { requested_by: by('other'), decided_by: ',"decided_by":' };
  await before.execute(ask('gate', { details: hostile }));
  const { id } = doneOf(await before.execute(ask('gate')));
  await before.execute(ask(by('gate', 'token:ann')));
  await before.execute(register('a', 'gate'));
  await before.stop();
  const limits = { ...NO_LIMITS, maxPendingPerSession: 2, maxAgents: 1 };
  const { host } = await openHost(t, { journal: restarted(before, journal), limits });
  t.strictSame(refusalIn(await host.execute(ask('gate'))), OF_SESSION);
  t.equal(refusalIn(await host.execute(register('b', 'gate'))).code, 'too-many-agents');
  t.equal(doneOf(await host.execute(ask(by('gate', 'token:ann')))).outcome, 'created');
  t.equal(doneOf(await host.execute(ask('other'))).outcome, 'created');
  await host.execute(resolve(id, 'gate', 'deny'));
  t.equal(doneOf(await host.execute(ask('gate'))).outcome, 'created');
});

test('a host that starts with more than its limits keeps it all and takes no more', async (t) => {
  const journal = await openMemory(t);
  const { host: before } = await openHost(t, { journal });
  const created = await Promise.all(Array.from({ length: 5 }, () => before.execute(ask('gate'))));
  await before.stop();
  const limits = { ...NO_LIMITS, maxPending: 3 };
  const { host } = await openHost(t, { journal: restarted(before, journal), limits });
  t.equal(host.figures.pending, 5);
  for (const [index, one] of created.entries()) {
    t.equal(refusalIn(await host.execute(ask('gate'))).code, IN_ALL.code, `${5 - index} are pending`);
    await host.execute(resolve(doneOf(one).id, 'gate', 'deny'));
    if (index === 2) break;
  }
  t.equal(doneOf(await host.execute(ask('gate'))).outcome, 'created');
});

test('what another node has let in counts', async (t) => {
  const { a, b } = await twoNodes(t, { maxPending: 1 });
  t.equal(doneOf(await a.execute(ask('gate'))).outcome, 'created');
  t.equal(refusalIn(await b.execute(ask('gate'))).code, 'too-many-pending-approvals');
});

test('what keeps nothing open needs no room', async (t) => {
  const { host } = await limited(t, { maxPending: 0, maxAgents: 0, maxPendingBytes: 0 });
  t.equal(doneOf(await host.execute(notify())).outcome, 'created');
});
