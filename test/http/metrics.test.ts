import { test } from 'tap';
import type { Client } from '../client.ts';
import { start } from '../service.ts';
import { until } from './parts.ts';

/** Every sample by name and labels, in the order they are printed: `name{a="b"}`. */
async function read(client: Client): Promise<Map<string, number>> {
  const { text } = await client.get('/metrics', { session: null });
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('the metrics are Prometheus text, each with its help and type', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { status, headers, text } = await client.get('/metrics');
  t.equal(status, 200);
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  for (const [name, type] of [
    ['sallyport_requests_total', 'counter'],
    ['sallyport_streams', 'gauge'],
    ['sallyport_streams_cut_off_total', 'counter'],
    ['sallyport_streams_turned_away_total', 'counter'],
    ['sallyport_waits', 'gauge'],
    ['sallyport_agents', 'gauge'],
    ['sallyport_approvals_pending', 'gauge'],
    ['sallyport_sessions', 'gauge'],
    ['sallyport_events_total', 'counter'],
    ['sallyport_deliveries_total', 'counter'],
    ['sallyport_journal_bytes', 'gauge'],
    ['sallyport_commit_changes', 'histogram'],
    ['sallyport_commit_seconds', 'histogram'],
    ['sallyport_decision_seconds', 'histogram'],
    ['nodejs_eventloop_lag_seconds', 'gauge'],
    ['process_resident_memory_bytes', 'gauge'],
  ]) {
    t.match(text, new RegExp(`^# HELP ${name} \\S.*\n# TYPE ${name} ${type}$`, 'm'));
  }
});

test('the figures follow what happens', async (t) => {
  const { client, stream, clocks } = await start(t);
  const value = async (name: string) => (await read(client)).get(name);
  const names = [
    'streams',
    'sessions',
    'waits',
    'agents',
    'approvals_pending',
    'events_total',
    'deliveries_total',
  ];
  const figures = async () => {
    const samples = await read(client);
    return names.map((name) => samples.get(`sallyport_${name}`));
  };
  t.strictSame(await figures(), [0, 0, 0, 0, 0, 0, 0]);
  t.ok(Number(await value('sallyport_journal_bytes')) > 0);

  const events = await stream('/events/stream?session_id=ui-1');
  await events.hello();
  await client.post('/agents', { id: 'a', name: 'n', kind: 'k' });
  const waiting = client.post('/approvals/wait', { action: 'a' });
  const { payload: approval } = await events.seq(2);
  t.strictSame(await figures(), [1, 1, 1, 1, 1, 2, 2]);

  clocks.jump(100_000);
  await client.post(`/approvals/${approval.id}/resolve`, { resolution: 'approve' });
  await waiting;
  await client.delete('/agents/a');
  await events.seq(4);
  t.strictSame(await figures(), [1, 1, 0, 0, 0, 4, 4]);
  events.close();
  await until(async () => (await value('sallyport_streams')) === 0);
  t.strictSame(await figures(), [0, 0, 0, 0, 0, 4, 4]);

  const samples = await read(client);
  t.equal(samples.get('sallyport_streams_cut_off_total'), 0);
  t.equal(samples.get('sallyport_decision_seconds_count'), 1);
  t.ok(Number(samples.get('sallyport_decision_seconds_sum')) >= 100);
  t.equal(samples.get('sallyport_decision_seconds_bucket{le="60"}'), 0);
  t.equal(samples.get('sallyport_decision_seconds_bucket{le="300"}'), 1);
  t.equal(samples.get('sallyport_commit_changes_sum'), 4);
  t.equal(samples.get('sallyport_commit_changes_count'), samples.get('sallyport_commit_seconds_count'));
  t.ok(Number(samples.get('sallyport_commit_seconds_sum')) > 0);
});

test('only a decision of a person counts as a time to decide', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body } = await client.post('/approvals', { action: 'a' });
  await client.post(`/approvals/${body.id}/cancel`);
  t.equal((await read(client)).get('sallyport_decision_seconds_count'), 0);
});

test('requests are counted by method, route and status, never by path', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const count = async (method: string, route: string, status: number) =>
    (await read(client)).get(
      `sallyport_requests_total{method="${method}",route="${route}",status="${status}"}`,
    );
  for (const id of ['a', 'b', 'c']) {
    await client.get(`/agents/${id}`);
  }
  await client.post('/events', {});
  await client.post('/events', {});
  await client.post('/events', { kind: 5 });
  await client.get('/nothing/1');
  await client.get('/nothing/2');
  await client.get('/%zz');
  await client.call('PATCH', '/agents');
  t.equal(await count('GET', '/agents/:id', 404), 3);
  t.equal(await count('POST', '/events', 201), 2);
  t.equal(await count('POST', '/events', 400), 1);
  t.equal(await count('GET', 'unknown', 404), 2);
  t.equal(await count('PATCH', '/agents', 405), 1);
  t.notOk([...(await read(client)).keys()].some((name) => /nothing|agents\/a/.test(name)));
});
