import { type Test, test } from 'tap';
import { newToken } from '../../src/credentials/token.ts';
import type { Answer } from '../client.ts';
import { EventStream } from '../event-stream.ts';
import { denial, toolCall } from '../hooks/calls.ts';
import { isProblem } from '../http/problems.ts';
import { bearer, type Guarded, ROLES, startGuarded } from './guarded.ts';

const V = 'viewer agent operator admin';
const A = 'agent operator admin';
const O = 'operator admin';
const ADMIN = 'admin';

/** Who may do what, written down a second time: as the documentation says it. */
const WHO: Record<string, string> = {
  'GET /': V,
  'GET /agents': V,
  'POST /agents': A,
  'GET /agents/{id}': V,
  'DELETE /agents/{id}': A,
  'PUT /agents/{id}/status': A,
  'GET /approvals': V,
  'POST /approvals': A,
  'GET /approvals/{id}': V,
  'POST /approvals/{id}/resolve': O,
  'POST /approvals/{id}/cancel': A,
  'GET /approvals/{id}/wait': V,
  'POST /approvals/wait': A,
  'POST /mcp': A,
  'GET /events': V,
  'POST /events': A,
  'GET /events/stream': V,
  'POST /hooks/claude-code': A,
  'POST /hooks/codex': A,
  'GET /sessions': V,
  'GET /me': V,
  'GET /tokens': ADMIN,
  'POST /tokens': ADMIN,
  'GET /tokens/{name}': ADMIN,
  'POST /tokens/{name}/rotate': ADMIN,
  'DELETE /tokens/{name}': ADMIN,
  'GET /metrics': V,
  'GET /docs': V,
  'GET /docs/': V,
  'GET /docs/static/swagger-initializer.js': V,
  'GET /docs/json': V,
  'GET /docs/yaml': V,
  'GET /openapi.json': V,
  'GET /openapi.yaml': V,
  'POST /logout': V,
  'GET /health/live': `nobody ${V}`,
  'GET /health/ready': `nobody ${V}`,
  'GET /login': `nobody ${V}`,
  'GET /login.js': `nobody ${V}`,
  'GET /login.css': `nobody ${V}`,
  'POST /login': `nobody ${V}`,
};

/** Paths, each of one thing that exists for the role, and what it takes to be let in and do something. */
const BODIES: Record<string, object> = {
  'POST /agents': { name: 'n', kind: 'k' },
  'PUT /agents/{id}/status': { status: 'running' },
  'POST /approvals': { action: 'a', system_level: true },
  'POST /approvals/{id}/resolve': { resolution: 'approve' },
  'POST /approvals/wait': { action: 'a', timeout_ms: 0 },
  'POST /mcp': { jsonrpc: '2.0', id: 1, method: 'ping' },
  'POST /tokens': { name: 'new', role: 'viewer' },
  'POST /hooks/claude-code': toolCall(),
  'POST /hooks/codex': toolCall(),
};

/** A hook, which is told in the form of its program; the others of a table. */
const isHook = (operation: string) => operation.includes(' /hooks/');

/** Who is not let in, with what they send. */
async function strangers({
  create,
  credentials,
  file,
  tokens,
}: Guarded): Promise<Record<string, Record<string, string>>> {
  const revoked = await create('revoked', 'admin');
  await file.revoke('revoked');
  await credentials.check();
  const last = tokens.admin.endsWith('0') ? '1' : '0';
  return {
    'no credential': {},
    'a revoked token': bearer(revoked),
    'a token of another service': bearer(newToken()),
    'a token with a wrong checksum': bearer(tokens.admin.slice(0, -1) + last),
    garbage: bearer('garbage'),
    'half a token': bearer(tokens.admin.slice(0, 30)),
    'a token and more': bearer(`${tokens.admin} ${tokens.admin}`),
    'no token': { Authorization: 'Bearer' },
    'an empty header': { Authorization: '' },
    'another scheme': { Authorization: `Basic ${Buffer.from(`admin:${tokens.admin}`).toString('base64')}` },
    'a token without its scheme': { Authorization: tokens.admin },
    'a JWT': bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.'),
    'a cookie that nobody was given': { Cookie: `sallyport=${'A'.repeat(43)}` },
    'an empty cookie': { Cookie: 'sallyport=' },
    'a token as a cookie': { Cookie: `sallyport=${tokens.admin}` },
    'a name that answers to everything': bearer('__proto__'),
  };
}

