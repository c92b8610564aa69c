import { test } from 'tap';
import { isProblem } from '../http/problems.ts';
import { bearer, startGuarded } from './guarded.ts';

const ORIGIN = 'https://console.example';
const PREFLIGHT = {
  Origin: ORIGIN,
  'Access-Control-Request-Method': 'POST',
  'Access-Control-Request-Headers': 'authorization,content-type,x-session-id',
};

function corsHeaders(headers: object): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'));
}

test('unless it is configured, pages of other origins get nothing', async (t) => {
  const { client, as } = await startGuarded(t);
  const preflight = await client.as(null).call('OPTIONS', '/approvals', { headers: PREFLIGHT });
  isProblem(t, preflight, 401, 'unauthenticated');
  const read = await as('viewer').get('/approvals', { headers: { Origin: ORIGIN } });
  t.equal(read.status, 200);
  t.strictSame([...corsHeaders(preflight.headers), ...corsHeaders(read.headers)], []);
});

test('where it is configured a preflight needs no credential, and gives none away', async (t) => {
  const { client } = await startGuarded(t, { corsOrigins: [ORIGIN] });
  for (const path of ['/approvals', '/events/stream', '/approvals/x/resolve', '/nothing']) {
    const { status, headers } = await client.as(null).call('OPTIONS', path, { headers: PREFLIGHT });
    t.equal(status, 204);
    t.match(headers, {
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization,content-type,x-session-id',
      'access-control-max-age': '600',
      vary: /Origin/,
    });
    t.equal(headers['access-control-allow-credentials'], undefined, 'no cookie goes along');
  }
});

test('what follows the preflight can be read, also when it is refused', async (t) => {
  const { client, as, stream, tokens } = await startGuarded(t, { corsOrigins: [ORIGIN] });
  const headers = { Origin: ORIGIN };
  const answers = [
    await as('agent').post('/events', {}, { headers }),
    await client.as(null).get('/approvals', { headers }),
    await as('viewer').post('/events', {}, { headers }),
    await as('viewer').get('/nothing', { headers }),
    await stream('/events/stream', { ...headers, ...bearer(tokens.viewer) }),
  ];
  t.strictSame(
    answers.map(({ status }) => status),
    [201, 401, 403, 404, 200],
  );
  for (const answer of answers) {
    t.equal(answer.headers['access-control-allow-origin'], ORIGIN);
    t.equal(answer.headers['access-control-allow-credentials'], undefined);
    const exposed = String(answer.headers['access-control-expose-headers']).split(', ');
    const wanted = ['Location', 'Retry-After', 'Sallyport-Seq', 'WWW-Authenticate', 'X-Request-Id'];
    t.strictSame(exposed, wanted);
  }
});

test('an origin that is not configured gets nothing, and other OPTIONS are as before', async (t) => {
  const { client, as } = await startGuarded(t, { corsOrigins: [ORIGIN] });
  const nobody = client.as(null);
  for (const Origin of ['https://evil.example', 'null', `${ORIGIN}.evil.example`, 'http://console.example']) {
    const refused = await nobody.call('OPTIONS', '/approvals', { headers: { ...PREFLIGHT, Origin } });
    isProblem(t, refused, 401, 'unauthenticated');
    t.strictSame(corsHeaders(refused.headers), []);
    const read = await as('viewer').get('/approvals', { headers: { Origin } });
    t.strictSame(corsHeaders(read.headers), []);
  }
  for (const headers of [{}, { Origin: ORIGIN }]) {
    isProblem(t, await nobody.call('OPTIONS', '/approvals', { headers }), 401, 'unauthenticated');
    isProblem(t, await as('viewer').call('OPTIONS', '/approvals', { headers }), 405, 'method-not-allowed');
    isProblem(t, await as('viewer').call('OPTIONS', '/nothing', { headers }), 404, 'route-not-found');
  }
});

test('a page of another origin never acts by a cookie', async (t) => {
  const { client, tokens } = await startGuarded(t, { corsOrigins: [ORIGIN] });
  const nobody = client.as(null);
  const { headers } = await nobody.post('/login', { token: tokens.operator });
  const Cookie = String(headers['set-cookie']).split(';', 1)[0] as string;
  isProblem(t, await nobody.post('/events', {}, { headers: { Cookie, Origin: ORIGIN } }), 403, 'forbidden');
});
