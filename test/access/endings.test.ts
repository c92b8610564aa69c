import { dirname } from 'node:path';
import { type Test, test } from 'tap';
import type { Answer } from '../client.ts';
import { isProblem } from '../http/problems.ts';
import { Sallyport } from '../process/sallyport.ts';
import { type Guarded, startGuarded } from './guarded.ts';
import { endOf, openUnder, parked } from './opened.ts';

/** `sallyport token …`, as a process of its own; resolves with its output. */
async function command(t: Test, { file }: Guarded, ...args: string[]): Promise<string> {
  const env = { SALLYPORT_TOKENS_FILE: file.path };
  const cwd = dirname(file.path);
  const exit = await new Sallyport(t, { cwd, args: ['token', ...args], env }).exited;
  t.equal(exit.code, 0, exit.stderr);
  return exit.stdout.trim();
}

function areRefused(t: Test, answers: readonly Answer[]): void {
  for (const answer of answers) {
    isProblem(t, answer, 401, 'unauthenticated');
    t.match(answer.body.detail, 'no longer good');
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="sallyport", error="invalid_token"');
  }
}

test('the command makes, rotates and revokes tokens of a service that runs', async (t) => {
  const service = await startGuarded(t, { maxRefusedPerAddress: 100_000 });
  const { client } = service;
  const others = await openUnder(service, service.as('operator'));
  const ann = client.as(await command(t, service, 'create', '--name', 'ann', '--role', 'agent'));
  await accepted(t, () => ann.get('/agents'));

  const first = await openUnder(service, ann);
  const rotated = client.as(await command(t, service, 'rotate', 'ann'));
  areRefused(t, await endOf(first));
  isProblem(t, await ann.get('/agents'), 401, 'unauthenticated');
  t.equal((await rotated.get('/agents')).status, 200);

  const second = await openUnder(service, rotated);
  await command(t, service, 'revoke', 'ann');
  areRefused(t, await endOf(second));
  const refused = await rotated.get('/agents');
  isProblem(t, refused, 401, 'unauthenticated');
  t.match(refused.body.detail, 'has been revoked');

  t.equal(await parked(service), others.waits.length, 'others stay');
  const { body } = await client.post('/events', { kind: 'still.here' });
  t.equal((await others.stream.seq(body.seq)).kind, 'still.here');
  const { approvals } = (await client.get('/approvals?status=pending')).body;
  t.equal(approvals.length, 6, 'and what was asked for stays');
});

/** Within a second, and without a pause: every try counts as a wrong one. */
async function accepted(t: Test, ask: () => Promise<Answer>): Promise<void> {
  const begunAt = performance.now();
  let answer = await ask();
  while (answer.status === 401 && performance.now() - begunAt < 1000) {
    answer = await ask();
  }
  t.equal(answer.status, 200, 'within a second');
}

test('a token ends when it expires, and all that is open with it', async (t) => {
  const service = await startGuarded(t);
  const { client, clocks, credentials, file } = service;
  const expiresAt = clocks.wall() + 86_400_000;
  const { token } = await file.create({ name: 'ann', role: 'operator', expiresAt });
  await credentials.check();
  const ann = client.as(token);
  const opened = await openUnder(service, ann);
  const others = await openUnder(service, service.as('operator'));
  clocks.jump(86_400_000 - 60_000);
  t.equal((await ann.get('/agents')).status, 200);
  t.equal(await parked(service), 4);
  clocks.jump(60_000);
  const refused = await ann.get('/agents');
  isProblem(t, refused, 401, 'unauthenticated');
  t.match(refused.body.detail, 'expired');
  areRefused(t, await endOf(opened));
  t.equal(await parked(service), others.waits.length, 'others stay');
});

test('what is decided in the same moment as its token ends is answered once', async (t) => {
  const service = await startGuarded(t);
  const { as, client, create, credentials, file } = service;
  const ann = client.as(await create('ann', 'agent'));
  const { body } = await as('operator').post('/approvals', { action: 'a', system_level: true });
  const wait = ann.get(`/approvals/${body.id}/wait`);
  const decided = as('operator').post(`/approvals/${body.id}/resolve`, { resolution: 'approve' });
  await Promise.all([decided, file.revoke('ann').then(() => credentials.check())]);
  const { status } = await wait;
  t.ok(status === 200 || status === 401, `${status}`);
  t.equal(await parked(service), 0);
});
