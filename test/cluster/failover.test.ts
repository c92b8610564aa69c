import { type Test, test } from 'tap';
import { startNode } from '../cluster.ts';
import { notification, seqOf } from '../journal/changes.ts';
import { ask, freshLog, openNode } from '../journal/postgres-contract.ts';
import { Recorder } from '../journal/recorder.ts';
import {
  noPrograms,
  type PostgresServer,
  type Standby,
  startOwnPostgres,
  startStandby,
} from '../postgres-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';

const skip = noPrograms;
const NAME = 'standby_1';

interface Pair {
  readonly primary: PostgresServer;
  readonly standby: Standby;
  /** The address that the failover moves. */
  readonly proxy: TcpProxy;
  /** Of a log, by that address. */
  readonly store: string;
}

async function startPair(t: Test): Promise<Pair> {
  const primary = await startOwnPostgres();
  t.teardown(() => primary.stop());
  const standby = await startStandby(primary, NAME);
  t.teardown(() => standby.stop());
  const proxy = await TcpProxy.open(primary.port);
  t.teardown(() => proxy.close());
  const pair = { primary, standby, proxy, store: proxy.through(freshLog(t, standby)) };
  await untilReplicated(pair, 'streaming');
  return pair;
}

/** Until the standby has all that there is, or, with `sync`, answers are waited for. */
async function untilReplicated({ primary }: Pair, state: 'streaming' | 'quorum'): Promise<void> {
  const rows = () =>
    ask(
      primary.url,
      () => `SELECT FROM pg_stat_replication WHERE application_name = '${NAME}' AND '${state}' IN (state, sync_state)
        AND replay_lsn >= pg_current_wal_lsn()`,
    );
  while ((await rows()).length === 0) await new Promise(setImmediate);
}

async function waitForStandby(pair: Pair): Promise<void> {
  await ask(pair.primary.url, () => `ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (${NAME})'`);
  await ask(pair.primary.url, () => 'SELECT pg_reload_conf()');
  await untilReplicated(pair, 'quorum');
}

/** The old primary is gone before there is a new one, and the address moves last. */
async function failOver({ primary, standby, proxy }: Pair): Promise<void> {
  await primary.halt?.();
  standby.promote();
  proxy.target = standby.port;
  proxy.cut();
}

