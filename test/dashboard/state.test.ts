import { test } from 'tap';
import type { Frame } from '../../src/dashboard/live/messages.ts';
import {
  apply,
  type Changes,
  close,
  EVENTS_CHARS_MAX,
  EVENTS_MAX,
  emptyState,
  framesOf,
  noChanges,
  type State,
} from '../../src/dashboard/live/state.ts';
import type { Agent } from '../../src/model/agent.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { Event } from '../../src/model/event.ts';

function agent(id: string, changes: Partial<Agent> = {}): Agent {
  return {
    id,
    name: id,
    kind: 'k',
    session_id: 's',
    status: 'idle',
    updated_at: 'then',
    ...changes,
  } as Agent;
}

function approval(id: string, changes: Partial<Approval> = {}): Approval {
  return { id, action: 'a', status: 'pending', resolve_requested: null, ...changes } as Approval;
}

function event(seq: number, kind: string, payload: unknown = null, agent_id: string | null = null): Frame {
  const found = { seq, id: `event-${seq}`, timestamp: 'now', kind, agent_id, message: '', payload } as Event;
  return { type: 'event', id: `e-${seq}`, event: found };
}

interface Rows {
  readonly agents?: Agent[];
  readonly approvals?: Approval[];
  readonly more?: boolean;
}

function snapshot(seq: number, { agents = [], approvals = [], more = false }: Rows = {}): Frame {
  const id = more ? '' : `e-${seq}`;
  return { type: 'snapshot', id, snapshot: { seq, more, agents, approvals, events: [] } };
}

function hello(resumed_from: number | null, gap = false): Frame {
  return { type: 'hello', id: '', hello: { seq: 0, resumed_from, gap, session_id: null } };
}

function feed(state: State, ...frames: Frame[]): Changes {
  const changes = noChanges();
  for (const frame of frames) {
    apply(state, frame, changes);
  }
  return changes;
}

function ready(rows: Rows = {}): State {
  const state = emptyState();
  feed(state, hello(null), snapshot(10, rows));
  return state;
}

test('nothing is shown before a whole snapshot is there', async (t) => {
  const state = emptyState();
  feed(state, hello(null), snapshot(10, { approvals: [approval('a')], more: true }));
  t.match(state, { isComplete: false, position: '' });
  t.equal(state.pending.size, 0);
  feed(state, event(11, 'host.notification'));
  t.equal(state.events.length, 0, 'an event before it belongs to nothing');
  const changes = feed(state, snapshot(10, { approvals: [approval('b')], agents: [agent('x')] }));
  t.match(state, { isComplete: true, seq: 10, position: 'e-10' });
  t.strictSame([...state.pending.keys()], ['a', 'b']);
  t.strictSame([...state.agents.keys()], ['x']);
  t.match(changes, { agents: true, pending: true, events: true, arrived: [] });
});

test('an event is taken once, and in order', async (t) => {
  const state = ready();
  const changes = feed(state, event(11, 'a'), event(11, 'a'), event(5, 'a'), event(12, 'b'));
  t.strictSame(
    state.events.map(({ seq }) => seq),
    [11, 12],
  );
  t.match(state, { seq: 12, position: 'e-12' });
  t.match(changes, { events: true, agents: false, pending: false, isBroken: false });
});

test('an event that is missing is noticed, and a snapshot mends it', async (t) => {
  const state = ready();
  t.equal(feed(state, event(13, 'a')).isBroken, true);
  t.equal(state.seq, 10);
  t.equal(feed(state, hello(20)).isBroken, true, 'a stream that goes on from too late');
  t.equal(feed(state, hello(10)).isBroken, false);
  t.equal(feed(state, event(13, 'a'), hello(null, true), snapshot(30)).isBroken, false);
  t.equal(state.seq, 30);
});

test('a snapshot that was cut off is forgotten', async (t) => {
  const state = ready({ approvals: [approval('old')] });
  feed(state, hello(null, true), snapshot(20, { approvals: [approval('half')], more: true }));
  feed(state, hello(null, true), snapshot(21, { approvals: [approval('whole')] }));
  t.strictSame([...state.pending.keys()], ['whole']);
});

test('what a later snapshot brings for the first time has arrived', async (t) => {
  const state = ready({ approvals: [approval('a')] });
  const { arrived } = feed(
    state,
    hello(null, true),
    snapshot(20, { approvals: [approval('a'), approval('b')] }),
  );
  t.strictSame(
    arrived.map(({ id }) => id),
    ['b'],
  );
});

