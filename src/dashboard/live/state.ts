import type { Agent } from '../../model/agent.ts';
import type { Approval } from '../../model/approval.ts';
import type { Event } from '../../model/event.ts';
import type { Snapshot } from '../../model/stream.ts';
import type { Frame } from './messages.ts';

/** The newest events that are kept in the page, and characters of them; older ones are read from the service. */
export const EVENTS_MAX = 1000;
export const EVENTS_CHARS_MAX = 4 * 1024 * 1024;
/** Rows in one frame of a snapshot that is made here: a tab takes it in at once. */
const SNAPSHOT_ROWS = 100;

/** What a snapshot holds. */
export interface Rows {
  readonly seq: number;
  readonly agents: Map<string, Agent>;
  readonly pending: Map<string, Approval>;
  readonly events: Event[];
}

/** What the page knows. Only `apply` changes it. */
export interface State {
  /** Of the newest event that is in it. */
  seq: number;
  /** Where a stream goes on from; '' before the first complete snapshot. */
  position: string;
  agents: Map<string, Agent>;
  /** In the order in which they were asked. */
  pending: Map<string, Approval>;
  /** Oldest first. */
  events: Event[];
  /** Characters of their payloads, about. */
  eventsChars: number;
  /** What there is of a snapshot that is not complete yet: it is large, and comes in parts. */
  staged: Rows | null;
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
  /** A snapshot is complete: nobody tells what happened before it. */
  isAnew: boolean;
}

export function emptyState(): State {
  return {
    seq: 0,
    position: '',
    agents: new Map(),
    pending: new Map(),
    events: [],
    eventsChars: 0,
    staged: null,
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
    isAnew: false,
  };
}

/** Takes in one frame, and notes what that changed. What is known already changes nothing. */
export function apply(state: State, frame: Frame, changes: Changes): void {
  switch (frame.type) {
    case 'hello':
      state.staged = null;
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
    yield* snapshotOf(state, state.position);
  }
  if (state.staged !== null) {
    yield* snapshotOf(state.staged, null);
  }
}

/** `position`: after the last frame; null: more will follow. */
function* snapshotOf({ seq, agents, pending, events }: Rows, position: string | null): Generator<Frame> {
  const left = { agents: [...agents.values()], approvals: [...pending.values()], events: [...events] };
  do {
    let room = SNAPSHOT_ROWS;
    const take = <T>(rows: T[]): T[] => {
      const taken = rows.splice(0, room);
      room -= taken.length;
      return taken;
    };
    const rows = { agents: take(left.agents), approvals: take(left.approvals), events: take(left.events) };
    const more = position === null || left.agents.length + left.approvals.length + left.events.length > 0;
    yield { type: 'snapshot', id: more ? '' : String(position), snapshot: { seq, more, ...rows } };
  } while (left.agents.length + left.approvals.length + left.events.length > 0);
}

function stage(state: State, { seq, more, agents, approvals, events }: Snapshot, changes: Changes): void {
  state.staged ??= { seq, agents: new Map(), pending: new Map(), events: [] };
  const { staged } = state;
  for (const agent of agents) {
    staged.agents.set(agent.id, agent);
  }
  for (const approval of approvals) {
    staged.pending.set(approval.id, approval);
  }
  staged.events.push(...events);
  if (more) {
    return;
  }
  if (state.isComplete) {
    const known = state.pending;
    changes.arrived.push(...[...staged.pending.values()].filter(({ id }) => !known.has(id)));
  }
  Object.assign(state, staged, { staged: null, isComplete: true });
  trimEvents(state);
  Object.assign(changes, { agents: true, pending: true, events: true, isBroken: false, isAnew: true });
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
  state.eventsChars += charsOf(event);
  if (state.events.length > 1.1 * EVENTS_MAX || state.eventsChars > 1.1 * EVENTS_CHARS_MAX) {
    trimEvents(state);
  }
  changes.events = true;
  if (event.kind.startsWith('agent.')) {
    takeAgent(state, event, changes);
  } else if (event.kind.startsWith('approval.')) {
    takeApproval(state, event, changes);
  }
}

/** Keeps the newest of them, as many as there is room for. */
function trimEvents(state: State): void {
  const { events } = state;
  let from = events.length;
  let chars = 0;
  while (from > 0 && events.length - from < EVENTS_MAX) {
    const more = charsOf(events[from - 1] as Event);
    if (chars + more > EVENTS_CHARS_MAX) {
      break;
    }
    chars += more;
    from -= 1;
  }
  state.events = events.slice(from);
  state.eventsChars = chars;
}

function charsOf({ message, payload }: Event): number {
  return message.length + JSON.stringify(payload).length;
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
