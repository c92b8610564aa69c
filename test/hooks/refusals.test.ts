import { type Test, test } from 'tap';
import { newToken } from '../../src/credentials/token.ts';
import { startGuarded } from '../access/guarded.ts';
import type { Answer, Client } from '../client.ts';
import { startOver, TestJournal, until } from '../http/parts.ts';
import { exchange, request } from '../http/raw.ts';
import { McpClient } from '../mcp/mcp-client.ts';
import { start } from '../service.ts';
import { ask, decide, denial, hook, type Kind, log, permissionRequest, toolCall } from './calls.ts';

const MEMORY = { store: 'memory:' };
const KINDS: readonly Kind[] = ['claude-code', 'codex'];
const EVENTS = [toolCall(), permissionRequest()];

interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  /** What is sent instead of the event's body. */
  readonly body?: (event: Record<string, unknown>) => unknown;
  readonly says: RegExp;
  /** The form of the answer cannot be that of the event: the body does not say which it is. */
  readonly isNameless?: true;
}

const DEEP = '['.repeat(100) + ']'.repeat(100);
const JSON_TYPE = 'Content-Type: application/json';

/** Whatever can be wrong with the request itself. */
const REFUSALS: readonly Refusal[] = [
  {
    name: 'an unknown parameter',
    code: 'validation-failed',
    query: '?tool=Bash',
    says: /tool is not known here/,
  },
  {
    name: 'a wait of a word',
    code: 'validation-failed',
    query: '?wait_ms=long',
    says: /wait_ms must be integer/,
  },
  { name: 'a negative wait', code: 'validation-failed', query: '?wait_ms=-1', says: /wait_ms must be >= 0/ },
  { name: 'no tools', code: 'validation-failed', query: '?tools=', says: /tools must be names of tools/ },
  {
    name: 'odd tools',
    code: 'validation-failed',
    query: '?tools=Bash%20(rm)',
    says: /tools must be names of tools/,
  },
  {
    name: 'an unknown unmatched',
    code: 'validation-failed',
    query: '?unmatched=deny',
    says: /unmatched must be one/,
  },
  { name: 'an unknown event', code: 'validation-failed', query: '?event=Stop', says: /event must be one of/ },
  {
    name: 'a token in the query',
    code: 'validation-failed',
    query: `?token=${newToken()}`,
    says: /token is not known here/,
  },
  {
    name: 'a state that is not there yet',
    code: 'validation-failed',
    headers: { 'Sallyport-Min-Seq': 'x' },
    says: /Sallyport-Min-Seq must be a seq/,
  },
  {
    name: 'another content type',
    code: 'unsupported-media-type',
    headers: { 'Content-Type': 'application/xml' },
    says: /application\/json.+not 'application\/xml'/,
  },
  {
    name: 'what curl says of a body by itself',
    code: 'unsupported-media-type',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    says: /Content-Type: application\/json/,
  },
  {
    name: 'a compressed body',
    code: 'unsupported-media-type',
    headers: { 'Content-Encoding': 'gzip' },
    says: /not compressed/,
  },
  {
    name: 'no body',
    code: 'validation-failed',
    body: () => '',
    says: /hook_event_name is required/,
    isNameless: true,
  },
  {
    name: 'a list',
    code: 'validation-failed',
    body: () => '[]',
    says: /must be an object/,
    isNameless: true,
  },
  {
    name: 'a number',
    code: 'validation-failed',
    body: () => '1',
    says: /must be an object/,
    isNameless: true,
  },
  {
    name: 'null',
    code: 'validation-failed',
    body: () => 'null',
    says: /body must be/,
    isNameless: true,
  },
  {
    name: 'bytes',
    code: 'validation-failed',
    body: () => Buffer.from([255, 0]),
    says: /UTF-8/,
    isNameless: true,
  },
  {
    name: 'half of it',
    code: 'validation-failed',
    body: (event) => JSON.stringify(event).slice(0, -1),
    says: /must be JSON/,
  },
  {
    name: 'a key twice',
    code: 'validation-failed',
    body: (event) => JSON.stringify(event).replace('{', '{"session_id":"other",'),
    says: /a key twice/,
  },
  {
    name: 'deep nesting',
    code: 'validation-failed',
    body: (event) => JSON.stringify(event).replace('"npm test"', DEEP),
    says: /nested deeper/,
  },
  {
    name: 'a number that cannot be shown as it is',
    code: 'validation-failed',
    body: (event) => JSON.stringify(event).replace('"npm test"', '12345678901234567891'),
    says: /12345678901234567891/,
  },
  ...['session_id', 'tool_name', 'tool_input'].map(
    (field): Refusal => ({
      name: `no ${field}`,
      code: 'validation-failed',
      body: (event) => ({ ...event, [field]: undefined }),
      says: new RegExp(`${field} is required`),
    }),
  ),
  ...['', 'a b', 'a\nb', '../..', 'é', 'a'.repeat(117), '‮abc'].map(
    (session_id): Refusal => ({
      name: `the session '${session_id}'`,
      code: 'validation-failed',
      body: (event) => ({ ...event, session_id }),
      says: /session_id must be 1-116 characters/,
    }),
  ),
  ...['', 'a b', '\n', 'x'.repeat(201)].map(
    (tool_name): Refusal => ({
      name: `the tool '${tool_name}'`,
      code: 'validation-failed',
      body: (event) => ({ ...event, tool_name }),
      says: /tool_name must be 1-200 characters/,
    }),
  ),
  ...Object.entries({ session_id: 1, tool_name: [], tool_use_id: {}, cwd: 5, transcript_path: [] }).map(
    ([field, value]): Refusal => ({
      name: `a ${field} of another type`,
      code: 'validation-failed',
      body: (event) => ({ ...event, [field]: value }),
      says: new RegExp(`${field} must be string`),
    }),
  ),
  {
    name: 'an event that is no text',
    code: 'validation-failed',
    body: (event) => ({ ...event, hook_event_name: 1 }),
    says: /hook_event_name must be string/,
    isNameless: true,
  },
  {
    name: 'an input that is too large to be shown',
    code: 'payload-too-large',
    body: (event) => ({ ...event, tool_input: { command: 'x'.repeat(131_072) } }),
    says: /131\d\d\d characters of JSON, and a person is shown 131072 at most/,
  },
  {
    name: 'a body of more than 10 MiB',
    code: 'payload-too-large',
    body: (event) => ({ ...event, more: 'x'.repeat(10 * 1024 * 1024) }),
    says: /larger than 10485760 bytes/,
  },
];

