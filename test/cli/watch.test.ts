import { test } from 'tap';
import { without } from '../process/built.ts';
import { start } from '../service.ts';
import { metric, until } from '../streams/publish.ts';
import { Command, sallyport } from './command.ts';

test('watch prints a line for each event, live, filtered', async (t) => {
  const { url, client } = await start(t);
  await client.post('/events', { kind: 'deploy.started', agent_id: 'a1', message: 'go\u001b[2J' });
  const watching = new Command(t, ['watch', '--after', '0', '--kind', 'deploy.*', '--kind', 'approval.*'], {
    url,
  });
  await watching.says(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}1 {2}deploy.started {2}go\\x1b\[2J$/m);
  await client.post('/events', { kind: 'other', message: 'not this' });
  const { body } = await client.post('/approvals', { action: 'Deploy?', system_level: true });
  await watching.says(/ {2}3 {2}approval\.requested {2}Approval requested: Deploy\?$/m);
  await client.post(`/approvals/${body.id}/resolve`, { resolution: 'deny' });
  await watching.says(/ {2}4 {2}approval\.resolved {2}Approval resolved: Deploy\? \(denied\)$/m);
  t.notMatch(watching.stdout, 'not this');
  watching.child.kill('SIGINT');
  t.equal((await watching.exited).signal, 'SIGINT');
});

test('watch begins with the next event, and can be of one agent', async (t) => {
  const service = await start(t);
  const { url, client } = service;
  await client.post('/events', { agent_id: 'a1', message: 'before' });
  const watching = new Command(t, ['watch', '--json', '--agent', 'a1'], { url });
  await until(async () => (await metric(service, 'sallyport_streams')) === 1);
  await client.post('/events', { agent_id: 'a2', message: 'other' });
  await client.post('/events', { agent_id: 'a1', message: 'after' });
  await watching.says(/\n/);
  t.match(JSON.parse(watching.stdout), { seq: 3, message: 'after' });
});

test('watch ends when nobody reads on, and without a word', async (t) => {
  const { url, client } = await start(t);
  await client.post('/events', { message: 'one' });
  const watching = new Command(t, ['watch', '--after', '0'], { url });
  await watching.says(/one/);
  watching.child.stdout?.destroy();
  await client.post('/events', { message: 'two' });
  t.match(await watching.exited, { code: 3, stderr: '' });
});

test('on a terminal what was decided has a colour', { skip: without('script') }, async (t) => {
  const { url, client } = await start(t);
  const { body } = await client.post('/approvals', { action: 'Deploy?', system_level: true });
  await client.post(`/approvals/${body.id}/resolve`, { resolution: 'approve' });
  const watching = new Command(t, ['watch', '--after', '0'], { url, onTerminal: true });
  await watching.says(/resolved/);
  t.match(watching.stdout, '\u001b[32mapproval.resolved  Approval resolved: Deploy? (approved)\u001b[0m');
  const listing = new Command(t, ['approvals', '--status', 'resolved'], { url, onTerminal: true });
  await listing.exited;
  t.match(listing.stdout, '\u001b[2mID');
  t.match(listing.stdout, `\u001b[32m${body.id}`);
});

test('what is wrong with watch is said', async (t) => {
  const { url } = await start(t);
  t.match(await sallyport(t, ['watch', '--after', 'yesterday'], { url }), {
    code: 3,
    stderr: /--after takes the seq/,
  });
  t.match(await sallyport(t, ['watch', '--kind', 'No Kind'], { url }), { code: 3, stderr: /kind/ });
});
