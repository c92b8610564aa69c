import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { APPROVED, approval, type cut, json, oddServer, text } from '../client/odd-server.ts';
import { start } from '../service.ts';
import { Command, sallyport } from './command.ts';
import { decided } from './decided.ts';

test('ask ends with 0 if a person approves, and says so', async (t) => {
  const service = await start(t);
  const { exit, approval } = await decided(t, service, 'approve');
  t.strictSame(exit, { code: 0, signal: null, stdout: 'approved by test: so be it\n', stderr: '' });
  t.match(approval, { action: 'Deploy?', details: null, agent_id: null, client_id: null, expires_at: null });
});

test('ask ends with 1 if a person denies', async (t) => {
  const { exit } = await decided(t, await start(t), 'deny');
  t.strictSame(exit, { code: 1, signal: null, stdout: 'denied by test: so be it\n', stderr: '' });
});

test('with options, only the one that means yes is 0', async (t) => {
  const service = await start(t);
  const flags = ['Where?', '--option', 'eu', '--option', 'us', '--option', 'none', '--approve-label', 'eu'];
  const yes = await decided(t, service, 'eu', flags);
  t.match(yes.exit, { code: 0, stdout: 'approved by test: so be it\n' });
  t.strictSame(yes.approval.options, ['eu', 'us', 'none']);
  const no = await decided(t, service, 'us', flags);
  t.match(no.exit, { code: 1, stdout: "denied ('us') by test: so be it\n" });
});

test('--json prints the answer as one line', async (t) => {
  const service = await start(t);
  const args = ['Deploy?', '--json', '--agent', 'builder', '--key', 'k1', '--expires', '2d'];
  const { exit, approval } = await decided(t, service, 'approve', args);
  t.equal(exit.code, 0);
  t.equal(exit.stdout.split('\n').length, 2);
  t.match(JSON.parse(exit.stdout), {
    outcome: 'approved',
    approval: { id: approval.id, agent_id: 'builder' },
  });
  const lasts = Date.parse(approval.expires_at) - Date.parse(approval.created_at);
  t.equal(lasts, 2 * 86_400_000);
  const again = await sallyport(t, ['ask', ...args], { url: service.url });
  t.equal(again.stdout, exit.stdout, 'the same key is the same approval');
});

test('details come as JSON, from a file or from standard input', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const cwd = t.testdir({ 'details.json': '{"from":"file"}' });
  const inline = await decided(t, service, 'approve', ['Deploy?', '--details', '[1,"é"]']);
  t.strictSame(inline.approval.details, [1, 'é']);
  const file = await decided(t, service, 'approve', ['Deploy?', '-d', '@details.json'], { cwd });
  t.strictSame(file.approval.details, { from: 'file' });
  const input = { input: '{"from":"input"}' };
  const piped = await decided(t, service, 'approve', ['Deploy?', '--details', '-'], input);
  t.strictSame(piped.approval.details, { from: 'input' });
  writeFileSync(join(cwd, 'text'), 'not JSON');
  for (const [args, message] of [
    [
      ['--details', 'plain'],
      /^sallyport: --details takes JSON, @FILE or -, and this is none: .*A text needs quotes/,
    ],
    [['--details', '@nothing'], /ENOENT/],
    [['--details', '@text'], /not valid JSON/],
    [['--details', '-'], /Unexpected end/],
  ] as const) {
    const exit = await sallyport(t, ['ask', 'Deploy?', ...args], { url: service.url, cwd });
    t.match(exit, { code: 3, stdout: '', stderr: message }, args.join(' '));
  }
});

test('ask ends with 2 when its time is up, and then the approval is final', async (t) => {
  const { url, client } = await start(t);
  const exit = await sallyport(t, ['ask', 'Deploy?', '--timeout', '300ms'], { url });
  t.strictSame(exit, { code: 2, signal: null, stdout: 'expired\n', stderr: '' });
  const { body } = await client.get('/approvals');
  t.match(body, { approvals: [{ status: 'expired' }] });
  const late = await client.post(`/approvals/${body.approvals[0].id}/resolve`, { resolution: 'approve' });
  t.equal(late.status, 409);
});

test('ask ends with 2 when the approval expires or is cancelled, or stays open beyond its time', async (t) => {
  const { url, client } = await start(t);
  t.match(await sallyport(t, ['ask', 'Deploy?', '--expires', '200ms'], { url }), {
    code: 2,
    stdout: 'expired\n',
  });
  const stays = await sallyport(t, ['ask', 'Deploy?', '--timeout', '200ms', '--expires', '1h'], { url });
  t.match(stays, { code: 2, stdout: /^timed out after 0s; approval-\w+ is still pending until 2\d{3}-/ });
  const env = { SALLYPORT_SESSION: 'gate' };
  const asking = new Command(t, ['ask', 'Deploy?', '--key', 'x'], { url, env });
  const same = { action: 'Deploy?', system_level: true };
  const { body } = await client.post('/approvals', same, {
    session: 'gate',
    headers: { 'Idempotency-Key': 'x' },
  });
  await client.post(`/approvals/${body.id}/cancel`, { comment: 'not needed' }, { session: 'gate' });
  t.match(await asking.exited, { code: 2, stdout: 'cancelled by gate: not needed\n' });
});

test('a decision of the last moment decides, however late it is learnt', async (t) => {
  const slow = (request: Parameters<typeof cut>[0]) => setTimeout(() => request.socket.destroy(), 250);
  const final = json({ outcome: 'approved', approval: approval({ ...APPROVED, comment: 'just' }) });
  const odd = await oddServer(t, json(approval()), slow, text('', 502), final);
  t.match(await sallyport(t, ['ask', 'Deploy?', '--timeout', '200ms'], { url: odd.url }), {
    code: 0,
    stdout: 'approved: just\n',
  });
});
