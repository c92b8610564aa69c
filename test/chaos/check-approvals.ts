import { isDeepStrictEqual } from 'node:util';
import { asText, type Facts, grouped } from './facts.ts';
import { isFinal, type LogEvent, type Operation, type Wrong } from './history.ts';

/** Between the clock of the database and that of the test, on one machine, in milliseconds. */
const CLOCKS_MS = 250;

export function* checkApprovals(facts: Facts): Generator<Wrong> {
  for (const [id, events] of facts.byApproval) {
    yield* checkLife(id, events);
    yield* checkExpiry(id, events);
  }
  yield* checkKeys(facts);
  yield* checkTimes(facts);
  yield* checkDecisions(facts);
  yield* checkHistory(facts);
}

function* checkLife(about: string, events: readonly LogEvent[]): Generator<Wrong> {
  const finals = events.filter(isFinal).length;
  const [first, last] = [events[0] as LogEvent, events.at(-1) as LogEvent];
  if (first.kind !== 'approval.requested' || finals !== 1 || !isFinal(last)) {
    const what = `${about} is ${events.map(({ seq, kind }) => `${kind} ${seq}`).join(', ')}`;
    yield { rule: 'an approval has one final status', what, about };
  }
}

function* checkExpiry(about: string, events: readonly LogEvent[]): Generator<Wrong> {
  const rule = 'an approval is decided before it expires and expires after that';
  for (const { payload } of events.filter(isFinal)) {
    const { expires_at, resolved_at, status } = payload;
    if (expires_at === null ? status === 'expired' : (status === 'expired') !== resolved_at >= expires_at) {
      yield { rule, what: `${about} is ${status} at ${resolved_at}, and expires at ${expires_at}`, about };
    }
  }
}

function* checkKeys({ operations, byMark }: Facts): Generator<Wrong> {
  const keyed = operations.filter(({ key, mark }) => key !== null && mark !== null);
  for (const [name, tries] of grouped(keyed, ({ session, key }) => `${session} ${key}`)) {
    const logged = tries.flatMap(({ mark }) => byMark.get(mark ?? '') ?? []).map(({ payload }) => payload.id);
    const ids = new Set([...logged, ...tries.flatMap(idIn)]);
    if (ids.size > 1) {
      const what = `'${name}' has ${[...ids].join(', ')}`;
      yield { rule: 'a key means one approval', what, about: tries[0]?.mark ?? null };
    }
  }
}

function idIn({ answer }: Operation): string[] {
  if (answer === null || answer.status >= 300) return [];
  return [answer.body.approval?.id ?? answer.body.id];
}

/** The clock is the database's, whatever a node believes. */
function* checkTimes({ operations, byMark }: Facts): Generator<Wrong> {
  for (const [mark, tries] of grouped(operations, ({ mark }) => mark)) {
    const event = byMark.get(mark)?.[0];
    const from = Math.min(...tries.map(({ begunAt }) => begunAt)) - CLOCKS_MS;
    const to = Math.max(...tries.map(({ endedAt }) => endedAt)) + CLOCKS_MS;
    if (event === undefined) continue;
    const { created_at, expires_at } = event.payload ?? {};
    const times = [event.timestamp, ...(event.kind === 'approval.requested' ? [created_at] : [])];
    const lasts = tries[0]?.body.expires_in_ms ?? null;
    const isLong = lasts !== null && Date.parse(expires_at) - Date.parse(created_at) !== lasts;
    if (isLong || times.some((time) => !(Date.parse(time) >= from && Date.parse(time) <= to))) {
      const what = `'${mark}' is of ${times.join(', ')}, expires at ${expires_at}, and was sent from ${iso(from)} to ${iso(to)}`;
      yield { rule: 'times are those of the one clock', what, about: mark };
    }
  }
}

function iso(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : String(time);
}

function* checkDecisions(facts: Facts): Generator<Wrong> {
  for (const operation of facts.operations) {
    const { kind, about, answer } = operation;
    if ((kind !== 'resolve' && kind !== 'cancel') || about === null || answer === null) continue;
    if (!fits(operation, facts)) {
      const final = facts.finalOf(about);
      const what = `${asText(operation)} does not fit ${final?.kind} ${final?.seq}: ${JSON.stringify(answer.body).slice(0, 600)}`;
      yield { rule: 'an answer to a decision fits the log', what, about };
    }
  }
}

function fits({ about, mark, answer, session, body }: Operation, facts: Facts): boolean {
  const final = facts.finalOf(about ?? '')?.payload;
  switch (answer?.status) {
    case 200:
      return (
        isDeepStrictEqual(answer.body, final) &&
        final.decided_by.session_id === session &&
        final.comment === mark &&
        final.resolution === (body.resolution ?? null)
      );
    case 202:
      return facts.byMark.get(mark ?? '')?.[0]?.kind === 'approval.resolve_requested';
    case 409:
      return answer.body.code === 'approval-already-final'
        ? isDeepStrictEqual(answer.body.approval, final)
        : answer.body.approval.status === 'pending';
    default:
      return true;
  }
}

function* checkHistory({ endings, byApproval, finalOf }: Facts): Generator<Wrong> {
  const rule = 'every node ends with every approval as the log has it';
  for (const [node, { approvals }] of endings.entries()) {
    for (const approval of approvals) {
      if (!isDeepStrictEqual(approval, finalOf(approval.id)?.payload)) {
        yield { rule, what: `node ${node} has ${approval.id} as ${approval.status}`, about: approval.id };
      }
    }
    const there = new Set(approvals.map(({ id }) => id)).size;
    if (there !== byApproval.size || approvals.length !== there) {
      const what = `node ${node} lists ${approvals.length}, ${there} different ones, of ${byApproval.size}`;
      yield { rule, what, about: null };
    }
  }
}