/** The answer is a deny in the form of `event`, with nothing that a client or a cache could take otherwise. */
function isDeny(t: Test, answer: Answer, event: unknown, { name, code, says }: Refusal, kind: Kind): void {
  const told = `${kind}, ${event}: ${name}`;
  t.match(denial(answer), says, `${told}: ${answer.text}`);
  t.equal(answer.body?.hookSpecificOutput?.hookEventName, event, told);
  t.match(
    answer,
    { status: 200, headers: { 'sallyport-outcome': code, 'cache-control': 'no-store', 'x-request-id': /./ } },
    told,
  );
  for (const header of ['retry-after', 'www-authenticate', 'allow', 'location']) {
    t.notHas(answer.headers, header, told);
  }
}

async function areDenied(t: Test, client: Client, refusals: readonly Refusal[]): Promise<void> {
  for (const kind of KINDS) {
    for (const refusal of refusals) {
      for (const event of EVENTS) {
        const { query = '', headers = {}, body = (same: unknown) => same, isNameless } = refusal;
        const answer = await hook(client, body(event), query, kind, { headers });
        isDeny(t, answer, isNameless ? 'PreToolUse' : event.hook_event_name, refusal, kind);
        if (isNameless) {
          const hinted = `${query}${query === '' ? '?' : '&'}event=${event.hook_event_name}`;
          const again = await hook(client, body(event), hinted, kind, { headers });
          isDeny(t, again, event.hook_event_name, refusal, kind);
        }
      }
    }
  }
}

