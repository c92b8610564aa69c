import { test } from 'tap';
import type { Recording } from '../../src/host/decision.ts';
import { time } from '../../src/host/decision.ts';
import { encode } from '../../src/host/encode.ts';
import { eventJson } from '../../src/host/journal.ts';
import { by, NOW, someAgent, someApproval } from './samples.ts';

const NEW = { expected: 0, createdSeq: null, key: null };

function recording(recording: Partial<Recording>): Recording {
  return {
    type: 'record',
    outcome: 'changed',
    kind: 'host.notification',
    agentId: null,
    message: 'Hi',
    becomes: { nothing: true },
    ...recording,
  };
}

test('a change is written as the event that every reader gets', (t) => {
  const message = 'Say "no"\n\u2028😀';
  const payload = { text: message, nested: [null, 1.5, {}] };
  const change = encode(recording({ message, payload, agentId: 'worker' }), NOW, NEW);
  t.match(change.id, /^event-[0-9a-f]{12,}$/);
  t.strictSame(JSON.parse(eventJson({ ...change, seq: 42 })), {
    seq: 42,
    id: change.id,
    timestamp: '2026-11-23T10:15:30.123Z',
    kind: 'host.notification',
    agent_id: 'worker',
    message,
    payload,
  });
  t.notMatch(eventJson({ ...change, seq: 42 }), /\n/, 'one line');
  t.hasStrict(change, { kind: 'host.notification', agentId: 'worker', timestamp: NOW, entity: null });
  t.end();
});

test('a payload that is not given is what the subject becomes, or null', (t) => {
  const agent = someAgent();
  const approval = someApproval();
  t.equal(encode(recording({ becomes: { agent } }), NOW, NEW).payload, JSON.stringify(agent));
  t.equal(encode(recording({ becomes: { approval } }), NOW, NEW).payload, JSON.stringify(approval));
  t.equal(encode(recording({}), NOW, NEW).payload, 'null');
  t.equal(encode(recording({ payload: null, becomes: { approval } }), NOW, NEW).payload, 'null');
  t.equal(encode(recording({ payload: false, becomes: { approval } }), NOW, NEW).payload, 'false');
  t.end();
});

test('the journal is told what becomes of an agent', (t) => {
  const agent = someAgent();
  const versions = { expected: 7, createdSeq: null, key: null };
  t.strictSame(encode(recording({ becomes: { agent }, payload: 1 }), NOW, versions).entity, {
    type: 'agent',
    id: 'worker',
    expected: 7,
    state: JSON.stringify(agent),
  });
  t.strictSame(encode(recording({ becomes: { unregistered: 'worker' } }), NOW, versions).entity, {
    type: 'agent',
    id: 'worker',
    expected: 7,
    state: null,
  });
  t.end();
});

test('the journal is told what becomes of an approval', (t) => {
  const key = { id: 'k', request: 'r' };
  const pending = someApproval({ created_at: time(NOW), expires_at: time(NOW + 5) });
  t.strictSame(encode(recording({ becomes: { approval: pending } }), NOW, { ...NEW, key }).entity, {
    type: 'approval',
    id: 'approval-000000000001',
    expected: 0,
    createdSeq: null,
    key,
    state: JSON.stringify(pending),
    status: 'pending',
    createdAt: NOW,
    expiresAt: NOW + 5,
    decidedBy: null,
  });
  const resolved = someApproval({ status: 'resolved', decided_by: by('ui-1', 'ann') });
  const versions = { expected: 9, createdSeq: 3, key: null };
  t.hasStrict(encode(recording({ becomes: { approval: resolved } }), NOW, versions).entity, {
    expected: 9,
    createdSeq: 3,
    createdAt: NOW - 1000,
    status: 'resolved',
    expiresAt: null,
    decidedBy: { session_id: 'ui-1', principal: 'ann' },
  });
  t.end();
});
