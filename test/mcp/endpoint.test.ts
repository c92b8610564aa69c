import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { test } from 'tap';
import { McpProtocolVersion } from '../../src/model/mcp.ts';
import { bearer, startGuarded } from '../access/guarded.ts';
import type { Answer, Client } from '../client.ts';
import { isProblem } from '../http/problems.ts';
import { start } from '../service.ts';
import { McpClient } from './mcp-client.ts';

function send(client: Client, message: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return client.post('/mcp', message, { session: null, headers });
}

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const CLIENT_INFO = { name: 'a client', version: '1' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT_INFO },
};

/** The JSON-RPC message of the answer. */
function messageIn({ text }: Answer) {
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] as string);
}

test('a message is answered as a stream, a notification is taken', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const pong = await send(client, PING);
  t.match(pong, { status: 200, headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } });
  t.strictSame(messageIn(pong), { jsonrpc: '2.0', id: 1, result: {} });
  const begun = await send(client, INITIALIZE);
  t.match(messageIn(begun).result, { protocolVersion: '2025-06-18', serverInfo: { name: 'sallyport' } });
  t.match(begun.headers['mcp-session-id'], /^[\w-]+$/);
  const taken = await send(client, { jsonrpc: '2.0', method: 'notifications/initialized' });
  t.match(taken, { status: 202, text: '' });
  const unnamed = { ...INITIALIZE.params, clientInfo: { name: '', version: '' } };
  const nameless = await send(client, { ...INITIALIZE, params: unnamed });
  const session = { 'Mcp-Session-Id': nameless.headers['mcp-session-id'] as string };
  t.equal((await send(client, PING, session)).status, 200, 'a client may have no name');
  const newer = { ...INITIALIZE.params, protocolVersion: '2099-01-01' };
  const negotiated = await send(client, { ...INITIALIZE, params: newer });
  t.match(messageIn(negotiated).result, { protocolVersion: '2025-11-25' });
});

test('what is not a message of the protocol is refused by name', async (t) => {
  const { client } = await start(t, { store: 'memory:', maxBodyBytes: 2000 });
  for (const [message, field] of [
    [[PING], 'body'],
    [{}, 'jsonrpc'],
    ['', 'jsonrpc'],
    ['{', 'body'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{}}}', 'body'],
    ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', 'body'],
    [{ ...PING, jsonrpc: '1.0' }, 'jsonrpc'],
    [{ ...PING, id: null }, 'id'],
    [{ ...PING, id: 1.5 }, 'id'],
    [{ ...PING, id: {} }, 'id'],
    ['{"jsonrpc":"2.0","id":1e20,"method":"ping"}', 'id'],
    [{ ...PING, params: { _meta: { 'io.modelcontextprotocol/related-task': 5 } } }, 'params._meta'],
    [{ jsonrpc: '2.0', id: 1 }, 'method'],
    [{ jsonrpc: '2.0', id: 1, result: {} }, 'method'],
    [{ ...PING, method: 5 }, 'method'],
    [{ ...PING, params: [] }, 'params'],
    [{ ...PING, session_id: 'x' }, 'session_id'],
  ] as const) {
    const answer = await send(client, message);
    isProblem(t, answer, 400, 'validation-failed');
    t.equal(answer.body.errors[0].field, field, JSON.stringify(message));
  }
  isProblem(t, await send(client, PING, { 'MCP-Protocol-Version': '1999' }), 400, 'validation-failed', [
    'MCP-Protocol-Version',
  ]);
  t.equal((await send(client, PING, { 'MCP-Protocol-Version': '2025-03-26' })).status, 200);
  isProblem(t, await send(client, { ...PING, params: { a: 'x'.repeat(2000) } }), 413, 'payload-too-large');
  isProblem(t, await send(client, '{}', { 'Content-Type': 'text/plain' }), 415, 'unsupported-media-type');
  for (const method of ['nothing', 'constructor', '__defineGetter__', 'tools', 'resources/list']) {
    t.match(messageIn(await send(client, { ...PING, method })), { id: 1, error: { code: -32601 } });
  }
  t.strictSame((await client.get('/events')).body.events, []);
});

test('what a method cannot take is an error of the protocol that names it', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const info = (clientInfo: unknown) => ({ ...INITIALIZE, params: { ...INITIALIZE.params, clientInfo } });
  const call = (params: unknown) => ({ ...PING, method: 'tools/call', params });
  for (const [message, field] of [
    [{ ...PING, params: { _meta: 5 } }, 'params._meta must be object'],
    [{ ...PING, params: { _meta: { progressToken: 1e20 } } }, 'params._meta.progressToken must be <='],
    [{ ...PING, params: { _meta: { progressToken: {} } } }, 'params._meta.progressToken must be'],
    [{ ...INITIALIZE, params: undefined }, 'params.protocolVersion is required'],
    [info(undefined), 'params.clientInfo is required'],
    [info({ name: 5, version: '1' }), 'params.clientInfo.name must be string'],
    [call(undefined), 'params.name is required'],
    [call({ name: 5 }), 'params.name must be string'],
    [call({ name: 'approve', arguments: 'x' }), 'params.arguments must be object'],
  ] as const) {
    const answer = await send(client, message);
    t.match(answer, { status: 200, headers: { 'content-type': 'text/event-stream' } });
    t.notOk(answer.headers['mcp-session-id']);
    t.match(messageIn(answer), { id: message.id, error: { code: -32602, message: field } });
    const { id: _id, ...notification } = message;
    const taken = await send(client, notification);
    t.match(taken, { status: 202, text: '' }, 'a notification has no answer');
  }
  const silent = await send(client, { ...INITIALIZE, id: undefined });
  t.match(silent, { status: 202, text: '' });
  t.notOk(silent.headers['mcp-session-id']);
});

