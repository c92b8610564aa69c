import type {
  Answer,
  Connection,
  Ending,
  Fault,
  FloorMove,
  History,
  LogEvent,
  Operation,
  Reading,
  Stop,
} from './history.ts';
import { digestOf } from './reader.ts';

const EPOCH = '7f3a9c21';
const BEGAN = Date.parse('2026-11-23T10:00:00.000Z');

/** A history without a fault, in which everything fits; all of it may be changed. */
export interface SampleHistory extends History {
  readonly operations: Mutable<Operation>[];
  readonly readings: (Reading & { readonly connections: Connection[] })[];
  readonly faults: Fault[];
  readonly deaths: string[];
  readonly stops: Mutable<Stop>[];
  readonly log: Mutable<LogEvent>[];
  readonly floors: Mutable<FloorMove>[];
  readonly endings: {
    log: Mutable<LogEvent>[];
    agents: Ending['agents'][number][];
    approvals: Ending['approvals'][number][];
  }[];
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Three approvals, which are resolved, expired and cancelled, an agent, a notification, and three streams with a break. */
export function sampleHistory(): SampleHistory {
  const approved = approval('approval-1', 'asks 1', 1, null);
  const resolved = final(approved, 'resolved', 'approved', 6, 'decides 1', 'decider', 'approve');
  const brief = approval('approval-2', 'asks 2', 2, 1000);
  const expired = final(brief, 'expired', 'expired', 1010, null, null, null);
  const withdrawn = approval('approval-3', 'asks 3', 3, null);
  const cancelled = final(withdrawn, 'cancelled', 'cancelled', 7, 'takes back 3', 'asker', null);
  const agent = { id: 'agent-1', name: 'lives 1', status: 'idle', current_task: null };
  const running = { ...agent, status: 'running', current_task: 'step 1' };
  const log = [
    event(1, 1, 'approval.requested', 'asked', approved),
    event(2, 2, 'approval.requested', 'asked', brief),
    event(3, 3, 'approval.requested', 'asked', withdrawn),
    event(4, 4, 'agent.registered', 'registered', agent, 'agent-1'),
    event(5, 5, 'agent.status_changed', 'step 1', running, 'agent-1'),
    event(6, 6, 'approval.resolved', 'resolved', resolved),
    event(7, 7, 'approval.cancelled', 'cancelled', cancelled),
    event(8, 8, 'host.notification', 'tells 1', null),
    event(9, 1010, 'approval.expired', 'expired', expired),
  ];
  const operations = [
    sent('create', 1, { mark: 'asks 1', key: 'k1' }, answer(201, 1, approved)),
    sent(
      'ask',
      2,
      { mark: 'asks 2', key: 'k2', timeoutMs: 2000, body: { expires_in_ms: 1000 }, endedAt: BEGAN + 1011 },
      answer(200, 9, { outcome: 'expired', approval: expired }),
    ),
    sent('create', 3, { mark: 'asks 3' }, answer(201, 3, withdrawn)),
    sent('register', 4, { mark: 'lives 1', about: 'agent-1' }, answer(201, 4, agent)),
    sent(
      'report',
      5,
      { mark: 'step 1', about: 'agent-1', knownSeq: 4, body: { status: 'running', current_task: 'step 1' } },
      answer(200, 5, running),
    ),
    sent(
      'resolve',
      6,
      { mark: 'decides 1', about: 'approval-1', session: 'decider', body: { resolution: 'approve' } },
      answer(200, 6, resolved),
    ),
    sent(
      'resolve',
      6,
      { mark: 'decides 2', about: 'approval-1', session: 'decider', body: { resolution: 'deny' } },
      answer(409, 6, { code: 'approval-already-final', approval: resolved }),
    ),
    sent('cancel', 7, { mark: 'takes back 3', about: 'approval-3' }, answer(200, 7, cancelled)),
    sent('notify', 8, { mark: 'tells 1' }, answer(201, 8, {})),
    sent(
      'wait',
      9,
      { about: 'approval-1', timeoutMs: 100 },
      answer(200, 8, { outcome: 'approved', approval: resolved }),
    ),
    sent('read', 9, { about: 'approval-1', knownSeq: 6, isOrdered: true }, answer(200, null, resolved)),
    sent(
      'notify',
      9,
      { mark: 'tells 2' },
      { ...answer(503, 8, { code: 'storage-unavailable' }), hasRetryAfter: true },
    ),
  ];
  const ending = { log: log.slice(2), agents: [running], approvals: [resolved, expired, cancelled] };
  return {
    operations,
    readings: [reading('', log), reading('approval.', log), anew(log, running, withdrawn)],
    faults: [],
    deaths: [],
    stops: [{ node: 0, tookMs: 900, code: 0, lastWords: 'stopped' }],
    log: structuredClone(log),
    floors: [{ floor: 2, at: BEGAN + 8 }],
    retainEvents: 7,
    endings: [ending, structuredClone(ending), structuredClone(ending)],
  };
}

function at(ms: number): string {
  return new Date(BEGAN + ms).toISOString();
}

function approval(id: string, action: string, createdMs: number, lastsMs: number | null) {
  const expires_at = lastsMs === null ? null : at(createdMs + lastsMs);
  const open = {
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    resolved_at: null,
    decided_by: null,
  };
  return { id, client_id: null, action, ...open, created_at: at(createdMs), expires_at };
}

function final(
  before: ReturnType<typeof approval>,
  status: string,
  outcome: string,
  ms: number,
  comment: string | null,
  session: string | null,
  resolution: string | null,
) {
  const decided_by = session === null ? null : { session_id: session, principal: null };
  return { ...before, status, outcome, resolution, comment, resolved_at: at(ms), decided_by };
}

function event(
  seq: number,
  ms: number,
  kind: string,
  message: string,
  payload: unknown,
  agent_id: string | null = null,
): Mutable<LogEvent> {
  return { seq, id: `event-${seq}`, timestamp: at(ms), kind, agent_id, message, payload };
}

function sent(
  kind: Operation['kind'],
  ms: number,
  rest: Partial<Operation>,
  answer: Answer,
): Mutable<Operation> {
  return {
    ...{
      kind,
      node: 0,
      session: 'asker',
      mark: null,
      key: null,
      about: null,
      body: {},
      timeoutMs: 0,
      knownSeq: 0,
    },
    ...{ isOrdered: false, begunAt: BEGAN + ms, endedAt: BEGAN + ms },
    ...rest,
    answer,
  };
}

function answer(status: number, seq: number | null, body: unknown): Answer {
  return { status, seq, hasRetryAfter: false, body: structuredClone(body) };
}

/** It begins after the first event and breaks in the middle. */
function reading(family: string, log: readonly LogEvent[]): SampleHistory['readings'][number] {
  const seen = log
    .filter(({ seq, kind }) => seq > 1 && kind.startsWith(family))
    .map((one) => ({ seq: one.seq, digest: digestOf(one) }));
  const place = seen[1]?.seq as number;
  return {
    name: `reads ${family}`,
    family,
    connections: [
      connection(null, { seq: 1, resumed_from: null, gap: false }, seen.slice(0, 2)),
      connection(`${EPOCH}-${place}`, { seq: 5, resumed_from: place, gap: false }, seen.slice(2)),
    ],
  };
}

/** It begins with a snapshot, and once more as its place is no longer kept. */
function anew(
  log: readonly LogEvent[],
  agent: unknown,
  approval: unknown,
): SampleHistory['readings'][number] {
  const all = log.map((one) => ({ seq: one.seq, digest: digestOf(one) }));
  const snapshot = (seq: number, approvals: unknown[]) => ({
    snapshot: { seq, agents: [agent], approvals, events: all.slice(0, seq) },
  });
  const first = connection(null, { seq: 6, resumed_from: null, gap: false }, all.slice(6, 7));
  const gap = connection(`${EPOCH}-1`, { seq: 8, resumed_from: null, gap: true }, all.slice(8));
  const brief = log[1]?.payload;
  return {
    name: 'begins anew',
    family: '',
    connections: [
      Object.assign(first, { asksSnapshot: true, minSeq: 5 }, snapshot(6, [brief, approval])),
      Object.assign(gap, { helloAt: BEGAN + 9 }, snapshot(8, [brief])),
    ],
  };
}

function connection(
  lastEventId: string | null,
  hello: NonNullable<Connection['hello']>,
  seen: Connection['seen'],
): Connection {
  const lastId = `${EPOCH}-${seen.at(-1)?.seq}`;
  return {
    ...{ node: 0, begunAt: BEGAN, lastEventId, asksSnapshot: false, minSeq: 0, hello, helloAt: BEGAN },
    ...{ snapshot: null, seen, lastId },
  };
}