test('a request that is not right is denied in the form of its event, and changes nothing', async (t) => {
  const { client } = await start(t, MEMORY);
  await areDenied(t, client, REFUSALS);
  t.strictSame(await log(client), []);
  const { text } = await client.get('/metrics');
  t.match(text, /sallyport_hook_answers_total\{route="\/hooks\/codex",outcome="validation-failed"\} \d+/);
  t.match(text, /sallyport_requests_total\{method="POST",route="\/hooks\/codex",status="200"\} \d+/);
  t.notMatch(text, /route="\/hooks\/[^"]+",status="[^2]/);
});

test('what an open service does not take from elsewhere is denied', async (t) => {
  const { client } = await start(t, MEMORY);
  const forbidden = (name: string, headers: Record<string, string>, says: RegExp): Refusal => ({
    name,
    code: 'forbidden',
    headers,
    says,
  });
  await areDenied(t, client, [
    forbidden('another host', { Host: 'evil.example' }, /it is for the host 'evil.example'/),
    forbidden('a proxy', { 'X-Forwarded-For': '10.0.0.1' }, /it came through a proxy/),
    forbidden('a page', { Origin: 'https://evil.example' }, /made by a page of 'https:\/\/evil.example'/),
    forbidden('a browser', { 'Sec-Fetch-Site': 'cross-site' }, /made for a page of another origin/),
  ]);
  t.strictSame(await log(client), []);
});

test('who is not let in is denied, and wrong credentials are counted', async (t) => {
  const service = await startGuarded(t, { maxRefusedPerAddress: 20 });
  const { client, as } = service;
  const before = await log(client);
  const nobody: Refusal = { name: 'nobody', code: 'unauthenticated', says: /this needs a credential/ };
  await areDenied(t, client.as(null), [nobody]);
  const viewer: Refusal = { name: 'viewer', code: 'forbidden', says: /does not include 'approvals.wait'/ };
  await areDenied(t, as('viewer'), [viewer]);
  const leaked = newToken();
  const inQuery = {
    name: 'a token',
    code: 'validation-failed',
    query: `?token=${leaked}`,
    says: /hold a credential/,
  };
  await areDenied(t, as('agent'), [inQuery]);
  const wrong = client.as(newToken());
  await areDenied(t, wrong, [{ name: 'wrong', code: 'unauthenticated', says: /./ }]);
  for (let count = 4; count < 20; count++) {
    await hook(wrong, toolCall());
  }
  const often: Refusal = {
    name: 'too often',
    code: 'too-many-requests',
    says: /20 wrong credentials a minute/,
  };
  await areDenied(t, wrong, [often]);
  t.strictSame(await log(client), before);
  t.notOk(JSON.stringify(service.logged).includes(leaked), 'no secret is logged');
});

test('a body that nobody had to read is read no further than it names its event', async (t) => {
  const { client, as } = await startGuarded(t);
  const more = { more: 'x'.repeat(5_000_000) };
  const refusal: Refusal = { name: 'large', code: 'forbidden', says: /does not include/ };
  for (const event of EVENTS) {
    const answer = await hook(as('viewer'), { ...event, ...more });
    isDeny(t, answer, event.hook_event_name, refusal, 'claude-code');
    const last = await hook(as('viewer'), { ...more, ...event });
    isDeny(t, last, 'PreToolUse', refusal, 'claude-code');
  }
  t.strictSame(await log(client), []);
});

