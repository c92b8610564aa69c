import { isDeepStrictEqual } from 'node:util';
import { asText, type Facts, grouped } from './facts.ts';
import { isDone, type Operation, type Wrong } from './history.ts';

export function* checkLog(facts: Facts): Generator<Wrong> {
  yield* checkNumbers(facts);
  yield* checkNodesAgree(facts);
  yield* checkMarks(facts);
  yield* checkAcknowledged(facts);
  yield* checkOrder(facts);
}

function* checkNumbers({ log }: Facts): Generator<Wrong> {
  const rule = 'seq has no gaps';
  for (const [index, { seq }] of log.entries()) {
    if (seq !== index + 1) {
      yield { rule, what: `the event in place ${index + 1} has seq ${seq}`, about: null };
      return;
    }
  }
  if (new Set(log.map(({ id }) => id)).size < log.length) {
    yield { rule, what: 'two events have the same id', about: null };
  }
}

function* checkNodesAgree({ log, endings, retainEvents }: Facts): Generator<Wrong> {
  for (const [node, ending] of endings.entries()) {
    const kept = ending.log.length;
    if (!isDeepStrictEqual(ending.log, log.slice(log.length - kept))) {
      yield { rule: 'all nodes have the same log', what: `node ${node} has another one`, about: null };
    }
    if (kept < Math.min(retainEvents, log.length)) {
      yield { rule: 'the newest events are kept', what: `node ${node} keeps ${kept}`, about: null };
    }
  }
}

function* checkMarks({ byMark }: Facts): Generator<Wrong> {
  for (const [mark, events] of byMark) {
    if (events.length > 1) {
      const places = events.map(({ seq, kind }) => `${kind} ${seq}`).join(', ');
      yield {
        rule: 'a request is in the log at most once',
        what: `'${mark}' is there as ${places}`,
        about: mark,
      };
    }
  }
}

/** Also which event, and by when. */
function* checkAcknowledged({ operations, byMark }: Facts): Generator<Wrong> {
  const rule = 'what was acknowledged is in the log';
  for (const operation of operations) {
    const { mark, answer } = operation;
    if (mark === null || !isDone(operation)) continue;
    const event = byMark.get(mark)?.[0];
    if (event === undefined) {
      yield { rule, what: `${asText(operation)} is not there`, about: mark };
    } else if (answer?.seq !== null && event.seq > Number(answer?.seq)) {
      yield { rule, what: `${asText(operation)} by ${answer?.seq} is there as ${event.seq}`, about: mark };
    }
  }
}

/** What was acknowledged before another request began comes before it. */
function* checkOrder({ operations, byMark }: Facts): Generator<Wrong> {
  const requests = [...grouped(operations, ({ mark }) => mark)].flatMap(([mark, tries]) => {
    const seq = byMark.get(mark)?.[0]?.seq;
    return seq === undefined ? [] : [{ mark, seq, ...timesOf(tries) }];
  });
  const ended = requests
    .filter(({ endedAt }) => Number.isFinite(endedAt))
    .sort((a, b) => a.endedAt - b.endedAt);
  let passed = 0;
  let newest = { seq: 0, mark: '' };
  for (const begun of requests.toSorted((a, b) => a.begunAt - b.begunAt)) {
    for (; passed < ended.length && (ended[passed]?.endedAt ?? 0) < begun.begunAt; passed++) {
      const one = ended[passed];
      if (one !== undefined && one.seq > newest.seq) newest = one;
    }
    if (newest.seq > begun.seq) {
      const what = `'${newest.mark}' was answered before '${begun.mark}' began, and is ${newest.seq}, after ${begun.seq}`;
      yield { rule: 'the log has the order of the answers', what, about: begun.mark };
    }
  }
}

function timesOf(tries: readonly Operation[]): { begunAt: number; endedAt: number } {
  return {
    begunAt: Math.min(...tries.map(({ begunAt }) => begunAt)),
    endedAt: Math.min(...tries.filter(isDone).map(({ endedAt }) => endedAt)),
  };
}
