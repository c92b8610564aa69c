import { asText, type Facts } from './facts.ts';
import { approvalOf, type LogEvent, type Operation, type OperationKind, type Wrong } from './history.ts';

/** Within which the service promises an answer, and what a busy machine may add, in milliseconds. */
const ANSWER_MS = 5000 + 1000;

/** A request takes no longer to its node, in milliseconds. */
const CROSSING_MS = 100;

/** What may be answered, besides a 503. */
const STATUSES: Record<OperationKind, readonly number[]> = {
  create: [200, 201],
  ask: [200],
  wait: [200],
  read: [200],
  resolve: [200, 202, 409],
  cancel: [200, 409],
  register: [200, 201],
  report: [200, 404],
  unregister: [204, 404],
  notify: [201],
};

export function* checkAnswers(facts: Facts): Generator<Wrong> {
  for (const operation of facts.operations) {
    yield* checkStatus(operation, facts);
    yield* checkTime(operation, facts);
    if (operation.kind === 'read') yield* checkRead(operation, facts);
  }
  for (const what of facts.deaths) {
    yield { rule: 'a node does not end by itself', what, about: null };
  }
  for (const { node, tookMs, code, lastWords } of facts.stops) {
    if (code !== 0 || tookMs > ANSWER_MS) {
      const what = `node ${node} ended with ${code} after ${Math.round(tookMs)} ms: ${lastWords}`;
      yield { rule: 'a node that is told to stop has ended in order within 5 s', what, about: null };
    }
  }
}

function* checkStatus(operation: Operation, facts: Facts): Generator<Wrong> {
  const { kind, answer, about, mark } = operation;
  if (answer === null) return;
  const { status, hasRetryAfter, body } = answer;
  if (status === 503) {
    const isWhole = hasRetryAfter && /^(storage-unavailable|shutting-down)$/.test(body.code);
    if (!isWhole) {
      const what = `${asText(operation)}: ${JSON.stringify(body)}`;
      yield { rule: 'a 503 says why and when to try again', what, about: about ?? mark };
    }
  } else if (status === 404 && wasThere(operation, facts)) {
    const what = `${asText(operation)}, which it knew by ${operation.knownSeq}`;
    yield { rule: 'what is known is not unknown', what, about };
  } else if (status !== 404 && !STATUSES[kind].includes(status)) {
    const what = `${asText(operation)}: ${JSON.stringify(body)}`;
    yield { rule: 'an answer is one of those that there are', what, about: about ?? mark };
  }
}

/** It was open when the request was sent, and nobody has unregistered it since. */
function wasThere({ about, knownSeq }: Operation, { byAgent, byApproval }: Facts): boolean {
  const approval = byApproval.get(about ?? '')?.[0];
  if (approval !== undefined) return approval.seq <= knownSeq;
  const events = byAgent.get(about ?? '') ?? [];
  const before = events.findLast(({ seq }) => seq <= knownSeq);
  const isGone = ({ kind }: LogEvent) => kind === 'agent.unregistered';
  return (
    before !== undefined && !isGone(before) && !events.some((event) => event.seq > knownSeq && isGone(event))
  );
}

function* checkTime(operation: Operation, facts: Facts): Generator<Wrong> {
  const { begunAt, endedAt, timeoutMs, answer, about, mark } = operation;
  const tookMs = endedAt - begunAt - timeoutMs;
  if (
    tookMs > ANSWER_MS &&
    facts.met(operation, ['node stopped', 'node killed', 'node drained']).length === 0
  ) {
    const what = `${asText(operation)}, took ${tookMs} ms besides its own ${timeoutMs} ms`;
    yield { rule: 'nobody waits for longer than 5 s', what, about: about ?? mark };
  } else if (answer === null && tookMs <= ANSWER_MS && !mayBreak(operation, facts)) {
    yield { rule: 'a connection breaks only with its node', what: asText(operation), about: about ?? mark };
  }
}

/**
 * A node that stops in order answers what it had taken, and then nobody listens. A request may cross the end of the
 * connection that it is sent on (RFC 9112, section 9.3.1).
 */
function mayBreak(operation: Operation, facts: Facts): boolean {
  const isNew = facts
    .met(operation, ['node drained'])
    .some(({ begunAt }) => operation.begunAt >= begunAt - CROSSING_MS);
  return isNew || facts.met(operation, ['node killed']).length > 0;
}

/** It is a state that the approval was in, and none from before what it had to include. */
function* checkRead(operation: Operation, { byApproval }: Facts): Generator<Wrong> {
  const { about, answer, isOrdered, knownSeq } = operation;
  if (answer?.status !== 200) return;
  const events = (byApproval.get(about ?? '') ?? []).filter((event) => approvalOf(event) === about);
  const oldest = isOrdered ? events.findLast(({ seq }) => seq <= knownSeq) : events[0];
  const allowed = events.filter(({ seq }) => seq >= (oldest?.seq ?? 0));
  const isRight = allowed.some((event) => statusAfter(event) === answer.body.status);
  if (!isRight) {
    const what = `${asText(operation)}, with at least ${knownSeq}: ${answer.body.status}`;
    yield { rule: 'a read includes what it has to', what, about };
  }
}

function statusAfter({ kind, payload }: LogEvent): string {
  return kind === 'approval.resolve_requested' ? 'pending' : payload.status;
}
