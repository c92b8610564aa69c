import { join } from 'node:path';
import { type Test, test } from 'tap';
import { encode } from '../../src/host/encode.ts';
import type { Change } from '../../src/host/journal.ts';
import { openJournal } from '../../src/journal/open.ts';
import type { Agent } from '../../src/model/agent.ts';
import {
  agentIn,
  approvalIn,
  approvalOf,
  doneOf,
  kindsOf,
  openHost,
  openMemory,
  refusalIn,
  waitFor,
} from './open-host.ts';
import { ask, by, cancel, NOW, register, resolve, setStatus, someAgent, unregister } from './samples.ts';

const ANN = by('ui-1', 'token:ann');
const BOB = by('ui-1', 'token:bob');
const ROOT = by('root', 'token:root');

function openFile(t: Test, folder: string) {
  return openJournal(`sqlite:${join(folder, 'log.db')}`, {
    retainEvents: 1000,
    retainApprovalsDays: 365,
    onFatal: (error) => t.fail(error.message),
  });
}

/** How an agent was recorded before there were credentials. */
function withoutPrincipal(agent: Agent): Change {
  const { principal, ...before } = agent;
  const recording = {
    type: 'record',
    outcome: 'created',
    kind: 'agent.registered',
    agentId: agent.id,
    message: 'Registered',
    becomes: { agent: before as Agent },
  } as const;
  return encode(recording, NOW, { expected: 0, createdSeq: null, key: null });
}

test('the same name of another principal is not the owner, and does not make the owner connected', async (t) => {
  const { host } = await openHost(t);
  await host.presence.connect(BOB, NOW);
  await host.presence.connect(by('ui-1'), NOW);
  t.hasStrict(agentIn(await host.execute(register('worker', ANN))), {
    session_id: 'ui-1',
    principal: 'token:ann',
    connected: false,
  });
  const approval = approvalIn(await host.execute(ask(ANN)));
  for (const other of [BOB, by('ui-1')]) {
    t.hasStrict(refusalIn(await host.execute(register('worker', other))), { registering: true });
    t.equal(
      refusalIn(await host.execute(resolve(approval.id, other, 'approve'))).code,
      'approval-owner-disconnected',
    );
  }
  t.hasStrict(await host.agent('worker'), { connected: false });

  await host.presence.connect(ANN, NOW);
  t.hasStrict(await host.agent('worker'), { connected: true });
  for (const other of [BOB, by('ui-1')]) {
    const passedOn = await host.execute(resolve(approval.id, other, 'approve'));
    t.equal(doneOf(passedOn).outcome, 'passed-on');
    t.hasStrict(approvalIn(passedOn).resolve_requested, other);
  }
  t.hasStrict(approvalIn(await host.execute(resolve(approval.id, ANN, 'deny'))), { decided_by: ANN });
  t.equal(
    refusalIn(await host.execute(resolve(approval.id, BOB, 'deny'))).code,
    'approval-already-final',
    'the same decision is repeated only by who made it',
  );
});

test('session and principal are in the log: ownership is the same after a restart', async (t) => {
  const folder = t.testdir({});
  const before = await openFile(t, folder);
  const { host: first } = await openHost(t, { journal: before });
  await first.execute(register('worker', ANN));
  const { id } = doneOf(await first.execute(ask(ANN)));
  await first.stop();
  await before.close();

  const journal = await openFile(t, folder);
  t.teardown(() => journal.close());
  const { host } = await openHost(t, { journal });
  t.hasStrict(await host.agent('worker'), { session_id: 'ui-1', principal: 'token:ann' });
  t.hasStrict(refusalIn(await host.execute(unregister('worker', BOB))), { registering: false });
  t.equal(refusalIn(await host.execute(resolve(id, BOB, 'approve'))).code, 'approval-owner-disconnected');
  t.equal(doneOf(await host.execute(setStatus('worker', ANN, { status: 'running' }))).outcome, 'changed');
  t.equal(approvalIn(await host.execute(resolve(id, ANN, 'approve'))).outcome, 'approved');
});

