import { test } from 'tap';
import { Sallyport, SallyportError } from '../../src/client/index.ts';
import { start } from '../service.ts';
import { APPROVED, approval, cut, half, ID, json, oddServer, text } from './odd-server.ts';

test('ask resolves with the decision of a person', async (t) => {
  const { url, client } = await start(t);
  const sallyport = new Sallyport({ url, session: 'gate' });
  const answer = await sallyport.ask(
    { action: 'Deploy?', details: { version: '1.4.2' } },
    {
      onAsked: ({ id, requested_by, client_id }) => {
        t.equal(requested_by?.session_id, 'gate');
        t.equal(client_id, null, 'anybody may decide');
        void client.post(`/approvals/${id}/resolve`, { resolution: 'deny', comment: 'not now' });
      },
    },
  );
  t.match(answer, { outcome: 'denied', approval: { comment: 'not now', details: { version: '1.4.2' } } });
});

test('the same key is the same approval', async (t) => {
  const { url } = await start(t);
  const sallyport = new Sallyport({ url, session: 'gate' });
  const first = await sallyport.requestApproval({ action: 'Deploy?' }, { idempotencyKey: 'k' });
  t.equal((await sallyport.requestApproval({ action: 'Deploy?' }, { idempotencyKey: 'k' })).id, first.id);
  t.not((await sallyport.requestApproval({ action: 'Deploy?' })).id, first.id, 'without one it is another');
  t.match(await sallyport.waitFor(first.id, { timeoutMs: 20 }), { outcome: 'timed_out' });
  await t.rejects(sallyport.requestApproval({ action: 'Other' }, { idempotencyKey: 'k', timeoutMs: 5000 }), {
    name: 'SallyportError',
    status: 422,
    code: 'idempotency-key-reused',
  });
});

test('with a time and no expiry, the approval is final when the time is up', async (t) => {
  const { url, client } = await start(t);
  const { outcome, approval } = await new Sallyport({ url }).ask({ action: 'Deploy?' }, { timeoutMs: 150 });
  t.equal(outcome, 'expired');
  t.match((await client.get(`/approvals/${approval.id}`)).body, { status: 'expired', outcome: 'expired' });
});

test('with a time and an expiry, the approval stays when the time is up', async (t) => {
  const { url, client } = await start(t);
  const question = { action: 'Deploy?', expires_in_ms: 600_000 };
  const { outcome, approval } = await new Sallyport({ url }).ask(question, { timeoutMs: 100 });
  t.equal(outcome, 'timed_out');
  t.equal((await client.get(`/approvals/${approval.id}`)).body.status, 'pending');
});

test('what may go by itself is tried again, with the same key, and joined by its id', async (t) => {
  const odd = await oddServer(
    t,
    text('<h1>Bad Gateway</h1>', 502),
    cut,
    json({ code: 'storage-unavailable', detail: 'wait' }, 503, { 'Retry-After': '0' }),
    json({ code: 'too-many-requests', detail: 'wait' }, 429, { 'Retry-After': '0' }),
    text('', 408),
    text('', 425),
    json(approval()),
    text('', 504),
    half,
    json({ outcome: 'timed_out', approval: approval() }),
    json({ outcome: 'approved', approval: approval(APPROVED) }),
  );
  const retries: string[] = [];
  const wait = `GET /approvals/${ID}/wait?timeout_ms=55000`;
  const { outcome } = await new Sallyport({ url: odd.url }).ask(
    { action: 'Deploy?' },
    { onRetry: ({ code, status }) => retries.push(`${status} ${code}`) },
  );
  t.equal(outcome, 'approved');
  t.strictSame(odd.asked, [...Array(7).fill('POST /approvals'), ...Array(4).fill(wait)]);
  t.strictSame(retries, [
    '502 unexpected-answer',
    '0 unreachable',
    '503 storage-unavailable',
    '429 too-many-requests',
    '408 unexpected-answer',
    '425 unexpected-answer',
    '504 unexpected-answer',
    '0 unreachable',
  ]);
});

