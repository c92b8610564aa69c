import { test } from 'tap';
import { eventTest } from '../../src/host/event-filter.ts';

test('without kinds and without an agent every event passes', (t) => {
  t.equal(eventTest({ kinds: [], agentId: null }), undefined);
  t.end();
});

test('an event passes if it is of any of the kinds or families, and of the agent', (t) => {
  for (const [kinds, agentId, kind, of, passes] of [
    [[], 'worker', 'agent.registered', 'worker', true],
    [[], 'worker', 'agent.registered', 'other', false],
    [[], 'worker', 'host.notification', null, false],
    [['approval.resolved'], null, 'approval.resolved', null, true],
    [['approval.resolved'], null, 'approval.resolve', null, false],
    [['approval.resolved'], null, 'approval.resolved.x', null, false],
    [['approval'], null, 'approval.resolved', null, false],
    [['approval.*'], null, 'approval.resolved', 'worker', true],
    [['approval.*'], null, 'approval.a.b', 'worker', true],
    [['approval.*'], null, 'approvals', null, false],
    [['approval.*'], null, 'approval', null, false],
    [['a.*'], null, 'b.a.c', null, false],
    [['a.b.*'], null, 'a.b.c', null, true],
    [['a.b.*'], null, 'a.c', null, false],
    [['a', 'b', 'c.*', 'd.*'], null, 'b', null, true],
    [['a', 'b', 'c.*', 'd.*'], null, 'd.e', null, true],
    [['a', 'b', 'c.*', 'd.*'], null, 'e', null, false],
    [['a.*'], 'worker', 'a.b', 'worker', true],
    [['a.*'], 'worker', 'a.b', 'other', false],
    [['a.*'], 'worker', 'b.a', 'worker', false],
    [['a'], 'worker', 'a', null, false],
  ] as const) {
    const name = `${kinds} of ${agentId}: ${kind} of ${of}`;
    t.equal(eventTest({ kinds, agentId })?.({ kind, agentId: of }), passes, name);
  }
  t.end();
});