/** What is there for one operation, as the role: an agent or an approval of its own. */
async function pathOf(operation: string, service: Guarded, session: string, as: string): Promise<string> {
  const path = operation.split(' ')[1] as string;
  const owner = as === 'viewer' || as === 'nobody' ? service.client : service.as(as as 'agent');
  if (path.startsWith('/agents/')) {
    const { body } = await owner.post('/agents', { name: 'n', kind: 'k' }, { session });
    return path.replace('{id}', body.id);
  }
  if (path.includes('{name}')) {
    const name = `of-${as}-${operation.split(' ')[0]}`;
    await service.create(name, 'viewer');
    return path.replace('{name}', name);
  }
  if (path.includes('{id}')) {
    const { body } = await owner.post('/approvals', { action: 'a', system_level: true }, { session });
    return path.replace('{id}', body.id) + (path.endsWith('/wait') ? '?timeout_ms=0' : '');
  }
  return isHook(operation) ? `${path}?wait_ms=0` : path;
}

test('every route lets in those who may, and nobody else', async (t) => {
  const service = await startGuarded(t);
  const { client, url } = service;
  const unknown = client.operations.filter((operation) => !(operation in WHO));
  t.strictSame(unknown, [], 'the table has every operation of the document');
  for (const [operation, who] of Object.entries(WHO)) {
    const method = operation.split(' ')[0] as string;
    for (const as of ['nobody', ...ROLES]) {
      const path = await pathOf(operation, service, 's', as);
      const caller = client.as(as === 'nobody' ? null : service.tokens[as as 'agent']);
      const told = `${operation} as ${as}`;
      if (operation === 'GET /events/stream' && who.includes(as)) {
        const stream = await service.stream(path, bearer(caller.token as string));
        t.equal(stream.status, 200, told);
        stream.close();
        continue;
      }
      const body = operation === 'POST /login' ? { token: service.tokens.agent } : BODIES[operation];
      const call = { session: 's', body };
      const answer = await caller.call(method, path, call);
      if (isHook(operation)) {
        const right = who.split(' ').includes(as)
          ? 'timed_out'
          : as === 'nobody'
            ? 'unauthenticated'
            : 'forbidden';
        t.match(answer, { status: 200, headers: { 'sallyport-outcome': right } }, told);
        t.type(denial(answer), 'string', told);
        continue;
      }
      check(t, answer, { as, who, told });
    }
  }
  t.equal((await EventStream.open(`${url}/events/stream`)).status, 401);
});

function check(t: Test, answer: Answer, { as, who, told }: { as: string; who: string; told: string }): void {
  const challenge = answer.headers['www-authenticate'];
  if (who.split(' ').includes(as)) {
    // Whose the thing is, is another question, and has another code.
    t.ok(
      answer.status < 300 || answer.body.code === 'agent-owned-by-another-session',
      `${told}: ${answer.text}`,
    );
  } else if (as === 'nobody') {
    isProblem(t, answer, 401, 'unauthenticated');
    t.equal(challenge, 'Bearer realm="sallyport"', told);
  } else {
    isProblem(t, answer, 403, 'forbidden');
    t.match(answer.body.detail, `the role '${as}' does not include`, told);
    t.equal(challenge, 'Bearer realm="sallyport", error="insufficient_scope"', told);
  }
}

test('HEAD is allowed to whom GET is', async (t) => {
  const service = await startGuarded(t);
  for (const [operation, who] of Object.entries(WHO).filter(([name]) => name.startsWith('GET '))) {
    const path = await pathOf(operation, service, 's', 'viewer');
    const isOpen = who.includes('nobody');
    const nobody = await service.client.as(null).call('HEAD', path);
    t.match(nobody, { status: isOpen ? 200 : 401, text: '' }, operation);
    const isOnlyGet = /stream|wait/.test(path);
    const { status } = await service.as(who === ADMIN ? 'admin' : 'viewer').call('HEAD', path);
    t.equal(status, isOnlyGet ? 405 : 200, operation);
  }
});