test('every try carries the same key', async (t) => {
  const keys: unknown[] = [];
  const noting =
    (answer: ReturnType<typeof json>): ReturnType<typeof json> =>
    (request, response) => {
      keys.push(request.headers['idempotency-key']);
      answer(request, response);
    };
  const odd = await oddServer(t, noting(text('', 502)), noting(json(approval())));
  await new Sallyport({ url: odd.url }).requestApproval({ action: 'Deploy?' });
  t.equal(keys.length, 2);
  t.equal(new Set(keys).size, 1);
  t.match(keys[0], /^[0-9a-f]{32}$/);
});

test('what cannot heal ends it at once', async (t) => {
  const { url } = await start(t);
  const sallyport = new Sallyport({ url });
  await t.rejects(sallyport.ask({ action: '' }), {
    status: 400,
    code: 'validation-failed',
    problem: { errors: [{ field: 'action' }] },
  });
  await t.rejects(sallyport.waitFor('approval-000000000000'), { status: 404, code: 'approval-not-found' });
  const odd = await oddServer(t, text('moved', 301, { Location: 'https://other.example/' }));
  await t.rejects(new Sallyport({ url: odd.url }).ask({ action: 'Deploy?' }), {
    status: 301,
    code: 'unexpected-answer',
    message: /redirects to https:\/\/other\.example\/: use the URL of Sallyport itself$/,
  });
  odd.answers = [text('', 304)];
  await t.rejects(new Sallyport({ url: odd.url }).ask({ action: 'Deploy?' }), { message: /redirects: use/ });
  odd.answers = [text('<h1>Welcome</h1>', 200)];
  await t.rejects(new Sallyport({ url: odd.url }).ask({ action: 'Deploy?' }), { code: 'unexpected-answer' });
  odd.answers = [text('nothing here', 404)];
  await t.rejects(new Sallyport({ url: odd.url }).ask({ action: 'Deploy?' }), {
    status: 404,
    message: /answered 404, and it is not Sallyport that says so$/,
  });
});

test('an answer about another approval, or none, is not taken', async (t) => {
  const other = approval({ ...APPROVED, id: 'approval-000000000000' });
  for (const answer of [{ outcome: 'approved', approval: other }, { outcome: 'approved' }, []]) {
    const odd = await oddServer(t, json(approval()), json(answer));
    await t.rejects(new Sallyport({ url: odd.url }).ask({ action: 'Deploy?' }), {
      code: 'unexpected-answer',
    });
  }
  const odd = await oddServer(t, json({ status: 'ok' }));
  await t.rejects(new Sallyport({ url: odd.url }).ask({ action: 'Deploy?' }), { code: 'unexpected-answer' });
});

test('where nothing answers, it tries until its time is up', async (t) => {
  const odd = await oddServer(t, cut);
  const began = performance.now();
  await t.rejects(new Sallyport({ url: odd.url }).ask({ action: 'Deploy?' }, { timeoutMs: 700 }), {
    name: 'SallyportError',
    status: 0,
    code: 'unreachable',
  });
  t.ok(performance.now() - began >= 699);
  t.ok(odd.asked.length >= 2);
});

