import type { Agent } from '../../model/agent.ts';
import type { Approval } from '../../model/approval.ts';
import type { Event } from '../../model/event.ts';
import type { Snapshot } from '../../model/stream.ts';
import type { Frame } from './messages.ts';

/** The newest events that are kept in the page; older ones are read from the service. */
export const EVENTS_MAX = 1000;
/** Rows in one frame of a snapshot that is made here. */
const SNAPSHOT_ROWS = 500;

/** What the page knows. Only `apply` changes it. */
export interface State {
  /** Of the newest event that is in it. */
  seq: number;
  /** Where a stream goes on from; '' before the first complete snapshot. */
  position: string;
  readonly agents: Map<string, Agent>;
  /** In the order in which they were asked. */
  readonly pending: Map<string, Approval>;
  /** Oldest first. */
  events: Event[];
  /** The frames of a snapshot that is not complete yet. */
  staged: Snapshot[];
  /** There has been a complete snapshot. */
  isComplete: boolean;
}

/** What a run of frames has changed. */
export interface Changes {
  agents: boolean;
  pending: boolean;
  events: boolean;
  /** Approvals that were asked just now. */
  arrived: Approval[];
  /** Approvals that were pending and are final. */
  left: Approval[];
  /** Agents whose event did not say how they are now. */
  stale: Set<string>;
  /** An event is missing: only a snapshot helps. */
  isBroken: boolean;
}

export function emptyState(): State {
  return {
    seq: 0,
    position: '',
    agents: new Map(),
    pending: new Map(),
    events: [],
    staged: [],
    isComplete: false,
  };
}

export function noChanges(): Changes {
  return {
    agents: false,
    pending: false,
    events: false,
    arrived: [],
    left: [],
    stale: new Set(),
    isBroken: false,
  };
}

/** Takes in one frame, and notes what that changed. What is known already changes nothing. */
export function apply(state: State, frame: Frame, changes: Changes): void {
  switch (frame.type) {
    case 'hello':
      state.staged = [];
      changes.isBroken ||= (frame.hello.resumed_from ?? 0) > state.seq;
      break;
    case 'snapshot':
      stage(state, frame.snapshot, changes);
      break;
    case 'event':
      take(state, frame.event, changes);
      break;
    case 'agent':
      if (state.agents.has(frame.agent.id)) {
        state.agents.set(frame.agent.id, frame.agent);
        changes.agents = true;
      }
  }
  state.position = frame.id || state.position;
}

/** An approval that this page has seen become final, before the stream says so. */
export function close(state: State, approval: Approval, changes: Changes): void {
  if (state.pending.delete(approval.id)) {
    changes.pending = true;
    changes.left.push(approval);
  }
}

/** The state as frames, for somebody who has none, and what there is of a snapshot that is on its way. */
export function* framesOf(state: State): Generator<Frame> {
  if (state.isComplete) {
    yield* wholeSnapshot(state);
  }
  for (const snapshot of state.staged) {
    yield { type: 'snapshot', id: '', snapshot };
  }
}

function* wholeSnapshot(state: State): Generator<Frame> {
  const { seq, agents, pending, events, position } = state;
  const rows = [
    ...[...agents.values()].map((row) => ({ agents: row })),
    ...[...pending.values()].map((row) => ({ approvals: row })),
    ...events.map((row) => ({ events: row })),
  ];
  for (let from = 0; from === 0 || from < rows.length; from += SNAPSHOT_ROWS) {
    const snapshot: Snapshot = {
      seq,
      more: from + SNAPSHOT_ROWS < rows.length,
      agents: [],
      approvals: [],
      events: [],
    };
    for (const row of rows.slice(from, from + SNAPSHOT_ROWS)) {
      if ('agents' in row) {
        snapshot.agents.push(row.agents);
      } else if ('approvals' in row) {
        snapshot.approvals.push(row.approvals);
      } else {
        snapshot.events.push(row.events);
      }
    }
    yield { type: 'snapshot', id: snapshot.more ? '' : position, snapshot };
  }
}

function stage(state: State, frame: Snapshot, changes: Changes): void {
  state.staged.push(frame);
  if (frame.more) {
    return;
  }
  const frames = state.staged;
  const wasPending = new Set(state.isComplete ? state.pending.keys() : []);
  const isFirst = !state.isComplete;
  state.agents.clear();
  state.pending.clear();
  state.staged = [];
  state.events = [];
  for (const { agents, approvals, events } of frames) {
    for (const agent of agents) {
      state.agents.set(agent.id, agent);
    }
    for (const approval of approvals) {
      state.pending.set(approval.id, approval);
      if (!isFirst && !wasPending.has(approval.id)) {
        changes.arrived.push(approval);
      }
    }
    state.events.push(...events);
  }
  state.seq = frame.seq;
  state.isComplete = true;
  Object.assign(changes, { agents: true, pending: true, events: true, isBroken: false });
}

function take(state: State, event: Event, changes: Changes): void {
  if (!state.isComplete || event.seq <= state.seq) {
    return;
  }
  if (event.seq > state.seq + 1) {
    changes.isBroken = true;
    return;
  }
  state.seq = event.seq;
  state.events.push(event);
  if (state.events.length > EVENTS_MAX + EVENTS_MAX / 10) {
    state.events = state.events.slice(-EVENTS_MAX);
  }
  changes.events = true;
  if (event.kind.startsWith('agent.')) {
    takeAgent(state, event, changes);
  } else if (event.kind.startsWith('approval.')) {
    takeApproval(state, event, changes);
  }
}

function takeAgent(state: State, { kind, agent_id, payload }: Event, changes: Changes): void {
  const id = String(agent_id);
  changes.agents = true;
  if (kind === 'agent.unregistered') {
    state.agents.delete(id);
  } else if (kind === 'agent.registered' || isAgent(payload, state.agents.get(id))) {
    const agent = payload as Agent;
    state.agents.set(agent.id, agent);
  } else {
    changes.stale.add(id);
  }
}

/** A report of a status may carry a payload of its own instead of the agent. */
function isAgent(payload: unknown, known: Agent | undefined): boolean {
  const { id, session_id, name, status, updated_at } = (payload ?? {}) as Partial<Agent>;
  const isSame =
    known !== undefined && id === known.id && session_id === known.session_id && name === known.name;
  return isSame && status !== undefined && updated_at !== undefined;
}

function takeApproval(state: State, { kind, payload, timestamp }: Event, changes: Changes): void {
  if (kind === 'approval.requested') {
    const approval = payload as Approval;
    state.pending.set(approval.id, approval);
    changes.arrived.push(approval);
    changes.pending = true;
  } else if (kind === 'approval.resolve_requested') {
    passOn(state, payload as PassedOn, timestamp, changes);
  } else {
    close(state, payload as Approval, changes);
  }
}

interface PassedOn {
  readonly approval_id: string;
  readonly resolution: string;
  readonly comment: string | null;
  readonly requesting_client_id: string;
}

function passOn(state: State, passedOn: PassedOn, at: string, changes: Changes): void {
  const approval = state.pending.get(passedOn.approval_id);
  if (approval !== undefined) {
    const { resolution, comment, requesting_client_id: session_id } = passedOn;
    const resolve_requested = { resolution, comment, session_id, principal: null, at };
    state.pending.set(approval.id, { ...approval, resolve_requested });
    changes.pending = true;
  }
}
