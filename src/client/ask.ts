import type { Approval, CreateApproval, WaitAnswer } from './api.ts';
import type { Connection } from './connection.ts';
import { isPassing, SallyportError } from './error.ts';
import { type Persistence, persist } from './persist.ts';
import { randomId } from './random-id.ts';

/** What a person is asked. The approval is system-level: any session may decide it. */
export type Question = Omit<CreateApproval, 'system_level'>;

export interface RequestOptions extends Pick<Persistence, 'signal' | 'onRetry'> {
  /** The same key is the same approval, however often it is asked for; a new one unless given. */
  readonly idempotencyKey?: string | undefined;
  /** For how long to try, and to wait, in milliseconds; without an end unless given. */
  readonly timeoutMs?: number | undefined;
}

export interface WaitOptions extends Omit<RequestOptions, 'idempotencyKey'> {}

export interface AskOptions extends RequestOptions {
  /** The service has the question: the approval as it is, usually pending. */
  readonly onAsked?: ((approval: Approval) => void) | undefined;
}

/** Below the usual 60 s of proxies. */
const WAIT_MS = 55_000;
/** How much longer than it was asked to last a wait may take, until it counts as lost. */
const ANSWER_WITHIN_MS = 15_000;
/** However little time there is: a question that is on its way should not be given up. */
const ANSWER_AT_LEAST_MS = 5000;
/** An approval that expires when its client gives up is given this long to do so, as clocks and networks differ. */
const EXPIRES_WITHIN_MS = 1500;
/** For how long after the end of its time a client tries to learn how it has ended. */
const SETTLED_WITHIN_MS = 30_000;

/**
 * Asks and waits, over any number of connections. With `timeoutMs` and no `expires_in_ms` the approval expires when the
 * time is up, and the answer is final; with both, it may be `timed_out`, and the approval stays.
 */
export async function ask(
  connection: Connection,
  question: Question,
  options: AskOptions = {},
): Promise<WaitAnswer> {
  const { timeoutMs, signal, onRetry } = options;
  const isFinal = timeoutMs !== undefined && (question.expires_in_ms ?? null) === null;
  const persistence = { signal, onRetry, until: end(timeoutMs) };
  const asked = isFinal ? { ...question, expires_in_ms: timeoutMs } : question;
  const { id } = await request(connection, asked, options, persistence).then((approval) => {
    options.onAsked?.(approval);
    return approval;
  });
  if (!isFinal) {
    return wait(connection, id, persistence);
  }
  const answer = await waitIfReachable(connection, id, persistence);
  return answer ?? settle(connection, id, { signal, onRetry, until: end(SETTLED_WITHIN_MS) });
}

export function requestApproval(
  connection: Connection,
  question: Question,
  options: RequestOptions = {},
): Promise<Approval> {
  const { signal, onRetry, timeoutMs } = options;
  return request(connection, question, options, { signal, onRetry, until: end(timeoutMs) });
}

export function waitFor(connection: Connection, id: string, options: WaitOptions = {}): Promise<WaitAnswer> {
  const { signal, onRetry, timeoutMs } = options;
  return wait(connection, id, { signal, onRetry, until: end(timeoutMs) });
}

function end(timeoutMs: number | undefined): number | undefined {
  return timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
}

/** Without the key, an approval whose answer was lost could not be found again. */
function request(
  connection: Connection,
  question: Question,
  { idempotencyKey = randomId() }: RequestOptions,
  persistence: Persistence,
): Promise<Approval> {
  const body = { ...question, system_level: true };
  const headers = { 'Idempotency-Key': idempotencyKey };
  return persist(async (leftMs) => {
    const timeoutMs = Math.min(Math.max(leftMs, ANSWER_AT_LEAST_MS), ANSWER_WITHIN_MS);
    const { signal } = persistence;
    const approval = await connection.json<Approval>('POST', '/approvals', {
      body,
      headers,
      signal,
      timeoutMs,
    });
    return checked(approval, approval.id);
  }, persistence);
}

async function wait(connection: Connection, id: string, persistence: Persistence): Promise<WaitAnswer> {
  const { until = Number.POSITIVE_INFINITY } = persistence;
  const path = `/approvals/${encodeURIComponent(id)}/wait`;
  for (;;) {
    const answer = await persist(async (leftMs) => {
      const waitMs = Math.ceil(Math.min(leftMs, WAIT_MS));
      const query = { timeout_ms: waitMs };
      const timeoutMs = waitMs + ANSWER_WITHIN_MS;
      const found = await connection.json<WaitAnswer>('GET', path, {
        query,
        signal: persistence.signal,
        timeoutMs,
      });
      checked(found.approval, id);
      return found;
    }, persistence);
    if (answer.outcome !== 'timed_out' || performance.now() >= until) {
      return answer;
    }
  }
}

/** Null if it is not final by then, or nobody answers. */
async function waitIfReachable(
  connection: Connection,
  id: string,
  persistence: Persistence,
): Promise<WaitAnswer | null> {
  try {
    const answer = await wait(connection, id, persistence);
    return answer.outcome === 'timed_out' ? null : answer;
  } catch (error) {
    if (isPassing(error)) {
      return null;
    }
    throw error;
  }
}

/** The time is up: the approval ends, and how it has ended is the answer. A decision of the last moment counts. */
async function settle(connection: Connection, id: string, persistence: Persistence): Promise<WaitAnswer> {
  const soon = { ...persistence, until: performance.now() + EXPIRES_WITHIN_MS };
  const answer = await waitIfReachable(connection, id, soon);
  if (answer !== null) {
    return answer;
  }
  const approval = await persist(() => cancel(connection, id, persistence.signal), persistence);
  return { outcome: outcomeOf(approval), approval };
}

/** The approval as it is then: final before, perhaps. */
async function cancel(connection: Connection, id: string, signal?: AbortSignal): Promise<Approval> {
  const body = { comment: 'nobody decided in time' };
  try {
    const path = `/approvals/${encodeURIComponent(id)}/cancel`;
    return checked(await connection.json<Approval>('POST', path, { body, signal }), id);
  } catch (error) {
    const isFinal = error instanceof SallyportError && error.code === 'approval-already-final';
    if (!isFinal) {
      throw error;
    }
    return checked(error.problem?.approval, id);
  }
}

function outcomeOf({ id, outcome }: Approval): WaitAnswer['outcome'] {
  if (outcome === null) {
    throw notItself(`approval '${id}' was to be final, and the service says that it is not`);
  }
  return outcome;
}

function checked(approval: Approval | undefined, id: string): Approval {
  if (typeof id !== 'string' || approval?.id !== id) {
    throw notItself('the answer is of another approval, or of none: is the URL that of Sallyport?');
  }
  return approval;
}

function notItself(detail: string): SallyportError {
  return new SallyportError({ code: 'unexpected-answer', status: 200, detail });
}
