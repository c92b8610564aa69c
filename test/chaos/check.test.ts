import { test } from 'tap';
import { check } from './check.ts';
import type { Answer } from './history.ts';
import { type SampleHistory, sampleHistory } from './sample-history.ts';

test('a history in which everything fits is right', async (t) => {
  t.strictSame(check(sampleHistory()), []);
});

/** What no node keeps any more. */
const KEPT_AFTER = 2;

/** Changes what was written, and so what every node keeps. */
function inEveryLog(
  history: SampleHistory,
  change: (log: SampleHistory['endings'][number]['log']) => void,
): void {
  change(history.log);
  for (const ending of history.endings) {
    const whole = structuredClone(history.log);
    ending.log.splice(0, Number.POSITIVE_INFINITY, ...whole.slice(KEPT_AFTER));
  }
}

function operation(history: SampleHistory, kind: string, status: number) {
  const found = history.operations.find((one) => one.kind === kind && one.answer?.status === status);
  if (found === undefined) throw new Error(`no ${kind} is answered ${status}`);
  return found as typeof found & { answer: { -readonly [K in keyof Answer]: Answer[K] } };
}

const STREAM = 'a stream is the log, in order, each event once';
const SNAPSHOT = 'a snapshot is the state of its moment';

const PLANTED: readonly [what: string, rule: string, plant: (history: SampleHistory) => void][] = [
  ['an event is missing from the log', 'seq has no gaps', (h) => inEveryLog(h, (log) => log.splice(7, 1))],
  [
    'two events have one id',
    'seq has no gaps',
    (h) => inEveryLog(h, ([a, b]) => a && b && Object.assign(a, { id: b.id })),
  ],
  [
    'a node has another event',
    'all nodes have the same log',
    (h) => Object.assign(h.endings[2]?.log[5] ?? {}, { message: 'other' }),
  ],
  ['a node has forgotten too much', 'the newest events are kept', (h) => h.endings[1]?.log.shift()],
  [
    'a notification is there twice',
    'a request is in the log at most once',
    (h) => inEveryLog(h, (log) => log.push({ ...(log[7] as (typeof log)[number]), seq: 10, id: 'event-10' })),
  ],
  [
    'an acknowledged notification is not there',
    'what was acknowledged is in the log',
    (h) => inEveryLog(h, (log) => Object.assign(log[7] ?? {}, { message: 'of somebody else' })),
  ],
  [
    'an answer names an earlier seq than the event has',
    'what was acknowledged is in the log',
    (h) => Object.assign(operation(h, 'notify', 201).answer, { seq: 7 }),
  ],
  [
    'a later request comes before an answered one',
    'the log has the order of the answers',
    (h) =>
      Object.assign(operation(h, 'create', 201), {
        begunAt: operation(h, 'notify', 201).endedAt + 1,
        endedAt: operation(h, 'notify', 201).endedAt + 2,
      }),
  ],
  [
    'an approval is decided twice',
    'an approval has one final status',
    (h) =>
      inEveryLog(h, (log) =>
        Object.assign(log[8] ?? {}, {
          payload: { ...log[8]?.payload, ...{ id: 'approval-1', expires_at: '2026-11-23T10:00:00.001Z' } },
        }),
      ),
  ],
  [
    'an approval is resolved after it expires',
    'an approval is decided before it expires and expires after that',
    (h) => inEveryLog(h, (log) => Object.assign(log[8]?.payload, { status: 'resolved' })),
  ],
  [
    'an approval expires before its time',
    'an approval is decided before it expires and expires after that',
    (h) =>
      inEveryLog(h, (log) => Object.assign(log[8]?.payload, { resolved_at: '2026-11-23T10:00:00.100Z' })),
  ],
  [
    'a key gives two approvals',
    'a key means one approval',
    (h) =>
      h.operations.push({
        ...operation(h, 'create', 201),
        answer: { status: 200, seq: 9, hasRetryAfter: false, body: { id: 'approval-9' } },
      }),
  ],
  [
    'an event has the time of a wrong clock',
    'times are those of the one clock',
    (h) => inEveryLog(h, (log) => Object.assign(log[7] ?? {}, { timestamp: '2026-11-23T11:00:00.000Z' })),
  ],
  [
    'an approval lasts for another time than was asked for',
    'times are those of the one clock',
    (h) => Object.assign(operation(h, 'ask', 200).body, { expires_in_ms: 5 }),
  ],
  [
    'a decision is acknowledged to a session that has not made it',
    'an answer to a decision fits the log',
    (h) => Object.assign(operation(h, 'resolve', 200), { session: 'other' }),
  ],
  [
    'a refused decision is told another final approval',
    'an answer to a decision fits the log',
    (h) => Object.assign(operation(h, 'resolve', 409).answer.body.approval, { outcome: 'denied' }),
  ],
  [
    'a decision is said to be passed on and is not',
    'an answer to a decision fits the log',
    (h) => Object.assign(operation(h, 'resolve', 409).answer, { status: 202 }),
  ],
  [
    'a node has an approval in another state',
    'every node ends with every approval as the log has it',
    (h) => Object.assign(h.endings[1]?.approvals[0], { status: 'pending' }),
  ],
  [
    'a node has lost an approval',
    'every node ends with every approval as the log has it',
    (h) => h.endings[1]?.approvals.pop(),
  ],
  [
    'a node that is told to stop crashes',
    'a node that is told to stop has ended in order within 5 s',
    (h) => Object.assign(h.stops[0] ?? {}, { code: 1 }),
  ],
  [
    'a node takes long to stop',
    'a node that is told to stop has ended in order within 5 s',
    (h) => Object.assign(h.stops[0] ?? {}, { tookMs: 7000 }),
  ],
  [
    'a node that is told to stop does not answer what it had taken',
    'a connection breaks only with its node',
    (h) => {
      const read = operation(h, 'read', 200);
      Object.assign(read, { answer: null, endedAt: read.begunAt + 300 });
      h.faults.push({ fault: 'node drained', node: 0, begunAt: read.begunAt + 200, endedAt: read.endedAt });
    },
  ],
  ['a node ends by itself', 'a node does not end by itself', (h) => h.deaths.push('node 1 ended by itself')],
  [
    'something goes wrong in the service',
    'an answer is one of those that there are',
    (h) =>
      Object.assign(operation(h, 'wait', 200), {
        answer: { status: 500, seq: null, hasRetryAfter: false, body: {} },
      }),
  ],
  [
    'a 503 does not say when to try again',
    'a 503 says why and when to try again',
    (h) => Object.assign(operation(h, 'notify', 503).answer, { hasRetryAfter: false }),
  ],
  [
    'an agent that is there is unknown',
    'what is known is not unknown',
    (h) =>
      Object.assign(operation(h, 'report', 200), {
        mark: null,
        answer: { status: 404, seq: 5, hasRetryAfter: false, body: {} },
      }),
  ],
  [
    'an approval that is there is unknown',
    'what is known is not unknown',
    (h) => Object.assign(operation(h, 'read', 200).answer, { status: 404 }),
  ],
  [
    'a request hangs',
    'nobody waits for longer than 5 s',
    (h) => Object.assign(operation(h, 'read', 200), { endedAt: operation(h, 'read', 200).begunAt + 7000 }),
  ],
  [
    'a connection breaks although its node lives',
    'a connection breaks only with its node',
    (h) => Object.assign(operation(h, 'read', 200), { answer: null }),
  ],
  [
    'a read is of before what it has to include',
    'a read includes what it has to',
    (h) => Object.assign(operation(h, 'read', 200).answer.body, { status: 'pending' }),
  ],
  [
    'a wait gets another outcome than the log has',
    'a wait gets the final outcome or has timed out',
    (h) => Object.assign(operation(h, 'wait', 200).answer.body, { outcome: 'denied' }),
  ],
  [
    'a wait times out before its time',
    'a wait gets the final outcome or has timed out',
    (h) => {
      const { body } = operation(h, 'wait', 200).answer;
      Object.assign(body, { outcome: 'timed_out', approval: { ...body.approval, status: 'pending' } });
    },
  ],
  [
    'a wait joins the approval of somebody else',
    'a wait gets the final outcome or has timed out',
    (h) => Object.assign(operation(h, 'wait', 200), { about: 'approval-3' }),
  ],
  [
    'a node ends with another status of an agent',
    'an agent ends as its last event says',
    (h) => Object.assign(h.endings[1]?.agents[0], { status: 'idle' }),
  ],
  ['a node has lost an agent', 'an agent ends as its last event says', (h) => h.endings[2]?.agents.pop()],
  [
    'an agent changes before it is registered',
    'only a registered agent changes',
    (h) => inEveryLog(h, (log) => Object.assign(log[3] ?? {}, { kind: 'agent.unregistered' })),
  ],
  [
    'a stream is told of a gap',
    'no stream is told of a gap where there is none',
    (h) => Object.assign(h.readings[0]?.connections[1]?.hello ?? {}, { gap: true }),
  ],
  [
    'a stream is told of a gap before there is one',
    'no stream is told of a gap where there is none',
    (h) => Object.assign(h.floors[0] ?? {}, { at: Number.MAX_SAFE_INTEGER }),
  ],
  [
    'a stream goes on from another place',
    'a stream says where it goes on, or begins with a snapshot',
    (h) => Object.assign(h.readings[0]?.connections[1]?.hello ?? {}, { resumed_from: 1 }),
  ],
  [
    'a stream goes on without a snapshot after a gap',
    'a stream says where it goes on, or begins with a snapshot',
    (h) => Object.assign(h.readings[2]?.connections[1] ?? {}, { snapshot: null }),
  ],
  [
    'a stream that begins anew gets no snapshot',
    STREAM,
    (h) => Object.assign(h.readings[2]?.connections[0] ?? {}, { snapshot: null }),
  ],
  [
    'a stream does not include what it has to',
    STREAM,
    (h) => Object.assign(h.readings[2]?.connections[0] ?? {}, { minSeq: 7 }),
  ],
  ['a snapshot lacks an approval', SNAPSHOT, (h) => h.readings[2]?.connections[0]?.snapshot?.approvals.pop()],
  [
    'a snapshot has an approval that is final',
    SNAPSHOT,
    (h) => h.readings[2]?.connections[0]?.snapshot?.approvals.push(h.endings[0]?.approvals[0]),
  ],
  ['a snapshot lacks an agent', SNAPSHOT, (h) => h.readings[2]?.connections[1]?.snapshot?.agents.pop()],
  ['a snapshot lacks an event', SNAPSHOT, (h) => h.readings[2]?.connections[1]?.snapshot?.events.shift()],
  ['a stream misses an event', STREAM, (h) => h.readings[0]?.connections[0]?.seen.pop()],
  ['a stream misses the newest', STREAM, (h) => h.readings[1]?.connections[1]?.seen.pop()],
  [
    'a stream does not come to the end',
    'a stream comes to the end of the log',
    (h) => {
      h.readings[1]?.connections[1]?.seen.pop();
      Object.assign(h.readings[1]?.connections[1] ?? {}, { lastId: '7f3a9c21-7' });
    },
  ],
  [
    'a stream gets an event twice',
    STREAM,
    (h) =>
      h.readings[0]?.connections[1]?.seen.unshift({
        ...(h.readings[0].connections[0]?.seen.at(-1) as { seq: number; digest: string }),
      }),
  ],
  ['a stream gets events in another order', STREAM, (h) => h.readings[0]?.connections[1]?.seen.reverse()],
  [
    'a stream gets another text',
    STREAM,
    (h) => Object.assign(h.readings[0]?.connections[1]?.seen[0] ?? {}, { digest: 'other' }),
  ],
  [
    'a stream never begins',
    'a stream comes to the end of the log',
    (h) => h.readings[0]?.connections.splice(0),
  ],
];

for (const [what, rule, plant] of PLANTED) {
  test(`the checker complains when ${what}`, async (t) => {
    const history = sampleHistory();
    plant(history);
    const rules = check(history).map((wrong) => wrong.rule);
    t.ok(rules.includes(rule), `of ${JSON.stringify(rules)}`);
  });
}

test('what a fault explains is not wrong', async (t) => {
  const history = sampleHistory();
  const read = operation(history, 'read', 200);
  Object.assign(read, { answer: null, endedAt: read.begunAt + 7000 });
  t.equal(check(history).length, 1);
  history.faults.push({ fault: 'node killed', node: 0, begunAt: read.begunAt, endedAt: read.endedAt });
  t.strictSame(check(history), []);
});