test('too many requests, waits or approvals are a deny', async (t) => {
  const service = await start(t, { ...MEMORY, maxWaits: 1, maxPendingPerSession: 1 });
  const { client } = service;
  await hook(client, toolCall(), '?wait_ms=0');
  const pending = await hook(client, toolCall({ tool_use_id: 'toolu_2', tool_input: {} }));
  t.match(denial(pending), /SALLYPORT_MAX_PENDING_PER_SESSION/);
  const parked = hook(client, toolCall());
  const other = () => hook(client, toolCall({ session_id: 'other' }), '?wait_ms=0');
  await until(async () => (await other()).headers['sallyport-outcome'] === 'too-many-requests');
  t.match(denial(await other()), /SALLYPORT_MAX_WAITS/);
  const { body } = await client.get('/approvals?limit=500');
  for (const { id } of body.approvals) {
    await client.post(`/approvals/${id}/resolve`, { resolution: 'deny' });
  }
  t.match(denial(await parked), /denied by/);
});

test('the waits of one principal are counted, however they came', async (t) => {
  const service = await startGuarded(t, { maxWaitsPerPrincipal: 1 });
  const { client } = service;
  const agent = service.as('agent');
  const { approval, answer } = await ask(agent, toolCall(), '', 'claude-code', client);
  const more = await hook(agent, toolCall({ tool_use_id: 'toolu_2' }));
  t.match(
    denial(more),
    /'token:agent' has 1 waits open, as many as SALLYPORT_MAX_WAITS_PER_PRINCIPAL allows/,
  );
  const other = await agent.post('/approvals/wait', { action: 'a' });
  t.equal(other.status, 429);
  const mcp = await McpClient.connect(t, service.url, service.tokens.agent);
  const tool = await mcp.told('request_approval', { action: 'a' });
  t.match(tool.content[0]?.text, /SALLYPORT_MAX_WAITS_PER_PRINCIPAL allows/);
  await decide(client, approval.id, 'deny');
  t.match(denial(await answer), /denied by token:admin/);
});

test('when nothing can be written, and when the service fails, the answer is a deny', async (t) => {
  const journal = new TestJournal();
  const { client, logged } = await startOver(t, journal);
  const { StorageUnavailable } = await import('../../src/host/journal.ts');
  journal.appendError = new StorageUnavailable('the disk is full');
  const says = /the disk is full/;
  await areDenied(t, client, [{ name: 'disk', code: 'storage-unavailable', says }]);
  journal.appendError = new Error('a secret of the inside');
  const inside: Refusal = {
    name: 'a fault',
    code: 'internal-error',
    says: /the service failed on this request/,
  };
  await areDenied(t, client, [inside]);
  t.ok(logged.some(({ msg }) => msg === 'a request failed'));
  journal.appendError = null;
  t.equal((await client.get('/approvals')).body.approvals.length, 0);
  for (const event of ['SessionStart', 'Stop', 'SessionEnd']) {
    journal.appendError = new Error('a secret of the inside');
    t.equal((await hook(client, toolCall({ hook_event_name: event }))).text, '{}');
  }
});