test('a credential that is not good is good for nothing, and nothing changes', async (t) => {
  const service = await startGuarded(t, { maxRefusedPerAddress: 100_000 });
  const { client } = service;
  const nobody = client.as(null);
  const wrong = await strangers(service);
  const paths = await Promise.all(
    Object.keys(WHO).map((operation) => pathOf(operation, service, 's', 'admin')),
  );
  const before = (await client.get('/events')).body;
  for (const [index, [operation, who]] of Object.entries(WHO).entries()) {
    for (const [name, headers] of Object.entries(wrong)) {
      if (!who.includes('nobody')) {
        const [method = ''] = operation.split(' ');
        const body = BODIES[operation];
        const answer = await nobody.call(method, paths[index] as string, { headers, body, session: 's' });
        if (isHook(operation)) {
          t.equal(answer.headers['sallyport-outcome'], 'unauthenticated', `${operation} with ${name}`);
          t.match(denial(answer), 'Sallyport refused', `${operation} with ${name}`);
          continue;
        }
        isProblem(t, answer, 401, 'unauthenticated');
        const hasToken = ![
          'no credential',
          'another scheme',
          'a token without its scheme',
          'an empty header',
        ].includes(name);
        t.equal(
          answer.headers['www-authenticate'],
          `Bearer realm="sallyport"${hasToken ? ', error="invalid_token"' : ''}`,
          `${operation} with ${name}`,
        );
      }
    }
  }
  t.strictSame((await client.get('/events')).body, before);
});

test('a 401 does not tell what there is', async (t) => {
  const service = await startGuarded(t);
  const { client } = service;
  await client.post('/agents', { id: 'there', name: 'n', kind: 'k' });
  const { body } = await client.post('/approvals', { action: 'a' });
  const nobody = client.as(null);
  const asked: [string, string, object?][] = [
    ['GET', '/agents/there'],
    ['GET', '/agents/nobody'],
    ['GET', `/approvals/${body.id}`],
    ['GET', '/approvals/approval-0123456789ab'],
    ['GET', `/approvals/${body.id}/wait`],
    ['POST', `/approvals/${body.id}/resolve`, { resolution: 'no such option' }],
    ['POST', `/approvals/${body.id}/resolve`, {}],
    ['GET', '/events/stream'],
    ['GET', '/events?limit=0'],
    ['GET', '/'],
    ['GET', '/docs'],
    ['GET', '/docs/static/nothing.js'],
    ['GET', '/nothing'],
    ['GET', '/nothing/at/all'],
    ['POST', '/nothing', {}],
    ['DELETE', '/'],
    ['PATCH', '/agents'],
    ['PUT', '/login', {}],
    ['DELETE', '/health/live'],
    ['OPTIONS', '/agents'],
    ['OPTIONS', '/nothing'],
    ['PROPFIND', '/agents'],
    ['PROPFIND', '/nothing'],
  ];
  const more: Record<string, string>[] = [
    {},
    { 'Sallyport-Min-Seq': '999999' },
    { 'Sallyport-Min-Seq': 'x' },
    { 'Last-Event-ID': 'x' },
    { 'Content-Type': 'text/xml' },
    { 'X-Session-Id': ' ' },
  ];
  const seen = new Set<string>();
  for (const [method, path, content] of asked) {
    for (const headers of more) {
      const { status, text, headers: got } = await nobody.call(method, path, { headers, body: content });
      const { date: _date, 'x-request-id': id, ...rest } = got;
      t.equal(status, 401, `${method} ${path} ${JSON.stringify(headers)}`);
      t.match(id, /^request-/);
      seen.add(JSON.stringify([status, rest, text]));
    }
  }
  t.equal(seen.size, 1, [...seen].join('\n'));
});

test('who has a credential is told what is not there, and which method would be right', async (t) => {
  const { as } = await startGuarded(t);
  const viewer = as('viewer');
  isProblem(t, await viewer.get('/nothing'), 404, 'route-not-found');
  isProblem(t, await viewer.post('/nothing', {}), 404, 'route-not-found');
  isProblem(t, await viewer.get('/agents/nobody'), 404, 'agent-not-found');
  const wrong = await viewer.call('PATCH', '/agents');
  isProblem(t, wrong, 405, 'method-not-allowed');
  t.equal(wrong.headers.allow, 'GET, HEAD, POST');
  isProblem(t, await viewer.call('PUT', '/login', { body: {} }), 405, 'method-not-allowed');
});