test('the versions of the protocol are those of the SDK', async (t) => {
  t.strictSame(McpProtocolVersion.enum, SUPPORTED_PROTOCOL_VERSIONS);
});

test('GET and DELETE are 405: nothing is told without a call, and no session is kept', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  for (const method of ['GET', 'DELETE', 'PUT', 'HEAD']) {
    for (const accept of ['text/event-stream', 'application/json']) {
      const answer = await client.call(method, '/mcp', { headers: { Accept: accept } });
      t.match(answer, { status: 405, headers: { allow: 'POST' } });
    }
  }
  t.match(await client.call('DELETE', '/mcp'), { body: { code: 'method-not-allowed' } });
});

test('a wrong argument is an error of the tool that names it', async (t) => {
  const { url, client } = await start(t, { store: 'memory:', maxJsonBytes: 1000 });
  const mcp = await McpClient.connect(t, url);
  for (const [args, field] of [
    [{}, 'action is required'],
    [{ action: '' }, 'action must not'],
    [{ action: 5 }, 'action must be string'],
    [{ action: 'a', options: 'yes' }, 'options must be array'],
    [
      { action: 'a', options: ['yes'], approve_label: 'no' },
      "approve_label 'no' is not one of the options 'yes'",
    ],
    [{ action: 'a', expires_in_ms: 0 }, 'expires_in_ms must be >= 1'],
    [{ action: 'a', idempotency_key: 'a b' }, 'idempotency_key must be'],
    [{ action: 'a', details: 'x'.repeat(1000) }, 'details must not be longer than 1000 characters'],
    [{ action: 'a', agent_id: 'b' }, 'agent_id is not known here'],
    [{ action: 'a', session_id: 'b' }, 'session_id is not known here'],
    [{ action: 'a', system_level: false }, 'system_level is not known here'],
    [{ action: 'a', resolution: 'approve' }, 'resolution is not known here'],
  ] as const) {
    const answer = await mcp.told('request_approval', args);
    t.strictSame(Object.keys(answer).sort(), ['content', 'isError']);
    t.match(answer, { isError: true, content: [{ text: `not approved: ${field}` }] });
    t.match(answer.content[0]?.text, /Do not do it\.$/);
  }
  t.strictSame((await client.get('/approvals')).body.approvals, []);
});

test('a session is of the principal that began it', async (t) => {
  const { client, tokens, create } = await startGuarded(t);
  const begun = await send(client.as(tokens.agent), INITIALIZE);
  const session = { 'Mcp-Session-Id': begun.headers['mcp-session-id'] as string };
  t.equal((await send(client.as(tokens.agent), PING, session)).status, 200);
  const stranger = await create('stranger', 'agent');
  for (const [token, headers] of [
    [stranger, session],
    [tokens.agent, { 'Mcp-Session-Id': 'x' }],
    [tokens.agent, { 'Mcp-Session-Id': '' }],
    [tokens.agent, { 'Mcp-Session-Id': `${session['Mcp-Session-Id']}A` }],
  ] as const) {
    const answer = await send(client.as(token), PING, headers);
    isProblem(t, answer, 404, 'mcp-session-not-found');
  }
  t.equal((await send(client.as(stranger), INITIALIZE, session)).status, 200, 'one that begins has none yet');
});

test('only who may ask and wait gets in', async (t) => {
  const { client, tokens, url } = await startGuarded(t);
  const nobody = await send(client.as(null), PING);
  isProblem(t, nobody, 401, 'unauthenticated');
  t.equal(nobody.headers['www-authenticate'], 'Bearer realm="sallyport"');
  const viewer = await send(client.as(tokens.viewer), PING);
  isProblem(t, viewer, 403, 'forbidden');
  t.match(viewer.body.detail, "'viewer' does not include 'approvals.wait'");
  await t.rejects(McpClient.connect(t, url, tokens.viewer), { code: 403 });
  await t.rejects(McpClient.connect(t, url), { code: 401 });
  for (const role of ['agent', 'operator', 'admin'] as const) {
    const { client: mcp } = await McpClient.connect(t, url, tokens[role]);
    t.strictSame(await mcp.ping(), {});
  }
  t.equal((await fetch(`${url}/mcp`, { method: 'DELETE', headers: bearer(tokens.viewer) })).status, 405);
});