test('a question that is lost before it is waited for is a deny', async (t) => {
  const { client } = await startOver(t, new LosingJournal());
  t.match(denial(await hook(client, toolCall())), /unknown approval 'approval-/);
});

/** Says of an approval that it is written, and does not have it. */
class LosingJournal extends TestJournal {
  override append(change: Parameters<TestJournal['append']>[0]) {
    return change.entity?.type === 'approval' ? Promise.resolve({ seq: 1 }) : super.append(change);
  }
}

test('a path that is nearly one of a hook is a deny; another method is not', async (t) => {
  const { client, url } = await start(t, MEMORY);
  const paths = [
    ['/hooks', 'route-not-found'],
    ['/hooks/', 'route-not-found'],
    ['/hooks/claude', 'route-not-found'],
    ['/hooks/claude-code/', 'route-not-found'],
    ['/hooks/codex/x', 'route-not-found'],
    ['//hooks/claude-code', 'route-not-found'],
    ['/Hooks/claude-code', 'route-not-found'],
    ['/hooks/%ff', 'validation-failed'],
    ['/%68ooks/claude-code?wait_ms=x', 'validation-failed'],
    ['/hooks/c%6Caude-code?tools=', 'validation-failed'],
  ] as const;
  for (const [path, code] of paths) {
    const answer = await client.post(path, permissionRequest());
    isDeny(t, answer, 'PermissionRequest', { name: path, code, says: /./ }, 'claude-code');
  }
  t.equal((await client.post('/hook/claude-code', {})).status, 404);
  t.equal((await client.post('/events?message=/hooks/', {})).status, 400);
  t.equal((await client.get('/hooks/claude-code')).status, 405);
  t.equal((await client.call('GET', '/hooks/nothing')).status, 404);
  const absolute = request(`POST ${url}/hooks/nothing`, ['Content-Length: 0']).replace(
    'localhost',
    new URL(url).host,
  );
  t.match(denial(await exchange(t, url, absolute)), /there is nothing at/);
});

test('what cannot be framed, or is broken on its way, is a deny where its path is known', async (t) => {
  const { url, client } = await start(t, MEMORY);
  const body = JSON.stringify(toolCall());
  const length = `Content-Length: ${body.length}`;
  for (const kind of KINDS) {
    const line = `POST /hooks/${kind}`;
    const hinted = `POST /hooks/${kind}?event=PermissionRequest`;
    const refused = async (bytes: string, event = 'PreToolUse') => {
      const answer = await exchange(t, url, bytes);
      t.match(denial(answer), /Sallyport refused/, bytes);
      t.equal(answer.body.hookSpecificOutput.hookEventName, event, bytes);
      t.equal(answer.headers.connection, 'close');
    };
    await refused(request(line, ['Host: other', JSON_TYPE, length], body));
    await refused(request(hinted, ['Host: other', JSON_TYPE, length], body), 'PermissionRequest');
    await exchange(t, url, request(line, [length], body)).then((answer) => {
      t.match(denial(answer), /Content-Type: application\/json/, 'no type is no JSON');
    });
    const chunked = [JSON_TYPE, 'Transfer-Encoding: chunked'];
    await refused(request(line, chunked, 'no chunk\r\n'));
    await refused(request(hinted, chunked, 'no chunk\r\n'), 'PermissionRequest');
    const tooLong = `${(11 * 1024 * 1024).toString(16)}\r\n${'x'.repeat(11 * 1024 * 1024)}\r\n0\r\n\r\n`;
    const cut = await exchange(t, url, request(hinted, chunked, tooLong));
    t.match(denial(cut), /larger than 10485760 bytes/);
  }
  t.strictSame(await log(client), []);
});

test('a body that does not arrive in time is a deny', async (t) => {
  const timeouts = { requestMs: 100, keepAliveMs: 1000, checkMs: 20 };
  const { url } = await startOver(t, new TestJournal(), { timeouts });
  for (const [query, event] of [
    ['', 'PreToolUse'],
    ['?event=PermissionRequest', 'PermissionRequest'],
  ]) {
    const late = request(`POST /hooks/claude-code${query}`, [JSON_TYPE, 'Content-Length: 100'], '{');
    const answer = await exchange(t, url, late);
    t.match(denial(answer), /did not arrive in time/);
    t.equal(answer.body.hookSpecificOutput.hookEventName, event);
  }
});

test('a refused event that does not ask is no opinion', async (t) => {
  const { client, as } = await startGuarded(t);
  for (const event of ['Stop', 'SessionStart', 'Notification']) {
    const answer = await hook(as('viewer'), toolCall({ hook_event_name: event }));
    t.match(answer, { status: 200, text: '{}', headers: { 'sallyport-outcome': 'forbidden' } });
  }
  t.strictSame(await log(client), []);
});