test('at the end of its time it learns what has become of the approval', async (t) => {
  const final = (changes: object) => json({ outcome: 'approved', approval: approval(changes) });
  const timedOut = json({ outcome: 'timed_out', approval: approval() });
  const problem = { code: 'approval-already-final', detail: 'final', approval: approval(APPROVED) };
  const ask = (url: string) => new Sallyport({ url }).ask({ action: 'Deploy?' }, { timeoutMs: 60 });
  const slow: ReturnType<typeof json> = (request, response) =>
    setTimeout(() => timedOut(request, response), 70);
  const slower: ReturnType<typeof json> = (request, response) =>
    setTimeout(() => timedOut(request, response), 1600);

  const late = await oddServer(t, json(approval()), slow, final(APPROVED));
  t.equal((await ask(late.url)).outcome, 'approved', 'a decision of the last moment counts');

  const cancelled = approval({ status: 'cancelled', outcome: 'cancelled' });
  const open = await oddServer(t, json(approval()), slow, slower, text('', 502), json(cancelled));
  t.equal((await ask(open.url)).outcome, 'cancelled', 'what has not expired is cancelled');
  t.equal(open.asked.at(-1), `POST /approvals/${ID}/cancel`);

  const raced = await oddServer(t, json(approval()), slow, slower, json(problem, 409));
  t.equal((await ask(raced.url)).outcome, 'approved', 'unless it was decided just then');

  const cutOff: ReturnType<typeof json> = (request) => setTimeout(() => request.socket.destroy(), 70);
  const back = await oddServer(t, json(approval()), cutOff, final(APPROVED));
  t.equal((await ask(back.url)).outcome, 'approved', 'also after a connection that broke at the end');

  const gone: ReturnType<typeof json> = (request) => setTimeout(() => request.socket.destroy(), 1600);
  const away = await oddServer(t, json(approval()), slow, gone, json(cancelled));
  t.equal((await ask(away.url)).outcome, 'cancelled', 'and where it cannot be asked for a while');

  const confused = await oddServer(t, json(approval()), slow, slower, json(approval()));
  await t.rejects(ask(confused.url), { code: 'unexpected-answer' }, 'what is not final is no answer');
  const refused = await oddServer(
    t,
    json(approval()),
    slow,
    slower,
    json({ code: 'forbidden', detail: 'no' }, 403),
  );
  await t.rejects(ask(refused.url), { code: 'forbidden' });
  const ended = await oddServer(
    t,
    json(approval()),
    slow,
    json({ code: 'unauthenticated', detail: 'no' }, 401),
  );
  await t.rejects(ask(ended.url), { code: 'unauthenticated' });
  const endedBefore = await oddServer(
    t,
    json(approval()),
    json({ code: 'unauthenticated', detail: 'no' }, 401),
  );
  await t.rejects(ask(endedBefore.url), { code: 'unauthenticated' });
  const bare = await oddServer(
    t,
    json(approval()),
    slow,
    slower,
    json({ ...problem, approval: undefined }, 409),
  );
  await t.rejects(ask(bare.url), { code: 'unexpected-answer' }, 'a final approval that is not shown is none');
});

test('it ends with the reason of its signal, at any moment', async (t) => {
  const odd = await oddServer(t, cut);
  const sallyport = new Sallyport({ url: odd.url });
  const reason = new Error('stop');
  await t.rejects(sallyport.ask({ action: 'Deploy?' }, { signal: AbortSignal.abort(reason) }), reason);
  const stop = new AbortController();
  const trying = sallyport.ask(
    { action: 'Deploy?' },
    { signal: stop.signal, onRetry: () => setImmediate(() => stop.abort(reason)) },
  );
  await t.rejects(trying, reason, 'between two tries');
  const stopAtOnce = new AbortController();
  const tryingOnce = sallyport.ask(
    { action: 'Deploy?' },
    { signal: stopAtOnce.signal, onRetry: () => stopAtOnce.abort(reason) },
  );
  await t.rejects(tryingOnce, reason, 'as a try has failed');

  const { url } = await start(t);
  const stopWaiting = new AbortController();
  const waiting = new Sallyport({ url }).ask(
    { action: 'Deploy?' },
    { signal: stopWaiting.signal, onAsked: () => setImmediate(() => stopWaiting.abort(reason)) },
  );
  await t.rejects(waiting, reason, 'while it waits');
});

test('Retry-After is seconds or a date, and at most a minute', async (t) => {
  const problem = { code: 'shutting-down', detail: 'going' };
  const read = async (value: string) => {
    const odd = await oddServer(t, json(problem, 503, { 'Retry-After': value }));
    const error = await new Sallyport({ url: odd.url }).ready().catch((caught) => caught);
    t.ok(error instanceof SallyportError);
    return error.retryAfterMs;
  };
  t.equal(await read('2'), 2000);
  t.equal(await read('7200'), 60_000);
  const inTenSeconds = Number(await read(new Date(Date.now() + 10_000).toUTCString()));
  t.ok(inTenSeconds > 5000 && inTenSeconds <= 10_000, `${inTenSeconds}`);
  t.equal(await read('Mon, 01 Jan 2024 00:00:00 GMT'), 0);
  t.equal(await read('soon'), undefined);
});