test('approvals come, are passed on, and go', async (t) => {
  const state = ready({ approvals: [approval('a')] });
  const asked = feed(state, event(11, 'approval.requested', approval('b')));
  t.match(asked, { pending: true, arrived: [{ id: 'b' }] });
  const passedOn = {
    approval_id: 'a',
    resolution: 'deny',
    comment: 'no',
    requesting_client_id: 'ui',
    owner_client_id: 'o',
  };
  feed(state, event(12, 'approval.resolve_requested', passedOn));
  t.match(state.pending.get('a'), {
    resolve_requested: { resolution: 'deny', comment: 'no', session_id: 'ui', principal: null, at: 'now' },
  });
  t.strictSame([...state.pending.keys()], ['a', 'b'], 'each stays where it was');
  const unknown = { ...passedOn, approval_id: 'unknown' };
  t.equal(feed(state, event(13, 'approval.resolve_requested', unknown)).pending, false);
  const kinds = ['resolved', 'expired', 'cancelled'];
  for (const [index, kind] of kinds.entries()) {
    feed(state, event(14 + 2 * index, 'approval.requested', approval(kind)));
    const gone = approval(kind, { status: kind as 'resolved' });
    t.match(feed(state, event(15 + 2 * index, `approval.${kind}`, gone)), { left: [{ status: kind }] });
  }
  t.strictSame([...state.pending.keys()], ['a', 'b']);
});

test('an approval that an answer said is final goes at once, and only once', async (t) => {
  const state = ready({ approvals: [approval('a')] });
  const final = approval('a', { status: 'resolved' });
  const changes = noChanges();
  close(state, final, changes);
  t.match(changes, { pending: true, left: [final] });
  t.match(feed(state, event(11, 'approval.resolved', final)), { pending: false, left: [] });
});

test('agents come, report and go', async (t) => {
  const state = ready();
  feed(state, event(11, 'agent.registered', agent('a'), 'a'));
  const { stale } = feed(state, event(12, 'agent.status_changed', agent('a', { status: 'running' }), 'a'));
  t.equal(state.agents.get('a')?.status, 'running');
  t.equal(stale.size, 0);
  feed(state, event(13, 'agent.unregistered', null, 'a'));
  t.equal(state.agents.size, 0);
});

test('an agent whose event carries something else has to be read', async (t) => {
  const state = ready({ agents: [agent('a')] });
  const others = [
    null,
    'text',
    { progress: 3 },
    agent('b'),
    agent('a', { session_id: 'other' }),
    agent('a', { name: 'Somebody else' }),
    { id: 'a', name: 'a', session_id: 's', status: 'running' },
    { id: 'a', name: 'a', session_id: 's' },
  ];
  for (const [index, payload] of others.entries()) {
    const { stale } = feed(state, event(11 + index, 'agent.status_changed', payload, 'a'));
    t.strictSame([...stale], ['a'], JSON.stringify(payload));
  }
  t.equal(state.agents.get('a')?.status, 'idle');
  feed(state, { type: 'agent', id: '', agent: agent('a', { status: 'paused' }) });
  t.equal(state.agents.get('a')?.status, 'paused');
  feed(state, { type: 'agent', id: '', agent: agent('gone') });
  t.notOk(state.agents.has('gone'), 'one that was unregistered meanwhile stays away');
});

test('the newest events are kept, and not more', async (t) => {
  const state = ready();
  let most = 0;
  for (let seq = 11; seq < 11 + 3 * EVENTS_MAX; seq++) {
    feed(state, event(seq, 'k'));
    most = Math.max(most, state.events.length);
  }
  t.ok(most >= EVENTS_MAX && most <= 1.1 * EVENTS_MAX, `${most}`);
  t.equal(state.events.at(-1)?.seq, 10 + 3 * EVENTS_MAX);
});

test('of large events fewer are kept', async (t) => {
  const state = ready();
  const large = { text: 'x'.repeat(EVENTS_CHARS_MAX / 10) };
  for (let seq = 11; seq < 61; seq++) {
    feed(state, event(seq, 'k', large));
    t.ok(state.eventsChars <= 1.1 * EVENTS_CHARS_MAX);
  }
  t.ok(state.events.length >= 9 && state.events.length <= 11, `${state.events.length}`);
  t.equal(state.events.at(-1)?.seq, 60);
  const huge = { text: 'x'.repeat(2 * EVENTS_CHARS_MAX) };
  feed(state, event(61, 'k', huge), event(62, 'k'));
  t.match(state, { seq: 62, events: [{ seq: 62 }] });
  t.equal(state.events.length, 1, 'one that is larger than all there is room for is not kept');
});

test('a state becomes frames that make the same state', async (t) => {
  const agents = Array.from({ length: 700 }, (_, index) => agent(`agent-${index}`));
  const approvals = Array.from({ length: 600 }, (_, index) => approval(`approval-${index}`));
  const state = ready({ agents, approvals });
  feed(state, event(11, 'k'));
  const frames = [...framesOf(state)];
  t.equal(frames.length, 14, 'a tab takes in each of them at once');
  const copy = emptyState();
  feed(copy, ...frames);
  t.strictSame(copy, state);
});

test('whoever comes in the middle of a snapshot gets what there is of it', async (t) => {
  const state = ready({ approvals: [approval('old')] });
  feed(state, hello(null, true), snapshot(20, { approvals: [approval('a')], more: true }));
  const copy = emptyState();
  feed(copy, ...framesOf(state), snapshot(20, { approvals: [approval('b')] }));
  t.strictSame([...copy.pending.keys()], ['a', 'b']);
  t.strictSame([...framesOf(emptyState())], []);
  const empty = emptyState();
  feed(empty, ...framesOf(ready()));
  t.equal(empty.isComplete, true, 'a state without a row is one too');
});
