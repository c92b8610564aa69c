import { type Test, test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import type { Client } from '../client.ts';
import { startOver, TestJournal, until } from '../http/parts.ts';
import { start } from '../service.ts';
import { lastingStore } from '../streams/publish.ts';
import { RawConnection } from '../streams/raw.ts';
import { ask, decide, denial, hook, log, newest, permissionRequest, toolCall, waits } from './calls.ts';

const MEMORY = { store: 'memory:' };

/** Sends a hook on a connection of its own; resolves when it waits. */
async function park(t: Test, url: string, client: Client, body: object, path = '/hooks/claude-code') {
  const before = await waits(client);
  const connection = new RawConnection(t, url);
  send(connection, body, path);
  await until(async () => (await waits(client)) > before);
  return connection;
}

function send(connection: RawConnection, body: object, path = '/hooks/claude-code', version = '1.1') {
  const text = JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': `${Buffer.byteLength(text)}` };
  connection.send('POST', path, headers, version);
  connection.socket.write(text);
}

async function statusOf(client: Client): Promise<string | undefined> {
  return (await client.get('/agents')).body.agents[0]?.status;
}

async function untilFinal(client: Client, id: string) {
  await until(async () => (await client.get(`/approvals/${id}`)).body.status !== 'pending');
  return (await client.get(`/approvals/${id}`)).body;
}

test('a question that its agent no longer waits for is cancelled', async (t) => {
  const { client, url } = await start(t, MEMORY);
  for (const body of [toolCall(), permissionRequest()]) {
    const connection = await park(t, url, client, body);
    const { id } = await newest(client);
    connection.socket.destroy();
    t.match(await untilFinal(client, id), {
      status: 'cancelled',
      comment: 'the agent stopped waiting',
      decided_by: { session_id: 'claude-code:sess-1', principal: null },
    });
  }
  const again = await hook(client, toolCall());
  t.match(denial(again), /cancelled by session 'claude-code:sess-1': the agent stopped waiting/);
});

test('of several who wait for one call only the last one to go takes it back', async (t) => {
  const { client, url } = await start(t, MEMORY);
  const first = await park(t, url, client, toolCall());
  const second = await park(t, url, client, toolCall());
  const { id } = await newest(client);
  first.socket.destroy();
  await until(async () => (await waits(client)) === 1);
  t.equal((await client.get(`/approvals/${id}`)).body.status, 'pending');
  second.socket.destroy();
  t.match(await untilFinal(client, id), { status: 'cancelled' });
});

test('who joins a question that another is about to leave keeps it open', async (t) => {
  const journal = new TestJournal();
  const { client, url } = await startOver(t, journal);
  const first = await park(t, url, client, toolCall());
  const { id } = await newest(client);
  await until(async () => (await statusOf(client)) === 'waiting_for_approval');
  journal.gate = Promise.withResolvers();
  const { appends } = journal;
  const second = hook(client, toolCall());
  // It has come, and its approval is being looked for.
  await until(() => journal.appends > appends);
  first.socket.destroy();
  await until(async () => (await waits(client)) === 0);
  journal.gate.resolve();
  journal.gate = null;
  await until(async () => (await waits(client)) === 1);
  t.equal((await client.get(`/approvals/${id}`)).body.status, 'pending');
  await decide(client, id, 'approve');
  t.match((await second).body, { hookSpecificOutput: { permissionDecision: 'allow' } });
});

test('a client that goes while its question is being written leaves none', async (t) => {
  const journal = new TestJournal();
  const { client, url } = await startOver(t, journal);
  await hook(client, toolCall({ hook_event_name: 'UserPromptSubmit' }));
  await until(async () => (await statusOf(client)) === 'running');
  journal.gate = Promise.withResolvers();
  const { appends } = journal;
  const connection = new RawConnection(t, url);
  send(connection, toolCall());
  await until(() => journal.appends > appends);
  connection.socket.destroy();
  // Another request shows that the service has seen the end of that connection.
  await client.get('/health/live');
  journal.gate.resolve();
  journal.gate = null;
  await until(async () => (await client.get('/approvals')).body.approvals.length === 1);
  const { id } = await newest(client);
  t.match(await untilFinal(client, id), { status: 'cancelled', comment: 'the agent stopped waiting' });
  t.equal(await waits(client), 0);
});

test('what is decided stays so when the client goes', async (t) => {
  const { client, url } = await start(t, MEMORY);
  const connection = await park(t, url, client, toolCall());
  const { id } = await newest(client);
  const decided = decide(client, id, 'deny');
  connection.socket.destroy();
  const { status } = await decided;
  const { outcome } = await untilFinal(client, id);
  t.equal(outcome, status === 200 ? 'denied' : 'cancelled');
});

test('a client that goes after its answer takes nothing back', async (t) => {
  const { client, url } = await start(t, MEMORY);
  const connection = await park(t, url, client, toolCall(), '/hooks/claude-code?wait_ms=20');
  await until(() => connection.received.includes('permissionDecision'));
  connection.socket.destroy();
  const { id } = await newest(client);
  await client.get('/health/live');
  t.equal((await client.get(`/approvals/${id}`)).body.status, 'pending');
});

test('who goes on with a question that was left open shares it with those who have it by its id', async (t) => {
  const { client, url } = await start(t, MEMORY);
  await hook(client, toolCall(), '?wait_ms=0');
  const { id } = await newest(client);
  const again = await park(t, url, client, toolCall({ tool_use_id: 'toolu_2' }));
  const byId = await park(t, url, client, toolCall());
  t.equal((await newest(client)).id, id);
  again.socket.destroy();
  await until(async () => (await waits(client)) === 1);
  t.equal((await client.get(`/approvals/${id}`)).body.status, 'pending');
  byId.socket.destroy();
  t.match(await untilFinal(client, id), { status: 'cancelled' });
});

test('a node that stops denies and takes nothing back; the same call then joins what was asked', async (t) => {
  const lasting = lastingStore(t);
  const first = await start(t, lasting);
  const { approval, answer } = await ask(first.client, toolCall());
  const another = await park(t, first.url, first.client, toolCall({ tool_use_id: 'toolu_2' }));
  await first.stop();
  t.match(denial(await answer), new RegExp(`restarting.+stays open as ${approval.id}`));
  t.equal((await answer).headers['sallyport-outcome'], 'shutting-down');
  t.match(another.received, 'restarting');
  const second = await start(t, lasting);
  const { body } = await second.client.get('/approvals');
  t.strictSame(
    body.approvals.map(({ status }: { status: string }) => status),
    ['pending', 'pending'],
  );
  const again = hook(second.client, toolCall());
  await until(async () => (await waits(second.client)) === 1);
  await decide(second.client, approval.id, 'approve', 'after all');
  t.match((await again).body, { hookSpecificOutput: { permissionDecision: 'allow' } });
  const kinds = await log(second.client);
  t.equal(kinds.filter((kind) => kind === 'approval.requested').length, 2);
  t.equal(kinds.filter((kind) => kind === 'agent.registered').length, 1, 'the agent is known still');
  t.notOk(kinds.includes('approval.cancelled'));
});

test('a hook that comes while the node stops is denied', async (t) => {
  const { client, host } = await startOver(t, new TestJournal());
  await host.stop();
  t.match(denial(await hook(client, toolCall())), /this node is shutting down/);
});

test('a wait ends with its credential, as a deny', async (t) => {
  const service = await startGuarded(t);
  const { client, file, credentials } = service;
  const ci = client.as(await service.create('ci', 'agent'));
  const { approval, answer } = await ask(ci, toolCall(), '', 'claude-code', client);
  await file.revoke('ci');
  await credentials.check();
  t.match(denial(await answer), /the credential of this request is no longer good/);
  t.equal((await answer).headers['sallyport-outcome'], 'unauthenticated');
  t.equal((await client.get(`/approvals/${approval.id}`)).body.status, 'pending');
  t.equal(await waits(client), 0);
});

test('a wait that goes on sends spaces, which proxies take for life, and then the JSON', async (t) => {
  const { client, url } = await startOver(t, new TestJournal(), { hookPulseMs: 5 });
  const early = await ask(client, toolCall({ tool_use_id: 'toolu_0' }));
  const connection = await park(t, url, client, toolCall());
  const { id } = await newest(client);
  await connection.receives('   ');
  t.match(connection.head, /^HTTP\/1\.1 200 OK/);
  for (const header of [
    /content-type: application\/json; charset=utf-8/i,
    /transfer-encoding: chunked/i,
    /cache-control: no-store/i,
    /x-accel-buffering: no/i,
    /x-request-id: request-/i,
  ]) {
    t.match(connection.head, header);
  }
  t.equal(connection.body.trim(), '');
  await decide(client, id, 'approve', 'go');
  await connection.receives('}}');
  t.match(JSON.parse(connection.body), { hookSpecificOutput: { permissionDecision: 'allow' } });
  await decide(client, early.approval.id, 'deny');
  const { status, text } = await early.answer;
  t.equal(status, 200);
  t.match(text, /^ +\{"hookSpecificOutput"/);
  const { text: figures } = await client.get('/metrics');
  t.match(figures, /sallyport_requests_total\{method="POST",route="\/hooks\/claude-code",status="200"\} 2/);
  t.match(figures, /sallyport_hook_answers_total\{route="\/hooks\/claude-code",outcome="approved"\} 1/);
  t.match(figures, /sallyport_hook_answers_total\{route="\/hooks\/claude-code",outcome="denied"\} 1/);
});

test('a client that goes among the spaces takes its question back', async (t) => {
  const { client, url } = await startOver(t, new TestJournal(), { hookPulseMs: 5 });
  const connection = await park(t, url, client, toolCall());
  await connection.receives(' ');
  connection.socket.destroy();
  const { id } = await newest(client);
  t.match(await untilFinal(client, id), { status: 'cancelled' });
});

test('a node that stops says so behind the spaces, too', async (t) => {
  const { client, url, host } = await startOver(t, new TestJournal(), { hookPulseMs: 5 });
  const connection = await park(t, url, client, toolCall());
  await connection.receives(' ');
  await host.stop();
  await connection.receives('restarting');
  t.match(JSON.parse(connection.body), { hookSpecificOutput: { permissionDecision: 'deny' } });
  t.match(await newest(client), { status: 'pending' });
});

test('a client of HTTP/1.0 is sent the same, up to the end of the connection', async (t) => {
  const { client, url } = await startOver(t, new TestJournal(), { hookPulseMs: 5 });
  const connection = new RawConnection(t, url);
  send(connection, toolCall(), '/hooks/codex', '1.0');
  await until(() => /\r\n\r\n +$/.test(connection.received));
  await decide(client, (await newest(client)).id, 'approve');
  await until(() => connection.socket.readableEnded);
  t.match(connection.received, /\r\n\r\n +\{\}$/);
});

test('requests behind a hook on one connection are answered after it', async (t) => {
  const { client, url } = await start(t, MEMORY);
  const connection = await park(t, url, client, toolCall());
  send(connection, toolCall({ hook_event_name: 'Notification' }));
  await decide(client, (await newest(client)).id, 'deny');
  await until(() => connection.received.match(/HTTP\/1\.1 200/g)?.length === 2);
  t.match(connection.received, /"deny"[\s\S]+\{\}/);
});