test('an agent from before there were credentials has no principal, at the start and when it comes', async (t) => {
  const folder = t.testdir({});
  const before = await openFile(t, folder);
  await before.boot();
  await before.append(withoutPrincipal(someAgent({ id: 'at-start' })));
  await before.close();

  const journal = await openFile(t, folder);
  t.teardown(() => journal.close());
  const { host } = await openHost(t, { journal });
  await journal.append(withoutPrincipal(someAgent({ id: 'later' })));
  for (const id of ['at-start', 'later']) {
    t.strictSame(await host.agent(id), someAgent({ id, principal: null }));
    await host.presence.connect(by('client-A'), NOW);
    t.hasStrict(await host.agent(id), { connected: true });
    host.presence.disconnect(by('client-A'));
    t.hasStrict(refusalIn(await host.execute(unregister(id, 'client-B'))), { registering: false });
    t.hasStrict(agentIn(await host.execute(setStatus(id, 'client-A', { status: 'idle' }))), {
      principal: null,
    });
    t.hasStrict(agentIn(await host.execute(register(id, ANN))), { principal: 'token:ann' });
  }
});

test('of those with a principal the first one takes what was registered without', async (t) => {
  const { host } = await openHost(t);
  await host.presence.connect(BOB, NOW);
  await host.execute(register('worker', 'ui-1'));
  const [taken, late] = await Promise.all([
    host.execute(register('worker', BOB)),
    host.execute(register('worker', ANN)),
  ]);
  t.equal(doneOf(taken).outcome, 'changed');
  t.hasStrict(agentIn(taken), { principal: 'token:bob', connected: true }, 'the new owner is connected');
  t.hasStrict(refusalIn(late), { registering: true, agent: { principal: 'token:bob' } });
  t.equal(refusalIn(await host.execute(unregister('worker', 'ui-1'))).code, 'agent-owned-by-another-session');
});

test('an approval that was asked for without a principal is decided by anyone with one, and not passed on', async (t) => {
  const { host } = await openHost(t);
  await host.presence.connect(by('ui-1'), NOW);
  const { id } = doneOf(await host.execute(ask('ui-1')));
  const requested = await host.execute(resolve(id, 'ui-2', 'deny'));
  t.equal(doneOf(requested).outcome, 'passed-on');
  t.hasStrict(approvalIn(await host.execute(resolve(id, by('ui-3', 'token:ann'), 'approve'))), {
    outcome: 'approved',
    client_id: 'ui-1',
    decided_by: by('ui-3', 'token:ann'),
    resolve_requested: null,
  });
  t.strictSame(await kindsOf(host), [
    'approval.requested',
    'approval.resolve_requested',
    'approval.resolved',
  ]);
});

test('an administrator ends what a dead owner has left, once', async (t) => {
  const journal = await openMemory(t);
  const { host } = await openHost(t, { journal });
  await host.execute(register('worker', ANN));
  const { id } = doneOf(await host.execute(ask(ANN)));
  const { parked, ended } = waitFor(host, id);
  await parked;
  t.equal(
    refusalIn(await host.execute(cancel(id, ROOT))).code,
    'approval-requested-by-another-session',
    'only as an administrator',
  );
  t.hasStrict(approvalIn(await host.execute(cancel(id, ROOT, 'gone', true))), {
    status: 'cancelled',
    comment: 'gone',
    decided_by: ROOT,
  });
  t.hasStrict(await ended, { outcome: 'cancelled' });
  const again = await host.execute(cancel(id, ROOT, 'again', true));
  t.hasStrict(doneOf(again), { outcome: 'changed', seq: 3 });
  t.strictSame(approvalIn(again), await approvalOf(host, id));

  t.equal(refusalIn(await host.execute(unregister('worker', ROOT))).code, 'agent-owned-by-another-session');
  t.equal(doneOf(await host.execute(unregister('worker', ROOT, true))).json, 'null');
  t.equal(refusalIn(await host.execute(unregister('worker', ROOT, true))).code, 'agent-not-found');
  t.equal(agentIn(await host.execute(register('worker', BOB))).principal, 'token:bob');
  t.strictSame(await kindsOf(host), [
    'agent.registered',
    'approval.requested',
    'approval.cancelled',
    'agent.unregistered',
    'agent.registered',
  ]);
});
