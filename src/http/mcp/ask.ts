import type { ServerResponse } from 'node:http';
import type { AskedApproval } from '../../host/commands.ts';
import type { Host } from '../../host/host.ts';
import type { IdempotencyKey } from '../../host/journal.ts';
import type { Wait, WaitEnd } from '../../host/waits.ts';
import type { WaitAnswer } from '../../model/approval.ts';
import type { Actor } from '../../model/session.ts';
import { ProblemError, problemOf } from '../problems.ts';
import type { WaitRoom } from '../wait-room.ts';

export interface Question {
  /** An id for the approval, if there is none yet. */
  readonly newApprovalId: string;
  readonly by: Actor;
  readonly approval: AskedApproval;
  /** Null: nobody could find the approval again, so it is taken back when its wait ends early. */
  readonly key: IdempotencyKey | null;
  readonly response: ServerResponse;
  /** Aborted when nobody waits any more; by a ProblemError if the one who waits may not. */
  readonly gone: AbortSignal;
  /** The approval is there, and is waited for. */
  readonly onAsked: (approvalId: string) => void;
}

/** A day: for how long a question can be answered that only its call could find, unless it or a setting says. */
const WITHOUT_KEY_MS = 86_400_000;

/** What a Node timer can hold, 24 days: the client stays, or it does not. */
const AS_LONG_AS_IT_TAKES_MS = 2 ** 31 - 1;

export const STOPPED_WAITING = 'the agent stopped waiting';
const RESTARTING_WITH_KEY =
  'Sallyport is restarting, and the question stays open; make the same call with the same idempotency_key again in a moment';
const RESTARTING =
  'Sallyport is restarting, and nobody waits for the answer to this question any more; ask again in a moment';
const NO_LONGER_GOOD = 'the credential of this call is no longer good';
const NOBODY_WAITS = 'the call has ended before anybody decided';

/** Asks a person, and waits. Throws a ProblemError when there is no answer: nothing has been approved then. */
export async function ask(host: Host, room: WaitRoom, question: Question): Promise<WaitAnswer> {
  const { by, key, gone, response } = question;
  const { promise, resolve } = Promise.withResolvers<WaitEnd | undefined>();
  room.enter(by.principal, response);
  let id: string;
  let wait: Wait | undefined;
  try {
    const { newApprovalId } = question;
    const asked = withEnd(question, host.defaultExpiresMs);
    const result = await host.execute({ type: 'create-approval', by, id: newApprovalId, asked, key });
    if ('refusal' in result) {
      throw problemOf(result.refusal);
    }
    id = result.id;
    wait = await host.wait(id, AS_LONG_AS_IT_TAKES_MS, resolve);
  } finally {
    room.arrived();
  }
  const leave = () => resolve(undefined);
  gone.addEventListener('abort', leave);
  if (gone.aborted || wait === undefined) {
    leave();
  }
  question.onAsked(id);
  const end = await promise;
  gone.removeEventListener('abort', leave);
  if (end === undefined) {
    await abandon(host, question, id, wait);
  }
  return answerOf(end, question);
}

/** One without a key would be pending for ever if the node of its call were killed: nobody could take it back then. */
function withEnd({ approval, key }: Question, defaultExpiresMs: number | null): AskedApproval {
  return key === null
    ? { ...approval, expires_in_ms: approval.expires_in_ms ?? defaultExpiresMs ?? WITHOUT_KEY_MS }
    : approval;
}

async function abandon(host: Host, { by, key }: Question, id: string, wait: Wait | undefined): Promise<void> {
  if (wait !== undefined) {
    host.endWait(wait);
  }
  if (key === null) {
    const comment = STOPPED_WAITING;
    await host.execute({ type: 'cancel-approval', by, id, comment, asAdministrator: false });
  }
}

function answerOf(end: WaitEnd | undefined, { key, gone }: Question): WaitAnswer {
  switch (end?.type) {
    case 'answer':
      return JSON.parse(end.json);
    case 'shutting-down':
      throw new ProblemError('shutting-down', key === null ? RESTARTING : RESTARTING_WITH_KEY);
    default:
      throw gone.reason instanceof ProblemError
        ? new ProblemError('unauthenticated', NO_LONGER_GOOD)
        : new ProblemError('request-timeout', NOBODY_WAITS);
  }
}