test('a synchronous standby that takes over has all that was answered, and everything goes on', {
  skip,
}, async (t) => {
  const pair = await startPair(t);
  await waitForStandby(pair);
  const [a, b] = [await startNode(t, pair.store), await startNode(t, pair.store)];
  const create = (body: object = {}, headers: Record<string, string> = {}) =>
    a.client.post('/approvals', { action: 'Deploy', system_level: true, ...body }, { headers });
  for (const name of ['Ada', 'Bob', 'Eve']) await a.client.post('/agents', { name, kind: 'builtin' });
  for (let left = 5; left > 0; left -= 1) await create();
  const { body: parked } = await create();
  const { body: listed } = await a.client.get('/approvals?limit=2');
  const { body: agents } = await a.client.get('/agents?limit=1');
  const stream = await b.stream('?session_id=ui', { 'Last-Event-ID': '0' });
  const { id: before } = await stream.frame(({ data }) => data?.payload?.id === parked.id);
  const wait = b.client.get(`/approvals/${parked.id}/wait`);

  // Clients go on all the time, and repeat what was not answered.
  let isOver = false;
  const known = new Map<string, string>();
  const clients = Array.from({ length: 8 }, async (_, index) => {
    for (let number = 0; !isOver; ) {
      const key = `client-${index}-${number}`;
      const { status, body } = await create({}, { 'Idempotency-Key': key });
      if (status >= 300) continue;
      known.set(key, body.id);
      number += 1;
    }
  });
  while (known.size < 50) await new Promise(setImmediate);
  await failOver(pair);
  const atFailure = new Map(known);
  while (known.size < atFailure.size + 50) await new Promise(setImmediate);
  isOver = true;
  await Promise.all(clients);

  t.ok(atFailure.size >= 50, `${atFailure.size} were answered before`);
  for (const node of [a, b]) {
    const began = performance.now();
    while ((await node.client.get('/health/ready')).status !== 200) await new Promise(setImmediate);
    t.ok(performance.now() - began < 2000, 'it is ready within 2 s of the first answer');
    for (const id of known.values()) t.equal((await node.client.get(`/approvals/${id}`)).status, 200);
  }
  for (const [key, id] of atFailure) {
    const { status, body } = await create({}, { 'Idempotency-Key': key });
    t.strictSame([status, body.id], [200, id], 'the same key is the same approval');
  }

  const resolved = await a.client.post(`/approvals/${parked.id}/resolve`, { resolution: 'approve' });
  t.match((await wait).body, { outcome: 'approved', approval: resolved.body }, 'a wait lasts through it');

  const seq = Number(resolved.headers['sallyport-seq']);
  await stream.seq(seq);
  const all = Array.from({ length: seq }, (_, index) => index + 1);
  t.strictSame(stream.seqs.slice(0, seq), all, 'a stream that went on has it all, each once');
  const after = (await stream.frame(({ data }) => data?.seq === seq)).id as string;
  t.not(after.split('-')[0], before?.split('-')[0], 'the epoch is another one');

  for (const node of [a, b, await startNode(t, pair.store)]) {
    const anew = await node.stream('', { 'Last-Event-ID': String(before) });
    t.match((await anew.hello()).data, { gap: true, resumed_from: null });
    const { id, data } = await anew.frame(({ event }) => event === 'snapshot');
    t.match(id, /^[0-9a-f]{8}-\d+$/);
    t.equal(data.agents.length, 3);
    t.ok(data.approvals.some((one: { id: string }) => one.id === known.get('client-0-0')));
    const resumed = await node.stream('', { 'Last-Event-ID': after });
    t.match((await resumed.hello()).data, { gap: false, resumed_from: seq });

    const { body: page } = await node.client.get(`/approvals?limit=4&cursor=${listed.next_cursor}`);
    const { body: whole } = await node.client.get('/approvals?order=asc&limit=6');
    const oldest = whole.approvals.map((one: { id: string }) => one.id);
    const rest = page.approvals.map((one: { id: string }) => one.id);
    t.strictSame(rest, oldest.slice(0, 4).toReversed(), 'a page goes on where it was');
    const { body: others } = await node.client.get(`/agents?cursor=${agents.next_cursor}`);
    t.strictSame(
      others.agents.map(({ name }: { name: string }) => name),
      ['Bob', 'Eve'],
    );
  }
});

test('a node that knows more than the standby that took over ends, and one that starts anew goes on', {
  skip,
}, async (t) => {
  const pair = await startPair(t);
  const fatal = Promise.withResolvers<Error>();
  const [ahead, behind] = [new Recorder(), new Recorder()];
  const node = await openNode(t, pair.store, { onFatal: fatal.resolve });
  await node.boot();
  node.tail(ahead);
  seqOf(await node.append(notification()));
  await untilReplicated(pair, 'streaming');
  await pair.standby.halt?.();
  seqOf(await node.append(notification()));
  await pair.primary.halt?.();
  await pair.standby.restart?.('fast');
  pair.standby.promote();
  pair.proxy.target = pair.standby.port;
  pair.proxy.cut();
  t.match((await fatal.promise).message, /has not got what this node knows of it up to 2: it is another one/);
  const anew = await openNode(t, pair.store);
  t.equal((await anew.boot()).head, 1);
  anew.tail(behind);
  t.strictSame(await anew.append(notification()), { seq: 2 });
  t.not(anew.epoch, node.epoch);
  t.strictSame([ahead.seqs, behind.seqs], [[1, 2], [2]]);
});
